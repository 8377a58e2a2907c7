"""Deliveries, and a partner's courier on a table, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from delivery_events import Event

from services.partners.domain import Schedule
from services.partners.intake import new_delivery
from tests.events import samples
from tests.tables import Index

INDEXES = (
    Index("log-index", "log", "log_key"),
    Index("event-index", "partner_id", "event_id"),
    Index("due-index", "due_partner", "due_key"),
)

NOW = datetime(2026, 1, 5, 18, 30, tzinfo=UTC)
SCHEDULE = Schedule(retry_after=(60, 300, 1800), pause=60, longest_pause=900, disable_after=3 * 86_400)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def event(
    sequence: int = 1, order_id: str = "order-1", detail_type: str = "order.confirmed.v1", **values: Any
) -> Event[Any]:
    """The `sequence`th change of an order, as many seconds after the first."""
    return samples.event(detail_type, sequence=sequence, occurred_at=after(sequence - 1), order_id=order_id, **values)


def row(sequence: int = 1, order_id: str = "order-1", **changes: Any) -> dict[str, Any]:
    return new_delivery("acme", event(sequence, order_id), now=NOW) | changes
