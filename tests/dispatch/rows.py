"""Rows of the dispatch table, as its writers leave them, and the events that open and cancel a delivery."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from delivery_events import Event, new_event
from delivery_events.envelope import rfc3339
from delivery_events.orders import OrderCancelRequested, OrderConfirmed, OrderData, OrderReady

from services.dispatch.planner import OpenDelivery, PlannedOffer, Point
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
OFFER = {
    "offer_id": "offer-1",
    "driver_id": DRIVER,
    "expires_at": rfc3339(NOW + timedelta(seconds=45)),
    "to_pickup_m": 400,
    "to_dropoff_m": 1100,
}


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
    offer = {"offer_id": "offer-1", "offered_delivery_id": DELIVERY_ID, "sequence": 3, "transition": "offer"}
    return driver(driver_id, **(offer | changes))


def driver_busy(driver_id: str = DRIVER, **changes: Any) -> Row:
    trip = {"deliveries": {DELIVERY_ID}, "sequence": 4, "transition": "acceptOffer"}
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


def planned(driver_id: str = DRIVER, delivery_id: str = DELIVERY_ID, *, sequence: int = 1) -> PlannedOffer:
    """A round's decision to offer the delivery, as the round read it, to a driver."""
    delivery = OpenDelivery(delivery_id, sequence, Point(**PICKUP), Point(**DROPOFF), NOW, NOW)
    return PlannedOffer(
        delivery,
        driver_id,
        NOW + timedelta(seconds=45),
        400,
        1100,
        NOW + timedelta(minutes=2),
        NOW + timedelta(minutes=6),
    )


def confirmed() -> Event[OrderConfirmed]:
    return _order(OrderConfirmed, "CONFIRMED", 2, pickup=PICKUP, expected_ready_at=rfc3339(NOW + timedelta(minutes=10)))


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
