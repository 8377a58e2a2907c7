"""What happens when a merchant does not answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

from delivery_events.envelope import Model


class MerchantClock(Model):
    """A timer: by the time it is delivered, the merchant should have answered this order."""

    order_id: str


class Table(Protocol):
    def order(self, order_id: str) -> dict[str, Any] | None: ...

    def pending_since(self, moment: datetime) -> Iterator[dict[str, Any]]: ...

    def cancel_unanswered(self, order_id: str, *, now: datetime, caused_by: str) -> bool: ...


# A queue's delay is whole seconds and a clock may differ: a timer that rings this early counts as on time.
TOLERANCE = timedelta(seconds=2)


def cancel_if_overdue(order_id: str, table: Table, *, now: datetime, limit_s: float, caused_by: str) -> bool:
    """Cancel the order if it is still PENDING and was placed at least `limit_s` seconds ago. True if it was."""
    order = table.order(order_id)
    if order is None or datetime.fromisoformat(order["placed_at"]) + timedelta(seconds=limit_s) - TOLERANCE > now:
        return False
    return table.cancel_unanswered(order_id, now=now, caused_by=caused_by)


def sweep(table: Table, *, now: datetime, limit_s: float) -> int:
    """Cancel all orders that a lost timer left PENDING for too long. How many there were."""
    overdue = table.pending_since(now - timedelta(seconds=limit_s) - TOLERANCE)
    return sum(table.cancel_unanswered(order["order_id"], now=now, caused_by="sweep") for order in overdue)
