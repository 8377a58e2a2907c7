"""What is told at a glance never says more than what is worked out, or the search would pass over what is best."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.planner import coming
from services.dispatch.planner.glances import Glances
from services.dispatch.planner.model import Delivery, Demand, Driver, Settings
from services.dispatch.planner.planning import _routes
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.search import Search
from tests.dispatch.planner.rounds import MERCHANTS, NOW, QUICK, TRAVEL, deliveries, delivery, driver, drivers
from tests.dispatch.planner.test_rules import ROUNDS

BUNDLING = Settings(iterations=20, neighbour_m=1000.0, most_in_trip=3, steepness=0.0, fairness=30.0)
FAST = replace(QUICK, pickup_before=30, pickup_after=30, dropoff_before=30, dropoff_after=30)
MODES = st.sampled_from([QUICK, BUNDLING, FAST, replace(QUICK, reserve=0.0, early=0.0, overdue_after=900.0)])
DEMAND = [Demand(spot, 0.004) for spot in MERCHANTS]


@ROUNDS
@given(deliveries(), drivers(), MODES)
def test_a_job_adds_to_a_route_no_less_than_is_told_at_a_glance(
    open_: list[Delivery], on_duty: list[Driver], mode: Settings
) -> None:
    may = [each for each in open_ if not each.forced]
    problem = Problem(NOW, may, on_duty, TRAVEL, mode, coming.drawn(NOW, DEMAND, mode))
    made = _routes(problem, DEMAND, {})
    search = Search(problem, made)
    search.fill()
    search.run(mode.iterations, lambda: False)
    glances = Glances(problem, made)
    for job in problem.jobs:
        for route in {search.routes[each] for each in job.candidates}:
            if all(job.number not in trip for trip in route.trips):
                at_least = glances.adds_at_least(route, job.number)
                assert at_least <= made.insertion(route, job.number).adds + 1e-6


def told_and_true(
    route: list[list[Delivery]], job: Delivery, mode: Settings, *, at: float = 0.0, shift: float = inf
) -> tuple[float, float]:
    """What a job adds to one driver's route: at least, as is told, and as is worked out. What opens later is only
    expected."""
    given = [*(each for trip in route for each in trip), job]
    given.sort(key=lambda each: each.opened_at > NOW)
    known = [each for each in given if each.opened_at <= NOW]
    on_duty = driver("a", at=at, shift_ends_at=NOW + shift)
    problem = Problem(NOW, known, [on_duty], TRAVEL, replace(mode, reserve=0.0), given[len(known) :])
    made = _routes(problem, (), {})
    numbers = {each.delivery.delivery_id: each.number for each in problem.jobs}
    start = made.make(0, tuple(tuple(numbers[each.delivery_id] for each in trip) for trip in route))
    assert start is not None
    number = numbers[job.delivery_id]
    return Glances(problem, made).adds_at_least(start, number), made.insertion(start, number).adds


def test_where_others_would_wait_that_is_told() -> None:
    """Told exactly, where each trip is of one delivery and nothing has time to spare."""
    told, true = told_and_true([[delivery("first")]], delivery("far", at=3000, to=6000), QUICK)
    assert told == pytest.approx(true, abs=1e-3)


def test_that_a_shift_may_end_before_the_food_is_ready_counts_however_the_job_is_put_in() -> None:
    """The chance of two spreads, a little more than a normal distribution's, of what an order costs that is left."""
    unsure = delivery("d", at=3000, to=6000, ready_in=2400, ready_spread=240)
    told, true = told_and_true([[delivery("first")]], unsure, QUICK, shift=2880)
    sure, least = told_and_true([[delivery("first")]], unsure, QUICK)
    assert told <= true
    assert true - least == pytest.approx(5400 * 0.0259, abs=1)
    assert told >= sure


def expected(name: str, *, at: float, opens_in: float) -> Delivery:
    return replace(delivery(name, at=at, to=at, ready_in=opens_in), opened_at=NOW + opens_in)


@pytest.mark.parametrize(
    ("route", "job", "mode", "at"),
    [
        ([[delivery("x", to=4500)]], expected("soon", at=4500, opens_in=480), FAST, 0.0),
        (
            [[delivery("x", to=900)], [expected("soon", at=3900, opens_in=480)]],
            delivery("y", at=1, to=-450, ready_in=-3000),
            FAST,
            0.0,
        ),
        (
            [[delivery("x", ready_in=-30), delivery("z", at=900, ready_in=-20)]],
            delivery("y", ready_in=-10),
            replace(QUICK, neighbour_m=1000.0),
            1800.0,
        ),
    ],
    ids=["what is expected is nearer by then", "who waits for it has time to spare", "another merchant comes first"],
)
def test_what_may_be_quicker_than_it_looks_is_not_told(
    route: list[list[Delivery]], job: Delivery, mode: Settings, at: float
) -> None:
    told, true = told_and_true(route, job, mode, at=at)
    assert told <= true + 1e-6
