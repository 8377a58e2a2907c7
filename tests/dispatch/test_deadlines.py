"""When a search is widened, its customer asked, and the search ended."""

from datetime import timedelta

import pytest
from delivery_events.envelope import rfc3339

from services.dispatch.deadlines import Deadlines
from services.dispatch.picture import Clock
from services.dispatch.planner.model import Plan, Trip
from tests.dispatch.rows import DELIVERY_ID, DRIVER, NOW, Row, searching

READY = timedelta(minutes=10)  # when the row's food is expected


def at(minutes: float) -> Deadlines:
    """So long after the food was to be ready."""
    now = NOW + READY + timedelta(minutes=minutes)
    return Deadlines(Clock(1.0), now.timestamp(), found_within_s=1200, choice_s=900)


def asked(minutes_ago: float, seen: Deadlines, **changes: str) -> Row:
    return searching(delayed_at=rfc3339(seen.clock.moment(seen.now - 60 * minutes_ago)), **changes)


def trip(leaves_at: float) -> Trip:
    return Trip(DRIVER, (DELIVERY_ID,), (), leaves_at, leaves_at + 600)


@pytest.mark.parametrize(("minutes", "hard", "late"), [(9, False, False), (11, True, False), (21, True, True)])
def test_a_search_is_hard_after_half_of_the_time_and_late_after_all(minutes: float, hard: bool, late: bool) -> None:
    assert (at(minutes).is_hard(searching()), at(minutes).is_late(searching())) == (hard, late)


def test_who_was_asked_is_not_asked_again() -> None:
    assert not at(30).is_late(asked(5, at(30)))


def test_a_search_ends_when_its_customer_had_time_to_choose() -> None:
    seen = at(60)
    assert not seen.is_over(searching(), ())
    assert not seen.is_over(asked(14, seen), ())
    assert seen.is_over(asked(16, seen), ())
    assert not seen.is_over(asked(16, seen, pinned_to=DRIVER), ())
    assert not seen.is_over(asked(16, seen), {DELIVERY_ID})


def test_in_sight_is_who_is_left_for_soon_and_what_it_is_too_soon_to_plan() -> None:
    seen = at(60)
    assert seen.in_sight(Plan(later=(trip(seen.now + 899),))) == {DELIVERY_ID}
    assert seen.in_sight(Plan(later=(trip(seen.now + 901),))) == set()
    assert seen.in_sight(Plan(put_off=(DELIVERY_ID,))) == {DELIVERY_ID}
    assert seen.in_sight(Plan(left=(DELIVERY_ID,))) == set()
