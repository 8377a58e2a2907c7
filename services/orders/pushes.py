"""What whoever watches an order is told of its changes."""

from collections.abc import Sequence
from typing import Any

from delivery_events import Event
from delivery_events.outbox import Change
from delivery_events.push import Publication, Push

from services.orders.domain import is_step

STATUS = Publication(
    "publishOrderStatus",
    "OrderStatusChangeInput",
    "orderId status reason customerId merchantId driverId formerDriverId at expectedReadyAt readyAt promisedAt "
    "cancelRequestedAt sequence",
)


def pushes_for(change: Change, events: Sequence[Event[Any]]) -> list[Push]:
    """One for each step of an order. A new one is told of once it is announced; turned down, it is told with that."""
    new, old = change.new, change.old or {}
    if new is None or not is_step(change.old, new) or (change.old is None and not events):
        return []
    former = old.get("driver_id")
    # The merchant learns of an order by its being announced, and of one that never was, nothing.
    announced = "merchant_key" in new or change.old is None
    told = {
        "orderId": new["order_id"],
        "status": new["status"],
        "reason": new.get("reason") or (new.get("cancel_reason") if new["status"] == "CANCELLED" else None),
        "customerId": new["customer_id"],
        "merchantId": new["merchant_id"] if announced else None,
        "driverId": new.get("driver_id"),
        "formerDriverId": former if former != new.get("driver_id") else None,
        "at": new["occurred_at"],
        "expectedReadyAt": new.get("expected_ready_at"),
        "readyAt": new.get("ready_at"),
        "promisedAt": new.get("promised_at"),
        "cancelRequestedAt": new.get("cancel_requested_at"),
        "sequence": new["sequence"],
    }
    return [Push(STATUS, told)]
