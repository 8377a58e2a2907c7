"""What is going on, folded from the events as they come: counts by state, and the last happenings in words. Pure."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from delivery_events import Event

_HELD = {"OFFERED": "OFFERED"} | dict.fromkeys(
    ("ASSIGNED", "ARRIVED_AT_PICKUP", "PICKED_UP", "ARRIVED_AT_DROPOFF", "RETURNING"), "BUSY"
)

# What an event is in words; {order}, {customer}, {merchant} and {driver} are put in.
_WORDS = {
    "order.placed": "{customer} ordered {order} at {merchant}",
    "order.confirmed": "{merchant} confirmed {order}",
    "order.rejected": "[red]{order} was rejected[/]: {reason}",
    "order.ready": "{order} is ready at {merchant}",
    "order.cancelled": "[red]{order} was cancelled[/]: {reason}",
    "order.failed": "[red]{order} failed[/]: {reason}",
    "delivery.offered": "{order} was offered to {driver}",
    "delivery.offer_declined": "[yellow]{driver} declined {order}[/]",
    "delivery.offer_expired": "[yellow]{driver} let the offer of {order} lapse[/]",
    "delivery.assigned": "{driver} fetches {order}",
    "delivery.driver_dropped": "[yellow]{driver} dropped {order}[/]",
    "delivery.picked_up": "{driver} picked up {order}",
    "delivery.delivered": "[green]{driver} delivered {order}[/] to {customer}",
    "delivery.returning": "[yellow]{driver} brings {order} back[/]: {reason}",
    "delivery.cancellation_refused": "[yellow]{order} is on its way and cannot be cancelled any more[/]",
}


class Board:
    """`names` tells whom an account's id belongs to."""

    def __init__(self, names: Mapping[str, str], *, happenings: int = 8) -> None:
        self._names = names
        self._seen: set[str] = set()
        self._orders: dict[str, tuple[int, str]] = {}
        self._deliveries: dict[str, tuple[int, str, str | None]] = {}
        self._on_duty: dict[str, tuple[int, bool]] = {}
        self.alerts: Counter[str] = Counter()
        self.events = 0
        self.happenings: deque[tuple[datetime, str]] = deque(maxlen=happenings)

    def add(self, events: Iterable[Event[Any]]) -> None:
        """Events may come twice and in any order."""
        new = [event for event in events if str(event.metadata.event_id) not in self._seen]
        for event in sorted(new, key=lambda e: e.metadata.occurred_at):
            self._seen.add(str(event.metadata.event_id))
            self.events += 1
            self._fold(event)
            if event.metadata.type in _WORDS:
                self.happenings.append((event.metadata.occurred_at, self._words(event)))

    @property
    def orders(self) -> Counter[str]:
        return Counter(status for _, status in self._orders.values())

    @property
    def deliveries(self) -> Counter[str]:
        return Counter(state for _, state, _ in self._deliveries.values())

    @property
    def drivers(self) -> Counter[str]:
        held = {driver: _HELD[state] for _, state, driver in self._deliveries.values() if driver and state in _HELD}
        return Counter(
            held.get(driver, "AVAILABLE") if on or driver in held else "OFF_DUTY"
            for driver, (_, on) in self._on_duty.items()
        )

    def _fold(self, event: Event[Any]) -> None:
        meta, data = event.metadata, event.data
        aggregate, sequence = meta.aggregate_id, meta.sequence
        if meta.type.startswith("order.") and sequence >= self._orders.get(aggregate, (0, ""))[0]:
            self._orders[aggregate] = (sequence, data.status)
        elif meta.type.startswith("delivery.") and sequence >= self._deliveries.get(aggregate, (0, "", None))[0]:
            self._deliveries[aggregate] = (sequence, data.state, _driver(data))
        elif meta.type in ("driver.on_duty", "driver.off_duty") and sequence >= self._on_duty.get(aggregate, (0,))[0]:
            self._on_duty[aggregate] = (sequence, meta.type == "driver.on_duty")
        elif meta.type.startswith("alert."):
            self.alerts["FAILED" if meta.type == "alert.failed" else data.channel] += 1

    def _words(self, event: Event[Any]) -> str:
        data = event.data
        return _WORDS[event.metadata.type].format(
            order=f"order {data.order_id[:8]}",
            customer=self._name(data.customer_id),
            merchant=data.merchant_id,
            driver=self._name(_driver(data) if hasattr(data, "offer") else data.driver_id),
            reason=(data.reason or "").lower().replace("_", " "),
        )

    def _name(self, account_id: str | None) -> str:
        return self._names.get(account_id or "", (account_id or "nobody")[:8])


def _driver(data: Any) -> str | None:
    """Who has the delivery: whoever it is offered to, or else whoever carries it."""
    found: str | None = data.offer.driver_id if data.offer else data.driver_id
    return found
