"""What a change of the table sets in motion once its events are published: rounds, timers, a driver's zone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from delivery_events import Event
from delivery_events.outbox import Change

from services.dispatch import domain
from services.dispatch.planner import Point
from services.dispatch.queues import OfferExpiry, RoundAgain
from services.dispatch.zones import zone_of


class Table(Protocol):
    def set_zone(self, driver_id: str, position: Point, zone: str) -> bool: ...


class Rounds(Protocol):
    def ask(self, zone: str, now: datetime) -> None: ...


class Timers(Protocol):
    def set(self, timer: OfferExpiry | RoundAgain, now: datetime) -> None: ...


@dataclass(frozen=True)
class Consequences:
    table: Table
    rounds: Rounds
    timers: Timers
    now: Callable[[], datetime]

    def follow(self, change: Change, _events: Sequence[Event[Any]] = ()) -> None:
        """May run twice for the same change: asks are deduplicated, timers and writes are conditional."""
        new = change.new
        zone = domain.opened_work(change.old, new)
        if zone:
            self.rounds.ask(zone, self.now())
        offer = domain.new_offer(change.old, new)
        if new is not None and offer is not None:
            expiry = OfferExpiry(
                delivery_id=new["delivery_id"],
                offer_id=offer["offer_id"],
                due=datetime.fromisoformat(offer["expires_at"]),
            )
            self.timers.set(expiry, self.now())
        if new is not None and domain.lacks_zone(new):
            position = Point(**new["position"])
            self.table.set_zone(new["driver_id"], position, zone_of(position))
