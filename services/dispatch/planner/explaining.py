"""Why a trip is this driver's: what it would have cost with others, all else being as planned."""

from collections.abc import Sequence
from math import inf

from services.dispatch.planner.model import Considered, Explanation
from services.dispatch.planner.problem import MOST_CONSIDERED, Problem
from services.dispatch.planner.routes import Order, Route, Routes

MATTERS = 60.0  # seconds: what a cost must be to be told of


def explain(problem: Problem, made: Routes, planned: Sequence[Route], number: int) -> Explanation:
    """Why the first trip of this courier is its own."""
    route = planned[number]
    trip = route.trips[0]
    kept = made.make(number, route.trips[1:])
    own = route.cost - kept.cost if kept else route.cost
    names = sorted({each for job in trip for each in problem.jobs[job].near} - {number})
    others = []
    for each in names:
        allowed = all(each in problem.jobs[job].candidates for job in trip)
        adds, pickup_at = _instead(made, planned[each], trip) if allowed else (inf, inf)
        others.append(
            Considered(
                problem.couriers[each].driver.driver_id,
                adds - own,
                pickup_at,
                _because(problem, made, planned[each], trip, adds),
            )
        )
    others.sort(key=lambda each: (each.costs_more, each.driver_id))
    return Explanation(_decided(problem, number, trip, others), tuple(others[:MOST_CONSIDERED]))


def _instead(made: Routes, route: Route, trip: Order) -> tuple[float, float]:
    """What the trip adds to another's route where it fits best, and when that driver would have the food."""
    best, pickup_at = inf, inf
    for at in range(len(route.trips) + 1):
        other = made.make(route.courier.number, (*route.trips[:at], trip, *route.trips[at:]))
        if other is not None and other.cost - route.cost < best:
            best = other.cost - route.cost
            pickup_at = made.pickup_at(route.courier, other.states[at], trip)
    return best, pickup_at


def _because(problem: Problem, made: Routes, route: Route, trip: Order, adds: float) -> str:
    courier = route.courier
    driver, deliveries = courier.driver, [problem.jobs[each].delivery for each in trip]
    if any(driver.driver_id in each.barred for each in deliveries):
        return "an operator forbade it"
    if any(driver.driver_id in each.refused_by for each in deliveries):
        return "said no before"
    if any(each.vehicles and driver.vehicle not in each.vehicles for each in deliveries):
        return "has not the vehicle for it"
    if sum(each.size for each in deliveries) > driver.capacity:
        return "has not the room for it"
    if adds == inf:
        return "the shift ends too soon"
    if not courier.idle:
        return "is busy" if not courier.driver.answering else "has an offer to answer"
    if any(not problem.jobs[each[0]].coming for each in route.trips):
        return "is meant for another trip"
    if any(made.missed(problem.jobs[each], courier.ends) > MATTERS for each in trip):
        return "the shift may end before the food is ready"
    if route.trips:
        return "is kept for orders that are expected"
    return "free"


def _decided(problem: Problem, number: int, trip: Order, others: Sequence[Considered]) -> str:
    deliveries = [problem.jobs[each].delivery for each in trip]
    driver = problem.couriers[number].driver
    if any(each.pinned_to == driver.driver_id for each in deliveries):
        return "an operator pinned it to this driver"
    if not others or others[0].costs_more == inf:
        return "nobody else can carry it"
    more = others[0].costs_more
    if more < 0:
        return f"best in the plan of all trips; for this one alone {others[0].driver_id} costs {-more:.0f} s less"
    return f"costs {more:.0f} s less in all than with {others[0].driver_id}, the next best"
