"""A placed order becomes public only once the platform's rules hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from delivery_events import Event
from delivery_events.orders import OrderReason
from delivery_events.outbox import Change

from services.orders import domain


class Table(Protocol):
    def merchant(self, merchant_id: str) -> dict[str, Any] | None: ...

    def end_pending(self, order_id: str, *, reason: OrderReason, now: datetime, caused_by: str) -> bool: ...


@dataclass(frozen=True)
class Placing:
    table: Table
    now: Callable[[], datetime]

    def decide(self, change: Change) -> list[Event[Any]]:
        """The events of a change. An order that breaks a rule is rejected instead of announced; that is a change of its
        own, and its event comes with it."""
        new = change.new
        if new is None or not new["pk"].startswith("ORDER#"):
            return []
        if new["status"] not in (domain.PENDING, domain.CONFIRMED):
            return domain.events_for(change.old, new)
        # Where the merchant is stands in its profile; the events that start something carry it.
        merchant = self.table.merchant(new["merchant_id"])
        if change.old is None:
            broken = domain.broken_rule(new, merchant)
            if broken:
                self.table.end_pending(
                    new["order_id"], reason=broken, now=self.now(), caused_by=f"rule:{broken.value.lower()}"
                )
                return []
        return domain.events_for(change.old, {**new, "pickup": merchant["place"]} if merchant else new)
