"""What a driver has ahead, by the driver's row: the next stop of each delivery carried, and which of them come first.

A stop stays until its delivery's next state: `arrived` marks that the driver is there. What was accepted at once
(`assigned_at`) is a trip: all of it is picked up, then handed over in the order of its drop-offs (`trip_position`), and
only then comes what was accepted later.
"""

from collections.abc import Mapping
from typing import Any

from delivery_events.values import Stop

Row = Mapping[str, Any]

PREFIX = "stop#"  # each stop is an attribute of its own, so that setting one needs no map to be there


def stops(driver: Row) -> dict[str, Row]:
    """By order id."""
    return {name.removeprefix(PREFIX): driver[name] for name in sorted(driver) if name.startswith(PREFIX)}


def due(driver: Row) -> dict[str, Row]:
    """Those that come next, by order id: the pick-ups of a trip, all at once, or one drop-off."""
    ahead = stops(driver)
    first = min(map(_turn, ahead.values()), default=None)
    return {order_id: stop for order_id, stop in ahead.items() if _turn(stop) == first}


def begins(driver: Row, stop: Row) -> str:
    """From when on a position counts for a stop that is due: it was set (`since`), and the stop before was done."""
    return max(str(stop["since"]), str(driver.get("turned_at", "")))


def other_on_board(driver: Row, order_id: str) -> bool:
    """Whether the driver's last report may show where another order goes: that one's drop-off is ahead, or was when the
    position was measured."""
    others = (stop for other, stop in stops(driver).items() if other != order_id)
    return any(stop["stop"] == Stop.DROPOFF for stop in others) or driver["at"] < driver.get("turned_at", "")


def _turn(stop: Row) -> tuple[str, int]:
    """Sorts as the stops are visited; pick-ups of one trip come at the same turn."""
    accepted = stop.get("assigned_at", stop["since"])
    return accepted, stop.get("trip_position", 1) if stop["stop"] == Stop.DROPOFF else 0
