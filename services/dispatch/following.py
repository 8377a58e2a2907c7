"""What dispatch does when other services' events come in. Each may come twice, late, or before the one it follows."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from delivery_events import Event, EventData
from delivery_events.inbox import Handler, Outcome
from delivery_events.orders import OrderCancelled, OrderCancelRequested, OrderConfirmed, OrderReady
from delivery_events.tracking import DriverArrived, DriverMoved
from delivery_events.values import Stop

from services.dispatch import domain
from services.dispatch.places import Point
from services.dispatch.zones import zone_of

CONSUMES: tuple[type[EventData], ...] = (
    OrderConfirmed,
    OrderReady,
    OrderCancelRequested,
    OrderCancelled,
    DriverMoved,
    DriverArrived,
)

# How long it is remembered that a delivery nobody has heard of is not to be opened: as long as an event can be late,
# which is the 14 days that a failure queue keeps it.
REMEMBER = timedelta(days=14)
ATTEMPTS = 5

_ARRIVAL = {
    Stop.PICKUP: (domain.ASSIGNED, domain.AT_PICKUP, domain.ARRIVE_AT_PICKUP, "assigned_at"),
    Stop.DROPOFF: (domain.PICKED_UP, domain.AT_DROPOFF, domain.ARRIVE_AT_DROPOFF, "picked_up_at"),
}


class Table(Protocol):
    def delivery(self, delivery_id: str) -> dict[str, Any] | None: ...

    def open(self, row: dict[str, Any]) -> bool: ...

    def open_cancelled(self, row: dict[str, Any]) -> bool: ...

    def note_ready(self, delivery_id: str, ready_at: datetime) -> bool: ...

    def note_cancelled(self, delivery_id: str, *, caused_by: str, forget_at: datetime) -> bool: ...

    def cancel(self, delivery: dict[str, Any], *, now: datetime, caused_by: str) -> bool: ...

    def refuse_cancellation(
        self, delivery: dict[str, Any], *, order_sequence: int, now: datetime, caused_by: str
    ) -> bool: ...

    def arrive(
        self, delivery_id: str, driver_id: str, source: domain.State, target: domain.State, *, since: str, at: datetime,
        trigger: str, now: datetime, caused_by: str,
    ) -> bool: ...  # fmt: skip

    def move_driver(self, driver_id: str, position: Point, zone: str, *, position_sequence: int) -> bool: ...


class ChangedMeanwhile(Exception):  # noqa: N818 - not an error: the queue delivers the event again
    """The delivery changed between reading and writing, time and again."""


@dataclass(frozen=True)
class Following:
    table: Table
    now: Callable[[], datetime]
    make_pin: Callable[[], str] = lambda: f"{secrets.randbelow(10_000):04}"

    def handlers(self) -> dict[type[EventData], Handler]:
        return {
            OrderConfirmed: self.order_confirmed,
            OrderReady: self.order_ready,
            OrderCancelRequested: self.order_cancelled,
            OrderCancelled: self.order_cancelled,
            DriverMoved: self.driver_moved,
            DriverArrived: self.driver_arrived,
        }

    def order_confirmed(self, event: Event[OrderConfirmed]) -> Outcome:
        """Open the order's delivery. One that was cancelled meanwhile is opened and ended at once, so that the order
        learns of its end by an event that says everything."""
        pickup = event.data.pickup
        zone, now = zone_of(Point(pickup.lat, pickup.lng)), self.now()
        pin = self.make_pin()
        if self.table.open(domain.new_delivery(event, zone=zone, now=now, pin=pin)):
            return Outcome.APPLIED
        cancelled = domain.new_delivery(event, zone=zone, now=now, pin=pin, cancelled=True)
        known = self.table.delivery(event.data.order_id)
        if known is not None and "cancelled_by" in known and self.table.open_cancelled(cancelled):
            return Outcome.APPLIED
        return Outcome.STALE

    def order_ready(self, event: Event[OrderReady]) -> Outcome:
        return _applied(self.table.note_ready(event.data.order_id, event.data.ready_at))

    def order_cancelled(self, event: Event[OrderCancelRequested] | Event[OrderCancelled]) -> Outcome:
        """Cancel the delivery, or refuse to, as it is picked up already; one not yet heard of is noted.

        Raises ChangedMeanwhile when somebody else wrote it each time between reading and writing.
        """
        for _ in range(ATTEMPTS):
            delivery = self.table.delivery(event.data.order_id)
            if domain.state_of(delivery) in domain.TERMINAL:
                return Outcome.STALE
            if delivery is not None and delivery.get("refused_cancellation", 0) >= event.metadata.sequence:
                return Outcome.STALE
            if self._cancel(delivery, event):
                return Outcome.APPLIED
        raise ChangedMeanwhile(event.data.order_id)

    def _cancel(self, delivery: dict[str, Any] | None, event: Event[Any]) -> bool:
        cause, now = str(event.metadata.event_id), self.now()
        state = domain.state_of(delivery)
        if delivery is None or state is None:
            return self.table.note_cancelled(event.data.order_id, caused_by=cause, forget_at=now + REMEMBER)
        if state in domain.BEFORE_PICKUP:
            return self.table.cancel(delivery, now=now, caused_by=cause)
        return self.table.refuse_cancellation(
            delivery, order_sequence=event.metadata.sequence, now=now, caused_by=cause
        )

    def driver_moved(self, event: Event[DriverMoved]) -> Outcome:
        """STALE also when the driver is off duty, where nobody needs the position."""
        position = Point(event.data.position.lat, event.data.position.lng)
        moved = self.table.move_driver(
            event.data.driver_id, position, zone_of(position), position_sequence=event.metadata.sequence
        )
        return _applied(moved)

    def driver_arrived(self, event: Event[DriverArrived]) -> Outcome:
        source, target, trigger, since = _ARRIVAL[event.data.stop]
        arrived = self.table.arrive(
            event.data.delivery_id,
            event.data.driver_id,
            source,
            target,
            since=since,
            at=event.data.at,
            trigger=trigger,
            now=self.now(),
            caused_by=str(event.metadata.event_id),
        )
        return _applied(arrived)


def _applied(written: bool) -> Outcome:
    return Outcome.APPLIED if written else Outcome.STALE
