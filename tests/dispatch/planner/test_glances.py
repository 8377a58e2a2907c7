"""What is told at a glance never says more than what is worked out, or the search would pass over what is best."""

from dataclasses import replace

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
MODES = st.sampled_from([QUICK, BUNDLING, replace(QUICK, reserve=0.0, early=0.0, overdue_after=900.0)])
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


def test_where_others_would_wait_that_is_told() -> None:
    """Told exactly, where each trip is of one delivery and nothing has time to spare."""
    open_ = [delivery("first", ready_in=0), delivery("far", at=3000, to=6000, ready_in=0)]
    problem = Problem(NOW, open_, [driver("a")], TRAVEL, replace(Settings(), reserve=0))
    made = _routes(problem, (), {})
    far, first = (
        next(job.number for job in problem.jobs if job.delivery.delivery_id == name) for name in ("far", "first")
    )
    route = made.make(0, ((first,),))
    assert route is not None
    assert abs(Glances(problem, made).adds_at_least(route, far) - made.insertion(route, far).adds) < 1e-3
