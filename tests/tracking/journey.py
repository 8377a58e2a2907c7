"""An order's events from both producers, and its driver's row, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from delivery_events import Event, new_event
from delivery_events.dispatch import (
    DeliveryArrivedAtDropoff,
    DeliveryArrivedAtPickup,
    DeliveryAssigned,
    DeliveryData,
    DeliveryDelivered,
    DeliveryDriverDropped,
    DeliveryOffered,
    DeliveryPickedUp,
    DeliveryRequested,
)
from delivery_events.envelope import rfc3339
from delivery_events.orders import OrderCompleted, OrderConfirmed, OrderData, OrderPlaced, OrderReady

from services.tracking.domain import Kept

KEPT = Kept(row_s=7200, link_s=3600)
ORDER_ID = "3f2b8c1e-9d4a-4e0b-8a57-0c6f1d2e3b4a"
PICKUP = {"lat": 40.44, "lng": -80.0}
DROPOFF = {"lat": 40.45, "lng": -80.0}
PLACED_AT = datetime(2026, 1, 5, 18, 30, tzinfo=UTC)


def minute(number: float) -> datetime:
    """`number` minutes after the order was placed."""
    return PLACED_AT + timedelta(minutes=number)


def at(number: float) -> str:
    return rfc3339(minute(number))


def order(kind: type[OrderData], status: str, sequence: int, when: float, **fields: Any) -> Event[Any]:
    """An event of the order: its change number `sequence`, `when` minutes after it was placed."""
    data = kind(
        **{
            "order_id": ORDER_ID,
            "customer_id": "customer-1",
            "merchant_id": "merchant-1",
            "status": status,
            "placed_at": at(0),
            "item_count": 2,
            "total": {"amount": 1800, "currency": "USD"},
            "dropoff": DROPOFF,
        }
        | fields
    )
    return _event(data, sequence, when)


def delivery(kind: type[DeliveryData], state: str, sequence: int, when: float, **fields: Any) -> Event[Any]:
    """An event of the order's delivery."""
    data = kind(
        **{
            "delivery_id": ORDER_ID,
            "order_id": ORDER_ID,
            "customer_id": "customer-1",
            "merchant_id": "merchant-1",
            "state": state,
            "pickup": PICKUP,
            "dropoff": DROPOFF,
        }
        | fields
    )
    return _event(data, sequence, when)


def _event(data: OrderData | DeliveryData, sequence: int, when: float) -> Event[Any]:
    return new_event(
        data,
        aggregate_id=ORDER_ID,
        sequence=sequence,
        occurred_at=minute(when),
        correlation_id=ORDER_ID,
        causation_id="test",
    )


# -- the way of an order that is delivered ------------------------------------------------------------------------

_CONFIRMED: dict[str, Any] = {"pickup": PICKUP, "expected_ready_at": at(15)}
_ASSIGNED: dict[str, Any] = {
    "driver_id": "driver-1",
    "assigned_at": at(3),
    "expected_pickup_at": at(12),
    "expected_dropoff_at": at(25),
    "trip": {"trip_id": "o-1", "position": 1, "size": 1, "metres": 1600},
}
_CARRIED = _ASSIGNED | {"picked_up_at": at(16)}
OFFER = {"offer_id": "o-1", "driver_id": "driver-1", "expires_at": at(3), "to_pickup_m": 500, "to_dropoff_m": 1100}

PLACED = order(OrderPlaced, "PENDING", 1, 0)
CONFIRMED = order(OrderConfirmed, "CONFIRMED", 2, 1, **_CONFIRMED)
REQUESTED = delivery(DeliveryRequested, "SEARCHING", 1, 1)
OFFERED = delivery(DeliveryOffered, "OFFERED", 2, 2, offer=OFFER)
ASSIGNED = delivery(DeliveryAssigned, "ASSIGNED", 3, 3, **_ASSIGNED)
AT_PICKUP = delivery(DeliveryArrivedAtPickup, "ARRIVED_AT_PICKUP", 4, 12, **_ASSIGNED)
READY = order(OrderReady, "READY", 4, 15, **_CONFIRMED, ready_at=at(15), driver_id="driver-1")
PICKED_UP = delivery(DeliveryPickedUp, "PICKED_UP", 5, 16, **_CARRIED)
AT_DROPOFF = delivery(DeliveryArrivedAtDropoff, "ARRIVED_AT_DROPOFF", 6, 24, **_CARRIED)
DELIVERED = delivery(DeliveryDelivered, "DELIVERED", 7, 26, **_CARRIED, delivered_at=at(26))
COMPLETED = order(OrderCompleted, "DELIVERED", 6, 26, **_CONFIRMED, ready_at=at(15), driver_id="driver-1")

JOURNEY = (
    *(PLACED, CONFIRMED, REQUESTED, OFFERED, ASSIGNED, AT_PICKUP),
    *(READY, PICKED_UP, AT_DROPOFF, DELIVERED, COMPLETED),
)

DROPPED = delivery(DeliveryDriverDropped, "SEARCHING", 4, 5, driver_id="driver-1", reason="DRIVER_DROPPED_OUT")


def driver(**changes: Any) -> dict[str, Any]:
    """A driver's row after its first report, with `changes`; a value of None removes the attribute."""
    row = {
        "pk": "DRIVER#driver-1",
        "sk": "DRIVER",
        "driver_id": "driver-1",
        "lat": 40.43,
        "lng": -80.0,
        "at": at(5),
        "reported": [[0, 40.43, -80.0]],
        "sequence": 1,
        "occurred_at": at(5),
        "caused_by": "request:test",
    } | changes
    return {name: value for name, value in row.items() if value is not None}
