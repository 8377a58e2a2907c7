"""What a change of the table sets in motion once its events are published."""

from typing import Any

import pytest
from delivery_events.outbox import Change

from services.dispatch.consequences import Consequences
from services.dispatch.planner import Point
from tests.dispatch.fakes import FakeRounds, FakeTimers
from tests.dispatch.rows import (
    DRIVER,
    NOW,
    OFFER,
    ZONE,
    Row,
    assigned,
    driver,
    driver_busy,
    driver_offered,
    off_duty,
    offered,
    searching,
)


class FakeTable:
    def __init__(self) -> None:
        self.zones: dict[str, tuple[Point, str]] = {}

    def set_zone(self, driver_id: str, position: Point, zone: str) -> bool:
        self.zones[driver_id] = (position, zone)
        return True


class World:
    def __init__(self, old: Row | None, new: Row | None) -> None:
        self.table, self.rounds, self.timers = FakeTable(), FakeRounds(), FakeTimers()
        Consequences(self.table, self.rounds, self.timers, now=lambda: NOW).follow(Change(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, searching()),
        (offered(), searching(transition="declineOffer")),
        (assigned(), searching(transition="dropOut")),
        (driver_offered(), driver()),
        (driver_busy(), driver()),
        (driver(zone_key=None), driver()),
    ],
    ids=["opened", "declined", "dropped out", "driver declined", "driver done", "driver's zone found"],
)
def test_a_round_is_asked_for_where_work_opened_or_a_driver_came_free(old: Row | None, new: Row) -> None:
    assert World(old, new).rounds.asked == [ZONE]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (searching(), searching(ready_at=OFFER["expires_at"])),
        (searching(), offered()),
        (driver(), driver(position={"lat": 40.5, "lng": -80.0})),
        (driver(), driver_offered()),
        (driver_busy(), driver_busy(zone_key="872aa845affffff")),
        (driver_busy(on_duty=False, zone_key=None), off_duty()),
        (searching(), None),
    ],
    ids=["ready", "offered", "moved", "driver offered", "busy driver moved", "done and off duty", "deleted"],
)
def test_nothing_else_asks_for_a_round(old: Row | None, new: Row | None) -> None:
    assert World(old, new).rounds.asked == []


def test_an_offer_starts_its_clock() -> None:
    [timer] = World(searching(), offered()).timers.running
    assert timer.model_dump(mode="json", exclude={"kind"}) == {
        "delivery_id": offered()["delivery_id"],
        "offer_id": OFFER["offer_id"],
        "due": OFFER["expires_at"],
    }


@pytest.mark.parametrize("new", [offered(ready_at=OFFER["expires_at"]), assigned()])
def test_an_offer_that_is_known_starts_no_second_clock(new: dict[str, Any]) -> None:
    assert World(offered(), new).timers.running == []


def test_a_driver_who_came_on_duty_gets_a_zone() -> None:
    found = World(off_duty(), driver(zone_key=None)).table.zones
    assert found == {DRIVER: (Point(40.44, -80.0), ZONE)}


@pytest.mark.parametrize("new", [driver(), off_duty()])
def test_a_driver_with_a_zone_or_off_duty_needs_none(new: Row) -> None:
    assert World(None, new).table.zones == {}
