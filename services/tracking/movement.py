"""How a driver moved, by two images of the driver's row: entered a zone, came to a stop. Pure.

A driver's row holds the latest position (`lat`, `lng`, `at`), the way of the last report (`reported`), the next stop of
each delivery that the driver carries (stops.py), and when the driver last turned from one stop to the next
(`turned_at`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import h3
from delivery_events.envelope import rfc3339
from delivery_events.tracking import DriverArrived, DriverMoved
from delivery_events.values import Position

from services.tracking.geometry import distance_m
from services.tracking.stops import begins, due

Row = Mapping[str, Any]

ZONE_RESOLUTION = 7  # H3 cells of about 5 km²


@dataclass(frozen=True)
class Sensing:
    """What counts as moved (seconds) and as arrived (metres)."""

    moved_every_s: float
    geofence_m: float


def zone(row: Row) -> str:
    """The H3 cell of the row's position."""
    return str(h3.latlng_to_cell(row["lat"], row["lng"], ZONE_RESOLUTION))


def has_moved(before: Row, new: Row, sensing: Sensing) -> bool:
    """Whether the report is the first, entered another zone, or began another interval of `moved_every_s`."""
    if "at" not in before:
        return True
    intervals = [datetime.fromisoformat(row["at"]).timestamp() // sensing.moved_every_s for row in (before, new)]
    return intervals[0] != intervals[1] or (before["at"] != new["at"] and zone(before) != zone(new))


def moved(row: Row) -> DriverMoved:
    return DriverMoved(
        driver_id=row["driver_id"],
        position=Position(lat=row["lat"], lng=row["lng"]),
        zone=zone(row),
        at=datetime.fromisoformat(row["at"]),
    )


def arrivals(before: Row, new: Row, sensing: Sensing) -> Iterator[DriverArrived]:
    """Once for each stop that this change brings within reach, if it is one that comes next: who passes a later one on
    the way has not arrived.

    That is: a report whose way comes near the stop, after a position that was not; or a stop that comes next while the
    driver already waits there. Only what was measured since then counts.
    """
    was_due = due(before)
    for order_id, stop in due(new).items():
        if stop.get("arrived"):
            continue
        since = begins(new, stop)
        is_new = order_id not in was_due or not _is_same(stop, was_due[order_id])
        if before.get("at") == new["at"] and not is_new:
            continue
        if not is_new and before.get("at", "") >= since and _within(stop, before, sensing):
            continue
        reached = _reached(stop, since, new, sensing)
        if reached is not None:
            yield DriverArrived(driver_id=new["driver_id"], delivery_id=order_id, stop=stop["stop"], at=reached)


def _is_same(stop: Row, other: Row) -> bool:
    return (stop["stop"], stop["since"]) == (other["stop"], other["since"])


def _within(stop: Row, position: Row, sensing: Sensing) -> bool:
    place = (stop["lat"], stop["lng"])
    return "at" in position and distance_m(place, (position["lat"], position["lng"])) <= sensing.geofence_m


def _reached(stop: Row, since: str, row: Row, sensing: Sensing) -> datetime | None:
    """When the reported way first came near the stop, from `since` on, or None."""
    place = (stop["lat"], stop["lng"])
    last = None
    for at, point in way(row):
        if rfc3339(at) < since:
            continue
        if distance_m(place, point, last) <= sensing.geofence_m:
            return at
        last = point
    return None


def way(row: Row) -> list[tuple[datetime, tuple[float, float]]]:
    """The last report's positions with their times, oldest first.

    A row keeps them compressed, in any order: [milliseconds before `at`, latitude, longitude] each.
    """
    at = datetime.fromisoformat(row["at"])
    return sorted((at - timedelta(milliseconds=ms), (lat, lng)) for ms, lat, lng in row["reported"])
