"""In which order the driver's page says what to do: as the trip's stops are, all pick-ups and then the drop-offs."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from local.simulator.api import DeliveryView
from local.simulator.driver import first_trip
from local.simulator.geometry import Point
from tests.web.script import run

ORDER = """
import {{ inOrder }} from './driver/carried';
console.log(JSON.stringify(inOrder({deliveries}).map(({{ id }}) => id)));
"""
EARLY, LATE = "2026-01-05T18:30:00.000Z", "2026-01-05T18:40:00.000Z"


def carried(id_: str, state: str, trip: str, at: str = EARLY) -> dict[str, Any]:
    """One of the deliveries that a trip's name spells, in the order of their drop-offs."""
    stops = [{"stop": "PICKUP", "deliveryIds": list(trip)}]
    stops += [{"stop": "DROPOFF", "deliveryIds": [each]} for each in trip]
    return {
        "id": id_,
        "state": state,
        "requestedAt": f"2026-01-05T18:{90 - ord(id_):02}:00.000Z",  # what was ordered first is not first in a trip
        "assignedAt": at,
        "trip": {"id": trip, "stops": stops},
    }


def in_order(tmp_path: Path, *deliveries: dict[str, Any]) -> str:
    return "".join(run(ORDER.format(deliveries=json.dumps(deliveries)), tmp_path))


@pytest.mark.parametrize(
    ("deliveries", "expected"),
    [
        ([carried("B", "ASSIGNED", "AB"), carried("A", "PICKED_UP", "AB")], "BA"),
        ([carried("B", "PICKED_UP", "AB"), carried("A", "PICKED_UP", "AB")], "AB"),
        ([carried("B", "PICKED_UP", "BA"), carried("A", "ARRIVED_AT_DROPOFF", "BA")], "BA"),
        ([carried("A", "RETURNING", "AB"), carried("B", "PICKED_UP", "AB")], "BA"),
        ([carried("C", "ASSIGNED", "C", LATE), carried("A", "PICKED_UP", "AB"), carried("B", "ASSIGNED", "AB")], "BAC"),
        ([carried("C", "ARRIVED_AT_PICKUP", "C", LATE), carried("A", "RETURNING", "A")], "AC"),
        ([carried("A", "DELIVERED", "AB"), carried("B", "PICKED_UP", "AB")], "B"),
    ],
    ids=[
        "what is not fetched yet comes before what is on board",
        "then the drop-offs in the trip's order",
        "whatever order that is",
        "what goes back comes last",
        "the next trip waits for the first",
        "for all of it",
        "what has ended is not shown",
    ],
)
def test_the_next_thing_to_do_is_the_trips_next_stop(
    tmp_path: Path, deliveries: list[dict[str, Any]], expected: str
) -> None:
    assert in_order(tmp_path, *deliveries) == expected


def test_pick_ups_at_several_places_are_in_the_trips_order(tmp_path: Path) -> None:
    stops = [{"stop": stop, "deliveryIds": [id_]} for stop in ("PICKUP", "DROPOFF") for id_ in "BA"]
    trip = {"trip": {"id": "t", "stops": stops}}
    assert in_order(tmp_path, carried("A", "ASSIGNED", "AB") | trip, carried("B", "ASSIGNED", "AB") | trip) == "BA"


def test_a_delivery_that_is_carried_alone_needs_no_trip(tmp_path: Path) -> None:
    alone = carried("A", "ASSIGNED", "A") | {"trip": None}
    assert in_order(tmp_path, carried("B", "ASSIGNED", "B", LATE), alone) == "AB"


def test_a_simulated_driver_goes_the_same_way(tmp_path: Path) -> None:
    on_board = [("C", "CD", LATE), ("B", "AB", EARLY), ("A", "AB", EARLY)]
    views = [
        DeliveryView(
            id=id_,
            state="PICKED_UP",
            pickup=Point(40.44, -80.0),
            dropoff=Point(40.45, -80.0),
            trip_id=trip,
            position=trip.index(id_),
            assigned_at=datetime.fromisoformat(at),
        )
        for id_, trip, at in on_board
    ]
    shown = in_order(tmp_path, *(carried(id_, "PICKED_UP", trip, at) for id_, trip, at in on_board))
    assert "".join(each.id for each in first_trip(views)) == shown[:2] == "AB"
