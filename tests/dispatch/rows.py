"""Rows of the dispatch table, as its writers leave them, and the events that open and cancel a delivery."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from delivery_events import Event, new_event
from delivery_events.envelope import rfc3339
from delivery_events.orders import OrderCancelRequested, OrderConfirmed, OrderData, OrderReady

from services.dispatch.places import Point
from services.dispatch.trips import Part, Stop, TripOffer
from services.dispatch.zones import zone_of
from tests.tables import contents, stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

Row = dict[str, Any]

DELIVERY_ID = "3f2b8c1e-9d4a-4e0b-8a57-0c6f1d2e3b4a"
DRIVER, OTHER_DRIVER = "driver-1", "driver-2"
PICKUP, DROPOFF = {"lat": 40.44, "lng": -80.0}, {"lat": 40.45, "lng": -80.0}
ZONE = zone_of(Point(**PICKUP))
NOW = datetime(2026, 1, 5, 18, 40, tzinfo=UTC)
PHOTO_KEY = f"proofs/us-east-1:8f0c7a52-1d0e-4a63-9f1b-2c4d5e6f7a8b/{DELIVERY_ID}.jpg"
OFFER = {
    "offer_id": "offer-1",
    "driver_id": DRIVER,
    "expires_at": rfc3339(NOW + timedelta(seconds=45)),
    "to_pickup_m": 400,
    "to_dropoff_m": 1100,
}


TRIP: dict[str, Any] = {
    "trip_id": "offer-1",
    "position": 1,
    "size": 1,
    "metres": 1500,
    "delivery_ids": [DELIVERY_ID],
    "stops": [
        {
            "stop": "PICKUP",
            "delivery_ids": [DELIVERY_ID],
            "metres": 400,
            "expected_at": rfc3339(NOW + timedelta(minutes=10)),
        },
        {
            "stop": "DROPOFF",
            "delivery_ids": [DELIVERY_ID],
            "metres": 1100,
            "expected_at": rfc3339(NOW + timedelta(minutes=14)),
        },
    ],
    "leaves_at": rfc3339(NOW + timedelta(minutes=8)),
    "ends_at": rfc3339(NOW + timedelta(minutes=15)),
    "pay": {"amount": 490, "currency": "USD"},
}
PAY = {"amount": 490, "currency": "USD"}


def _with(row: Row, changes: Row) -> Row:
    """`row` with `changes`; a value of None removes the attribute."""
    return {name: value for name, value in (row | changes).items() if value is not None}


def searching(delivery_id: str = DELIVERY_ID, **changes: Any) -> Row:
    row = {
        "pk": f"DELIVERY#{delivery_id}",
        "sk": "DELIVERY",
        "delivery_id": delivery_id,
        "order_id": delivery_id,
        "customer_id": "customer-1",
        "merchant_id": "merchant-1",
        "state": "SEARCHING",
        "transition": "order.confirmed",
        "pickup": PICKUP,
        "dropoff": DROPOFF,
        "zone": ZONE,
        "zone_key": ZONE,
        "zone_sk": f"DELIVERY#{delivery_id}",
        "roster": "DELIVERIES",
        "roster_key": f"{rfc3339(NOW)}#{delivery_id}",
        "expected_ready_at": rfc3339(NOW + timedelta(minutes=10)),
        "requested_at": rfc3339(NOW),
        "searching_since": rfc3339(NOW),
        "sequence": 1,
        "occurred_at": rfc3339(NOW),
        "caused_by": "event-1",
    }
    return _with(row, changes)


def offered(delivery_id: str = DELIVERY_ID, **changes: Any) -> Row:
    row = searching(
        delivery_id,
        state="OFFERED",
        transition="offer",
        zone_key=None,
        offer=OFFER,
        trip=TRIP,
        pay=PAY,
        holder_id=DRIVER,
        holder_key=f"OFFER#{rfc3339(NOW)}#{delivery_id}",
        expected_pickup_at=rfc3339(NOW + timedelta(minutes=10)),
        expected_dropoff_at=rfc3339(NOW + timedelta(minutes=14)),
        sequence=2,
    )
    return _with(row, changes)


def assigned(delivery_id: str = DELIVERY_ID, **changes: Any) -> Row:
    row = offered(
        delivery_id,
        state="ASSIGNED",
        transition="acceptOffer",
        offer=None,
        driver_id=DRIVER,
        assigned_at=rfc3339(NOW),
        holder_key=f"DELIVERY#{rfc3339(NOW)}#{delivery_id}",
        sequence=3,
    )
    return _with(row, changes)


def picked_up(delivery_id: str = DELIVERY_ID, **changes: Any) -> Row:
    row = assigned(delivery_id, state="PICKED_UP", transition="pickUp", picked_up_at=rfc3339(NOW), sequence=4)
    return _with(row, changes)


def driver(driver_id: str = DRIVER, **changes: Any) -> Row:
    """A driver who is on duty, in the zone, and free."""
    row = {
        "pk": f"DRIVER#{driver_id}",
        "sk": "DRIVER",
        "driver_id": driver_id,
        "on_duty": True,
        "vehicle": "BICYCLE",
        "position": PICKUP,
        "zone": ZONE,
        "zone_key": ZONE,
        "zone_sk": f"DRIVER#{driver_id}",
        "roster": "DRIVERS",
        "roster_key": driver_id,
        "sequence": 2,
        "transition": "goOnDuty",
        "occurred_at": rfc3339(NOW),
        "caused_by": "request:test",
    }
    return _with(row, changes)


def driver_offered(driver_id: str = DRIVER, **changes: Any) -> Row:
    offer = {
        "offer_id": "offer-1",
        "offered": {DELIVERY_ID},
        "offer_ends_at": TRIP["ends_at"],
        "offer_ends_in": DROPOFF,
        "sequence": 3,
        "transition": "offer",
    }
    return driver(driver_id, **(offer | changes))


def driver_busy(driver_id: str = DRIVER, **changes: Any) -> Row:
    trip = {
        "deliveries": {DELIVERY_ID},
        "trip_id": "offer-1",
        "trip_deliveries": {DELIVERY_ID},
        "ends_at": TRIP["ends_at"],
        "ends_in": DROPOFF,
        "sequence": 4,
        "transition": "acceptOffer",
    }
    return driver(driver_id, **(trip | changes))


def off_duty(**changes: Any) -> Row:
    return driver(**({"on_duty": False, "zone_key": None, "transition": "goOffDuty"} | changes))


def driver_in(table: "Table", driver_id: str = DRIVER) -> Row:
    """The driver's row as the table holds it."""
    return contents(table)[f"DRIVER#{driver_id}", "DRIVER"]


def put(table: "Table", *rows: Row) -> None:
    for row in rows:
        sets = {name: value for name, value in row.items() if isinstance(value, set)}
        rest = {name: value for name, value in row.items() if name not in sets}
        table.put_item(Item=stored(rest) | sets)


def trip_of(*delivery_ids: str) -> list[Row]:
    """The `trip` of each of these deliveries, offered together, in the order of their drop-offs."""
    pickup = TRIP["stops"][0] | {"delivery_ids": list(delivery_ids)}
    dropoffs = [TRIP["stops"][1] | {"delivery_ids": [each]} for each in delivery_ids]
    whole = TRIP | {"delivery_ids": list(delivery_ids), "size": len(delivery_ids), "stops": [pickup, *dropoffs]}
    return [whole | {"position": position} for position in range(1, len(delivery_ids) + 1)]


def together(make: Any, *delivery_ids: str, **changes: Any) -> list[Row]:
    """The rows of a trip's deliveries, each as `make` makes one alone."""
    trips = trip_of(*delivery_ids)
    return [make(each, trip=trip, **changes) for each, trip in zip(delivery_ids, trips, strict=True)]


def planned(
    driver_id: str = DRIVER, *delivery_ids: str, sequence: int = 1, driver_sequence: int = 2, offer_id: str = "offer-1"
) -> TripOffer:
    """A round's decision to offer a trip to a driver, all rows being as the round read them."""
    ids = delivery_ids or (DELIVERY_ID,)
    parts = [
        Part(each, sequence, 400, 1100, NOW + timedelta(minutes=2), NOW + timedelta(minutes=6 + n), 245)
        for n, each in enumerate(ids)
    ]
    return TripOffer(
        offer_id=offer_id,
        driver_id=driver_id,
        driver_sequence=driver_sequence,
        expires_at=NOW + timedelta(seconds=45),
        parts=tuple(parts),
        stops=(
            Stop("PICKUP", ids, 400, NOW + timedelta(minutes=2)),
            *(Stop("DROPOFF", (each,), 1100, NOW + timedelta(minutes=6 + n)) for n, each in enumerate(ids)),
        ),
        leaves_at=NOW,
        ends_at=NOW + timedelta(minutes=8),
        ends_in=Point(**DROPOFF),
        currency="USD",
    )


def confirmed(**fields: Any) -> Event[OrderConfirmed]:
    ready_at = rfc3339(NOW + timedelta(minutes=10))
    return _order(OrderConfirmed, "CONFIRMED", 2, pickup=PICKUP, expected_ready_at=ready_at, **fields)


def ready() -> Event[OrderReady]:
    return _order(OrderReady, "READY", 3, ready_at=rfc3339(NOW + timedelta(minutes=8)))


def cancel_requested(sequence: int = 4) -> Event[OrderCancelRequested]:
    return _order(OrderCancelRequested, "CONFIRMED", sequence, reason="CUSTOMER_REQUEST")


def _order(kind: type[OrderData], status: str, sequence: int, **fields: Any) -> Event[Any]:
    data = kind(
        **{
            "order_id": DELIVERY_ID,
            "customer_id": "customer-1",
            "merchant_id": "merchant-1",
            "status": status,
            "placed_at": rfc3339(NOW - timedelta(minutes=5)),
            "item_count": 2,
            "total": {"amount": 1800, "currency": "USD"},
            "dropoff": DROPOFF,
            **fields,
        }
    )
    return new_event(
        data,
        aggregate_id=DELIVERY_ID,
        sequence=sequence,
        occurred_at=NOW,
        correlation_id=DELIVERY_ID,
        causation_id="request:test",
    )
