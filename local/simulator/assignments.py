"""Whether a driver or a delivery was ever held twice, from the events alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from delivery_events import Event

_RELEASES = frozenset(
    {
        "delivery.driver_dropped",
        "delivery.delivered",
        "delivery.returned",
        "delivery.cancelled",
        "delivery.unassigned",
    }
)
_STILL = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Carrying:
    """One driver had one delivery of a trip, from its assignment up to, but not including, `until`."""

    delivery_id: str
    driver_id: str
    trip_id: str
    since: datetime
    until: datetime

    def overlaps(self, other: "Carrying") -> bool:
        return self.since < other.until and other.since < self.until


# Trips a driver may have: the present one, and the next, which may be accepted shortly before.
_TRIPS_AT_ONCE = 2


def double_assignments(events: Iterable[Event[Any]], *, at_once: int = _TRIPS_AT_ONCE) -> int:
    """How many assignments there were while the delivery had a driver already, or the driver had `at_once` other trips.

    Events may be repeated and in any order.
    """
    carryings, wrong = _carryings(events)
    by_driver: defaultdict[str, list[Carrying]] = defaultdict(list)
    for carrying in sorted(carryings, key=lambda c: c.since):
        held = by_driver[carrying.driver_id]
        others = {each.trip_id for each in held if carrying.overlaps(each)} - {carrying.trip_id}
        wrong += len(others) >= at_once
        held.append(carrying)
    return wrong


def _carryings(events: Iterable[Event[Any]]) -> tuple[list[Carrying], int]:
    """Who carried what and when; and how many assignments were made while somebody carried it."""
    by_delivery: defaultdict[str, dict[int, Event[Any]]] = defaultdict(dict)
    for event in events:
        if event.metadata.type == "delivery.assigned" or event.metadata.type in _RELEASES:
            by_delivery[event.data.delivery_id][event.metadata.sequence] = event
    found, wrong = [], 0
    for delivery_id, by_sequence in by_delivery.items():
        held: Event[Any] | None = None
        for _, event in sorted(by_sequence.items()):
            if held is not None:
                found.append(_carrying(delivery_id, held, event.metadata.occurred_at))
            assigned = event.metadata.type == "delivery.assigned"
            wrong += assigned and held is not None
            held = event if assigned else None
        if held is not None:
            found.append(_carrying(delivery_id, held, _STILL))
    return found, wrong


def _carrying(delivery_id: str, assigned: Event[Any], until: datetime) -> Carrying:
    data = assigned.data
    trip_id = data.trip.trip_id if data.trip else delivery_id
    return Carrying(delivery_id, data.driver_id, trip_id, assigned.metadata.occurred_at, until)
