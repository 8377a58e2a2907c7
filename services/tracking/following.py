"""How an order's row, its timeline and its driver's next stop follow the events of orders and dispatch."""

from datetime import datetime
from typing import Any, Protocol

from delivery_events import CATALOG, Event, EventData
from delivery_events.dispatch import DeliveryData
from delivery_events.inbox import Outcome
from delivery_events.orders import OrderData

from services.tracking.domain import Kept, NextStop, follow, next_stop, timeline_entry

CONSUMES: tuple[type[EventData], ...] = tuple(m for m in CATALOG.values() if issubclass(m, OrderData | DeliveryData))

ATTEMPTS = 5  # two events of one order may be handled at once; each attempt lets one of them through


class Table(Protocol):
    def tracking(self, order_id: str) -> dict[str, Any] | None: ...

    def put_tracking(
        self, row: dict[str, Any], *, left: NextStop | None, ahead: NextStop | None, at: datetime
    ) -> bool: ...

    def add_entry(self, entry: dict[str, Any]) -> bool: ...


class ChangedMeanwhile(Exception):  # noqa: N818 - not an error: the queue delivers the event again
    """Others kept writing the order's row between reading and writing."""


def follow_event(event: Event[Any], table: Table, *, now: datetime, kept: Kept) -> Outcome:
    """Bring an order's row, its driver's next stop and its timeline up to date with `event`.

    A late event leaves the row alone and is still part of the timeline. STALE: it is there already. Raises
    ChangedMeanwhile if the row kept changing.
    """
    applied = _bring_up_to_date(event, table, now=now, kept=kept)
    added = table.add_entry(timeline_entry(event, keep_s=kept.row_s))
    return Outcome.APPLIED if applied or added else Outcome.STALE


def _bring_up_to_date(event: Event[Any], table: Table, *, now: datetime, kept: Kept) -> bool:
    for _ in range(ATTEMPTS):
        known = table.tracking(event.data.order_id)
        row = follow(known, event, now=now, kept=kept)
        if row is None:
            return False
        if table.put_tracking(row, left=next_stop(known), ahead=next_stop(row), at=event.metadata.occurred_at):
            return True
    raise ChangedMeanwhile(event.data.order_id)
