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
    def order(self, order_id: str) -> dict[str, Any] | None: ...

    def merchant(self, merchant_id: str) -> dict[str, Any] | None: ...

    def admit(self, order_id: str) -> bool: ...

    def turn_down(self, order_id: str, *, reason: OrderReason, now: datetime, caused_by: str) -> bool: ...


@dataclass(frozen=True)
class Placing:
    table: Table
    now: Callable[[], datetime]

    def decide(self, change: Change) -> list[Event[Any]]:
        """The events of a change. An order that breaks a rule is rejected instead of announced; that is a change of its
        own, and its event comes with it."""
        new = change.new
        if new is None or not domain.is_step(change.old, new):
            return []
        if new["status"] not in (domain.PENDING, domain.CONFIRMED):
            return domain.events_for(change.old, new)
        # Where the merchant is stands in its profile; the events that start something carry it.
        merchant = self.table.merchant(new["merchant_id"])
        if change.old is None and not self._is_admitted(new, merchant):
            return []
        return domain.events_for(change.old, {**new, "pickup": merchant["place"]} if merchant else new)

    def _is_admitted(self, order: domain.Row, merchant: domain.Row | None) -> bool:
        """Hold a new order against the rules and write down what they say, before anybody is told of it.

        The first judgement stands. The stream may hand over the same order again, when its merchant may have closed or
        moved: then what was written at first decides whether it is announced.
        """
        order_id = order["order_id"]
        broken = domain.broken_rule(order, merchant)
        if broken is None:
            return self.table.admit(order_id)
        caused_by = f"rule:{broken.value.lower()}"
        if self.table.turn_down(order_id, reason=broken, now=self.now(), caused_by=caused_by):
            return False
        # Admitted before; or it has ended already, by the rules or its customer, and its end is told by itself.
        known = self.table.order(order_id)
        return known is not None and "merchant_key" in known
