"""Drivers and deliveries held twice."""

import random
from typing import Any

import pytest
from delivery_events import Event

from local.simulator.assignments import double_assignments
from tests.local.simulator.made import delivery_event


def carried(order: str, driver: str, since: float, until: float, trip: str | None = None) -> list[Event[Any]]:
    part = {"trip_id": trip or order, "position": 1, "size": 1, "metres": 1.0}
    return [
        delivery_event("assigned", order, driver, time=since, sequence=1, trip=part),
        delivery_event("delivered", order, driver, time=until, sequence=3),
    ]


def test_one_after_the_other_is_fine() -> None:
    assert double_assignments([*carried("o1", "d1", 0, 60), *carried("o2", "d1", 60, 90)]) == 0


def test_two_drivers_at_once_are_fine() -> None:
    assert double_assignments([*carried("o1", "d1", 0, 60), *carried("o2", "d2", 10, 90)]) == 0


def test_a_trip_of_several_and_the_next_one_are_fine() -> None:
    trip = [event for n in range(4) for event in carried(f"o{n}", "d1", 0, 60 + n, "trip-1")]
    assert double_assignments([*trip, *carried("o9", "d1", 50, 90)]) == 0


def test_a_driver_with_a_third_trip_at_once_is_found() -> None:
    events = [*carried("o1", "d1", 0, 60), *carried("o2", "d1", 10, 90), *carried("o3", "d1", 59, 95)]
    assert double_assignments(events) == 1
    assert double_assignments(events, at_once=1) == 2


def test_a_delivery_assigned_again_while_somebody_has_it_is_found() -> None:
    events = [
        delivery_event("assigned", "o1", "d1", time=0, sequence=3),
        delivery_event("assigned", "o1", "d2", time=5, sequence=4),
        delivery_event("delivered", "o1", "d2", time=9, sequence=5),
    ]
    assert double_assignments(events) == 1


@pytest.mark.parametrize("kind", ["driver_dropped", "cancelled", "returned"])
def test_what_was_given_back_can_be_assigned_again(kind: str) -> None:
    events = [
        delivery_event("assigned", "o1", "d1", time=0, sequence=3),
        delivery_event(kind, "o1", "d1", time=5, sequence=4),
        delivery_event("assigned", "o1", "d2", time=6, sequence=5),
        *carried("o2", "d1", 7, 8),
    ]
    assert double_assignments(events) == 0


def test_what_is_never_given_back_is_held_for_ever() -> None:
    events = [delivery_event("assigned", "o1", "d1", time=0), *carried("o2", "d1", 1_000_000, 1_000_001)]
    assert double_assignments(events, at_once=1) == 1


def test_repeated_and_shuffled_events_change_nothing() -> None:
    events = [*carried("o1", "d1", 0, 60), *carried("o2", "d1", 60, 90), *carried("o3", "d1", 70, 80)] * 2
    random.Random(1).shuffle(events)  # noqa: S311 - the same order in every run
    assert double_assignments(events, at_once=1) == 1
