"""When a driver will have ended what it carries, where that is no longer all that was offered. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

Row = dict[str, Any]


def last_of(trip: Row, carried: Collection[str]) -> str:
    """The delivery of the trip that is handed over last, of those still carried."""
    ids: list[str] = trip["delivery_ids"]
    return [each for each in ids if each in carried][-1]


def planned(trip: Row, carried: Collection[str]) -> datetime:
    """When the trip was to end, had it been offered up to the last of these: ways round that are saved do not count."""
    last, handed_over = last_of(trip, carried), {}
    for stop in trip["stops"]:
        handed_over.update(dict.fromkeys(stop["delivery_ids"], datetime.fromisoformat(stop["expected_at"])))
    after = datetime.fromisoformat(trip["ends_at"]) - handed_over[trip["delivery_ids"][-1]]
    return handed_over[last] + after


def behind(trip: Row, free_at: datetime) -> timedelta:
    """By how much the trip begins later than planned where its driver is free by then. Old rows do not say when it was
    to begin: such a trip is taken to be in time."""
    if "leaves_at" not in trip:
        return timedelta()
    return max(timedelta(), free_at - datetime.fromisoformat(trip["leaves_at"]))
