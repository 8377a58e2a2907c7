"""What two images of a driver's row say of its movement."""

from typing import Any

import pytest
from delivery_events import Event

from services.tracking.domain import events_for, follow, timeline_entry
from services.tracking.geometry import distance_m
from services.tracking.movement import Sensing
from services.tracking.stack import CONCERNS_SOMEBODY
from tests.stream_filters import reaches
from tests.tracking.journey import KEPT, PLACED, at, driver, minute

SENSING = Sensing(moved_every_s=60, geofence_m=60)

# Metres north of the merchant at 40.44, in degrees of latitude.
METRE = 1 / 111_195
MERCHANT = {"stop": "PICKUP", "lat": 40.44, "lng": -80.0, "since": at(3)}


def north(metres: float) -> float:
    return 40.44 + metres * METRE


def report(metres: float, when: float, *way: tuple[int, float], sequence: int = 2, **changes: Any) -> dict[str, Any]:
    """The driver's row after a report from `metres` north of the merchant, `when` minutes after the order was placed.

    `way`: what else was measured, as (milliseconds before that, metres north).
    """
    reported = [[0, north(metres), -80.0], *([ms, north(far), -80.0] for ms, far in way)]
    return driver(lat=north(metres), at=at(when), reported=reported, sequence=sequence, **changes)


def types(old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[str]:
    return [event.metadata.type for event in events_for(old, new, SENSING)]


def arrived(old: dict[str, Any], new: dict[str, Any]) -> list[Event[Any]]:
    return [event for event in events_for(old, new, SENSING) if event.metadata.type == "driver.arrived"]


def test_the_first_report_says_where_the_driver_is() -> None:
    [event] = events_for(None, driver(), SENSING)
    assert event.metadata.type == "driver.moved"
    assert (event.data.position.lat, event.data.position.lng) == (40.43, -80.0)
    assert (event.metadata.aggregate_id, event.metadata.correlation_id) == ("driver-1", "driver-1")
    assert event.metadata.causation_id == "request:test"


def test_a_driver_who_stays_in_one_zone_is_told_of_once_in_each_interval() -> None:
    assert types(report(0, 5), report(20, 5.5, sequence=2)) == []
    assert types(report(0, 5, sequence=1), report(20, 6.1)) == ["driver.moved"]


def test_a_driver_who_enters_another_zone_is_told_of_at_once() -> None:
    there = events_for(report(0, 5, sequence=1), report(5_000, 5.5), SENSING)
    assert [event.metadata.type for event in there] == ["driver.moved"]
    assert there[0].data.zone != events_for(None, report(0, 5), SENSING)[0].data.zone


def test_coming_near_a_stop_is_an_arrival_and_staying_there_is_none() -> None:
    ahead: dict[str, Any] = {"stop#order-1": MERCHANT}
    far, near = report(400, 5, sequence=1, **ahead), report(50, 5.5, **ahead)
    [event] = arrived(far, near)
    assert (event.data.delivery_id, event.data.stop, event.data.driver_id) == ("order-1", "PICKUP", "driver-1")
    assert event.metadata.correlation_id == "order-1"
    assert arrived(near, report(40, 5.8, sequence=3, **ahead)) == []


def test_a_stop_is_reached_when_the_way_passed_it_between_two_measurements() -> None:
    """A driver at 10 m/s is past a geofence of 60 m within two measurements."""
    ahead: dict[str, Any] = {"stop#order-1": MERCHANT}
    [event] = arrived(report(-900, 5, sequence=1, **ahead), report(300, 5.5, (15_000, -200), **ahead))
    assert event.data.at.isoformat() == "2026-01-05T18:35:30+00:00"


def test_whoever_waits_at_a_stop_when_it_is_set_has_arrived() -> None:
    waiting = report(10, 5, sequence=1)
    assert arrived(waiting, waiting | {"sequence": 2, "stop#order-1": MERCHANT | {"since": at(4.9)}})


def test_where_the_driver_was_before_the_stop_was_set_does_not_count() -> None:
    waiting = report(10, 5, sequence=1)
    assert arrived(waiting, waiting | {"sequence": 2, "stop#order-1": MERCHANT | {"since": at(5.1)}}) == []


def test_whoever_was_there_before_the_stop_was_set_arrives_with_the_next_report() -> None:
    ahead: dict[str, Any] = {"stop#order-1": MERCHANT | {"since": at(5.1)}}
    [event] = arrived(report(10, 5, **ahead), report(10, 5.5, sequence=3, **ahead))
    assert event.data.at.isoformat() == "2026-01-05T18:35:30+00:00"


def test_two_pick_ups_of_a_trip_reached_at_once_are_two_events() -> None:
    ahead: dict[str, Any] = {"stop#order-1": MERCHANT, "stop#order-2": MERCHANT}
    events = arrived(report(400, 5, sequence=1, **ahead), report(0, 5.5, **ahead))
    assert [event.data.delivery_id for event in events] == ["order-1", "order-2"]
    assert len({event.metadata.event_id for event in events}) == 2


def door(metres: float, position: int, **more: Any) -> dict[str, Any]:
    """The drop-off of a delivery that was accepted with `MERCHANT`'s, `metres` north of the merchant."""
    place = {"lat": north(metres), "lng": -80.0, "since": at(4)}
    return {"stop": "DROPOFF", **place, "assigned_at": at(3), "trip_position": position, **more}


NEXT_TRIP = MERCHANT | {"since": at(3.5)}


def test_who_passes_a_later_door_on_the_way_to_the_first_has_not_arrived_there() -> None:
    ahead: dict[str, Any] = {"stop#order-1": door(800, 2), "stop#order-2": door(1500, 1)}
    passing, there = report(790, 5.5, **ahead), report(1500, 6, (10_000, 800), sequence=3, **ahead)
    assert arrived(report(0, 5, sequence=1, **ahead), passing) == []
    assert [event.data.delivery_id for event in arrived(passing, there)] == ["order-2"]
    waiting = ahead | {"stop#order-2": ahead["stop#order-2"] | {"arrived": True}}
    assert arrived(there, there | waiting | {"sequence": 4}) == []
    # Once that is handed over, the way that passed the other door before does not count.
    left = {name: value for name, value in there.items() if name != "stop#order-2"} | {"turned_at": at(6.5)}
    assert arrived(there | waiting, left | {"sequence": 5}) == []
    back = report(800, 7, sequence=6, **{"stop#order-1": ahead["stop#order-1"], "turned_at": at(6.5)})
    assert [event.data.delivery_id for event in arrived(left, back)] == ["order-1"]


def test_who_has_arrived_at_two_doors_of_one_house_arrives_at_the_second_after_the_first() -> None:
    ahead: dict[str, Any] = {"stop#order-1": door(800, 2), "stop#order-2": door(800, 1, arrived=True)}
    waiting = report(800, 6.6, **ahead)
    left = {name: value for name, value in waiting.items() if name != "stop#order-2"}
    [event] = arrived(waiting, left | {"turned_at": at(6.5), "sequence": 3})
    assert (event.data.delivery_id, event.data.stop) == ("order-1", "DROPOFF")


@pytest.mark.parametrize("on_board", [MERCHANT | {"lat": north(900)}, door(900, 1)], ids=["to be fetched", "on board"])
def test_who_passes_the_next_trips_merchant_on_the_first_has_not_arrived_there(on_board: dict[str, Any]) -> None:
    ahead: dict[str, Any] = {"stop#order-1": NEXT_TRIP, "stop#order-2": on_board}
    assert arrived(report(-400, 5, sequence=1, **ahead), report(400, 5.5, (10_000, 0), **ahead)) == []
    alone: dict[str, Any] = {"stop#order-1": NEXT_TRIP}
    assert len(arrived(report(-400, 5, sequence=1, **alone), report(400, 5.5, (10_000, 0), **alone))) == 1


def test_a_trip_is_fetched_before_any_of_it_is_handed_over() -> None:
    ahead: dict[str, Any] = {"stop#order-1": MERCHANT, "stop#order-2": door(0, 1)}
    [event] = arrived(report(400, 5, sequence=1, **ahead), report(0, 5.5, **ahead))
    assert (event.data.delivery_id, event.data.stop) == ("order-1", "PICKUP")


def test_who_is_known_to_have_arrived_arrives_no_more() -> None:
    there: dict[str, Any] = {"stop#order-1": MERCHANT | {"arrived": True}}
    assert arrived(report(400, 5, sequence=1, **there), report(0, 5.5, **there)) == []


@pytest.mark.parametrize("row", [driver(), driver(turned_at=at(6)), driver(at=None)])
def test_every_change_of_a_driver_reaches_the_outbox(row: dict[str, Any]) -> None:
    assert reaches(CONCERNS_SOMEBODY, None, row)
    assert reaches(CONCERNS_SOMEBODY, driver(sequence=0), row)


def test_an_order_at_which_nobody_looks_and_its_timeline_do_not() -> None:
    row = follow(None, PLACED, now=minute(0), kept=KEPT)
    assert not reaches(CONCERNS_SOMEBODY, None, row)
    assert not reaches(CONCERNS_SOMEBODY, None, timeline_entry(PLACED, keep_s=60))


def test_the_same_change_makes_the_same_events_again() -> None:
    ahead: dict[str, Any] = {"stop#order-1": MERCHANT}
    old, new = report(400, 5, sequence=1), report(0, 7, **ahead)
    assert events_for(old, new, SENSING) == events_for(old, new, SENSING) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (driver(), driver(expires_at=1)),  # a technical change
        (driver(), None),
        (None, {"pk": "ORDER#1", "sk": "TRACKING", "sequence": 1}),
        (None, driver(at=None, lat=None, lng=None, reported=None, **{"stop#order-1": MERCHANT})),  # never reported
    ],
)
def test_nothing_else_makes_an_event(old: dict[str, Any] | None, new: dict[str, Any] | None) -> None:
    assert types(old, new) == []


def test_distances_are_metres_to_the_nearest_point_of_the_way() -> None:
    here = (40.44, -80.0)
    assert distance_m(here, (41.44, -80.0)) == pytest.approx(111_195, abs=1)
    assert distance_m(here, (40.44, -80.01), (40.44, -79.99)) == pytest.approx(0, abs=0.01)
    assert distance_m((0.0, 179.9999), (0.0, -179.9999)) == pytest.approx(22.2, abs=0.1)  # across the antimeridian
