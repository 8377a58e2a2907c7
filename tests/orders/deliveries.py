"""Events of an order's delivery, and an order that follows them, for tests."""

from datetime import UTC, datetime
from typing import Any

from delivery_events import Event, new_event
from delivery_events.dispatch import (
    DeliveryAssigned,
    DeliveryData,
    DeliveryDelivered,
    DeliveryDriverDropped,
    DeliveryPickedUp,
)
from delivery_events.inbox import Outcome

from services.orders.carrying import follow_delivery
from services.orders.domain import Update
from tests.orders.rows import ORDER_ID, PICKUP

NOW = datetime(2026, 1, 5, 18, 40, tzinfo=UTC)


def delivery(kind: type[DeliveryData], state: str, *, sequence: int, **fields: Any) -> Event[Any]:
    """`delivery.*` of the test order, in `state`, as the delivery's change number `sequence`."""
    data = kind(
        **{
            "delivery_id": ORDER_ID,
            "order_id": ORDER_ID,
            "customer_id": "customer-1",
            "merchant_id": "merchant-1",
            "state": state,
            "pickup": PICKUP,
            "dropoff": {"lat": 40.45, "lng": -80.0},
        }
        | fields
    )
    return new_event(
        data, aggregate_id=ORDER_ID, sequence=sequence, occurred_at=NOW, correlation_id=ORDER_ID, causation_id="test"
    )


ASSIGNED = delivery(DeliveryAssigned, "ASSIGNED", sequence=3, driver_id="driver-1", assigned_at=NOW)
DROPPED = delivery(DeliveryDriverDropped, "SEARCHING", sequence=4, driver_id="driver-1", reason="DRIVER_DROPPED_OUT")
PICKED_UP = delivery(DeliveryPickedUp, "PICKED_UP", sequence=5, driver_id="driver-1", assigned_at=NOW)
DELIVERED = delivery(DeliveryDelivered, "DELIVERED", sequence=6, driver_id="driver-1", assigned_at=NOW)


class FakeTable:
    """Holds one order and writes as the real table does."""

    def __init__(self, row: dict[str, Any] | None) -> None:
        self.row = row
        self.changes_meanwhile = 0  # how many writes are still to come second

    def order(self, order_id: str) -> dict[str, Any] | None:
        assert order_id == ORDER_ID
        return self.row

    def apply_delivery(
        self, order: dict[str, Any], update: Update, *, delivery_sequence: int, now: datetime, caused_by: str
    ) -> bool:
        if self.changes_meanwhile:
            self.changes_meanwhile -= 1
            assert self.row is not None
            self.row = self.row | {"sequence": self.row["sequence"] + 1}
            return False
        assert order == self.row
        kept = {name: value for name, value in order.items() if name not in update.remove}
        stamp = {"sequence": order["sequence"] + 1, "delivery_sequence": delivery_sequence, "caused_by": caused_by}
        self.row = kept | dict(update.set) | stamp
        return True


def follow(table: FakeTable, *events: Any) -> list[Outcome]:
    return [follow_delivery(event, table, now=NOW) for event in events]
