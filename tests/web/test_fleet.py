"""What the operators' board knows of drivers and deliveries, of what it asks for and what it is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.script import run

PICTURE = """
import {{ NOTHING, changed, loaded }} from './operator/fleet';
const next = (known, {{ change, drivers = [], deliveries = [] }}) =>
  change ? changed(known, change) : loaded(known, drivers, deliveries);
const fleet = {steps}.reduce(next, NOTHING);
console.log(JSON.stringify([...fleet.drivers.values(), ...fleet.deliveries.values()]));
"""
HERE, THERE = {"lat": 40.44, "lng": -79.99}, {"lat": 40.45, "lng": -79.98}


def known(folder: Path, *steps: dict[str, Any]) -> Any:
    [found] = run(PICTURE.format(steps=json.dumps(steps)), folder)
    return found


def driver(sequence: int = 4, moves: int | None = 7, **more: Any) -> dict[str, Any]:
    given = {"id": "d", "state": "AVAILABLE", "onDuty": True, "position": HERE}
    return given | {"sequence": sequence, "positionSequence": moves} | more


def told(zone: str | None, **more: Any) -> dict[str, Any]:
    return {"change": {"zone": zone, "driver": driver(**more)}}


def asked(zone: str | None, **more: Any) -> dict[str, Any]:
    return {"drivers": [driver(zone=zone, **more)]}


@pytest.mark.parametrize(
    ("earlier", "later", "zone", "position"),
    [
        (asked("A"), asked("A", moves=8, position=THERE), "A", THERE),
        (told("A"), asked("A", moves=8, position=THERE), "A", THERE),
        (told(None, moves=None), told("A", moves=None), "A", HERE),
        (told("A"), told("B", position=THERE), "B", THERE),
        (told("B", moves=8, position=THERE), asked("A"), "B", THERE),
        (told("B", sequence=5, position=THERE), told("A", moves=9), "B", THERE),
    ],
    ids=[
        "who moves while the board is not told",
        "who moved without the board's being told",
        "whose zone was found after going on duty",
        "who is where an order was handed over",
        "an answer that is older than what was told",
        "what was told late",
    ],
)
def test_a_driver_is_where_the_newest_news_has_it(
    tmp_path: Path, earlier: dict[str, Any], later: dict[str, Any], zone: str, position: dict[str, float]
) -> None:
    found = known(tmp_path, earlier, later)
    assert (found["zone"], found["position"]) == (zone, position)


def test_food_that_is_ready_is_no_step_and_is_shown(tmp_path: Path) -> None:
    delivery = {"id": "o", "state": "SEARCHING", "readyAt": None, "sequence": 1}
    ready = "2026-01-05T18:30:00.000Z"
    steps = [{"change": {"zone": "A", "delivery": delivery | more}} for more in ({}, {"readyAt": ready})]
    assert known(tmp_path, *steps)["readyAt"] == ready
