"""The plan of one round."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from services.dispatch.planner import coming, explaining
from services.dispatch.planner.model import (
    Delivery,
    Demand,
    Doing,
    Driver,
    Explanation,
    Plan,
    Settings,
    Stop,
    Travel,
    Trip,
)
from services.dispatch.planner.problem import Courier, Problem, due
from services.dispatch.planner.routes import Order, Route, Routes, State, Trips, in_hand, pickups
from services.dispatch.planner.search import Search
from services.dispatch.planner.worth import Worth

Intended = Mapping[str, Sequence[Sequence[str]]]


def plan(
    now: float,
    deliveries: Sequence[Delivery],
    drivers: Sequence[Driver],
    travel: Travel,
    settings: Settings,
    *,
    demand: Sequence[Demand] = (),
    before: Intended | None = None,
    expired: Callable[[], bool] = lambda: False,
) -> Plan:
    """Which trips leave now, and which are intended for later. Raises ValueError where two have the same id.

    The same arguments give the same plan. `demand`: where orders are expected; none: drivers are kept back nowhere.
    `before`: the trips intended by the round before, by driver, each the ids of its deliveries in the order of their
    drop-offs, from which the search starts; what no longer fits is planned anew. `expired`: asked between the steps of
    the search, and says when the time for it is over; the plan is then the best found so far, and no longer the same
    for the same arguments.
    """
    deadline = now - settings.give_up_after
    given_up = tuple(sorted(each.delivery_id for each in deliveries if each.opened_at <= deadline and not each.forced))
    open_ = sorted((each for each in deliveries if each.delivery_id not in given_up), key=lambda each: each.delivery_id)
    on_duty = sorted(drivers, key=lambda each: each.driver_id)
    _distinct("delivery", (each.delivery_id for each in open_))
    _distinct("driver", (each.driver_id for each in on_duty))
    fixed = _forced(now, open_, on_duty, travel, settings)
    searched, put_off = _soon(now, [each for each in open_ if not each.forced], settings)
    expected = coming.drawn(now, demand, settings) if open_ else ()
    problem = Problem(now, searched, [_after(each, fixed) for each in on_duty], travel, settings, expected)
    kept = _kept(problem, before or {})
    routes = _routes(problem, demand, kept)
    search = Search(problem, routes)
    for number, trips in kept.items():
        if (route := routes.make(number, trips)) is not None:
            search.place(route)
    search.fill()
    search.run(settings.iterations, expired)
    made = replace(_answer(problem, routes, search), given_up=given_up, put_off=put_off)
    return _with_forced(made, now, open_, on_duty, fixed, settings) if any(each.forced for each in open_) else made


def _distinct(kind: str, names: Iterable[str]) -> None:
    last = None
    for name in names:
        if name == last:
            raise ValueError(f"{kind} {name} is given twice")
        last = name


def _soon(now: float, deliveries: Sequence[Delivery], settings: Settings) -> tuple[Sequence[Delivery], tuple[str, ...]]:
    """Those to plan, and those put off, as `Settings.horizon` has it."""
    if len(deliveries) <= settings.enough:
        return deliveries, ()
    last = max(now + settings.horizon, sorted(due(each, settings) for each in deliveries)[settings.enough - 1])
    soon = [each for each in deliveries if due(each, settings) <= last or each.pinned_to is not None]
    names = {each.delivery_id for each in soon}
    return soon, tuple(each.delivery_id for each in deliveries if each.delivery_id not in names)


def _forced(
    now: float, deliveries: Sequence[Delivery], drivers: Sequence[Driver], travel: Travel, settings: Settings
) -> dict[str, list[Trip]]:
    """What operators forced on drivers on duty, by driver: a trip each, the one that was opened first first. The search
    has no say in it: the rest is planned around these."""
    by_id = {each.driver_id: each for each in drivers}
    fixed: dict[str, list[Trip]] = {}
    for delivery in sorted((each for each in deliveries if each.forced), key=lambda each: each.opened_at):
        name = delivery.pinned_to
        if name in by_id and name not in delivery.barred:
            alone = Problem(now, [delivery], [_after(by_id[name], fixed)], travel, settings)
            [courier] = alone.couriers
            trip = _trip(alone, courier, (0,), earliest=courier.start, start=courier.place)
            fixed.setdefault(name, []).append(trip)
    return fixed


def _after(driver: Driver, fixed: Mapping[str, Sequence[Trip]]) -> Driver:
    """The driver as it will be after the trips that are forced on it."""
    trips = fixed.get(driver.driver_id)
    return replace(driver, free_at=trips[-1].free_at, spot=trips[-1].stops[-1].spot) if trips else driver


def _with_forced(
    made: Plan, now: float, deliveries: Sequence[Delivery], drivers: Sequence[Driver],
    fixed: Mapping[str, Sequence[Trip]], settings: Settings,
) -> Plan:  # fmt: skip
    """A plan of the rest, with what operators forced."""
    commit, later = list(made.commit), list(made.later)
    explanations = {name: why for name, why in made.explanations.items() if name not in fixed}
    for driver in drivers:
        trips = list(fixed.get(driver.driver_id, ()))
        if trips and not driver.answering and _leaves_now(now, trips[0], settings):
            explanations[driver.driver_id] = Explanation("an operator forced it", ())
            if driver.free_at <= now:
                commit.append(trips.pop(0))
        later += trips
    commit.sort(key=lambda trip: trip.driver_id)
    later.sort(key=lambda trip: (trip.leaves_at, trip.driver_id))
    placed = {each for trip in (*commit, *later) for each in trip.delivery_ids}
    left = [each.delivery_id for each in deliveries if each.forced and each.delivery_id not in placed]
    return replace(made, commit=tuple(commit), later=tuple(later), explanations=explanations, left=(*made.left, *left))


def _kept(problem: Problem, before: Intended) -> dict[int, Trips]:
    """What was intended, as far as it is still allowed, by courier."""
    numbers = {job.delivery.delivery_id: job.number for job in problem.jobs if not job.coming}
    kept: dict[int, Trips] = {}
    for courier in problem.couriers:
        trips: list[Order] = []
        for trip in before.get(courier.driver.driver_id, ()):
            # Out of `numbers` as it is planned: nothing is carried twice.
            known = [numbers[name] for name in trip if name in numbers]
            allowed = tuple(each for each in known if courier.number in problem.jobs[each].candidates)
            if allowed and sum(problem.jobs[each].size for each in allowed) <= courier.capacity:
                trips.append(allowed)
                for each in allowed:
                    del numbers[problem.jobs[each].delivery.delivery_id]
        if trips:
            kept[courier.number] = tuple(trips)
    return kept


def _routes(problem: Problem, demand: Sequence[Demand], kept: dict[int, Trips]) -> Routes:
    reserve = problem.settings.reserve
    if not reserve or not any(each.rate > 0 for each in demand):
        return Routes(problem)
    plain = Routes(problem)
    stands: list[State] = [(each.start, each.place, 0.0) for each in problem.couriers]
    for number, trips in kept.items():
        if (route := plain.make(number, trips)) is not None:
            stands[number] = route.states[-1]
    worth = Worth(problem, demand, stands)
    before, after = worth.before, worth.after

    def drawing(courier: Courier, time: float, place: int) -> float:
        return courier.price + reserve * (before[courier.number] - after(courier, time, place))

    return Routes(problem, drawing)


def _answer(problem: Problem, routes: Routes, search: Search) -> Plan:
    commit, later, explanations = [], [], {}
    for route in search.routes:
        trips = _trips(problem, route)
        if not trips:
            continue
        courier = route.courier
        first = not problem.jobs[route.trips[0][0]].coming
        if first and not courier.driver.answering and _leaves_now(problem.now, trips[0], problem.settings):
            explanations[courier.driver.driver_id] = explaining.explain(problem, routes, search.routes, courier.number)
            if courier.idle:
                commit.append(trips.pop(0))
        later += trips
    later.sort(key=lambda trip: (trip.leaves_at, trip.driver_id))
    left = [job.delivery.delivery_id for job in problem.jobs if job.number in search.bank and not job.coming]
    return Plan(tuple(commit), tuple(later), left=tuple(left), explanations=explanations, iterations=search.steps)


def _leaves_now(now: float, trip: Trip, settings: Settings) -> bool:
    return trip.leaves_at - settings.answer_within < now + settings.round_every


def _trips(problem: Problem, route: Route) -> list[Trip]:
    return [
        _trip(problem, route.courier, trip, earliest=time, start=place)
        for (time, place, _), trip in zip(route.states, route.trips, strict=False)
        if not problem.jobs[trip[0]].coming
    ]


def _trip(problem: Problem, courier: Courier, trip: Order, *, earliest: float, start: int) -> Trip:
    """The trip with its stops. It leaves as late as it can without its first pick-up being any later."""
    settings, places, jobs = problem.settings, problem.places, problem.jobs
    stops: list[Stop] = []
    time, place, leaves_at = earliest, start, earliest
    for merchant, handed in pickups(jobs, trip):
        leg = places.ask(place, merchant, courier.vehicle)
        due = max(handed, key=lambda job: job.ready).due
        if not stops and not any(job.delivery.forced for job in handed):
            time = leaves_at = max(time, due - leg - settings.pickup_before)
        arrives = time + leg
        at = in_hand(arrives + settings.pickup_before, handed)
        names = tuple(jobs[each].delivery.delivery_id for each in trip if jobs[each].pickup == merchant)
        stops.append(_stop(problem, Doing.PICK_UP, names, place, merchant, arrives, at))
        time, place = at + settings.pickup_after, merchant
    for each in trip:
        job = jobs[each]
        arrives = time + places.ask(place, job.dropoff, courier.vehicle)
        at = arrives + settings.dropoff_before
        stops.append(_stop(problem, Doing.DROP_OFF, (job.delivery.delivery_id,), place, job.dropoff, arrives, at))
        time, place = at + settings.dropoff_after, job.dropoff
    names = tuple(jobs[each].delivery.delivery_id for each in trip)
    return Trip(courier.driver.driver_id, names, tuple(stops), leaves_at, time)


def _stop(
    problem: Problem, doing: Doing, names: tuple[str, ...], start: int, end: int, arrives: float, at: float
) -> Stop:
    spots = problem.places.spots
    return Stop(doing, names, spots[end], arrives, at, problem.places.travel.metres(spots[start], spots[end]))


def intended(plan: Plan) -> dict[str, list[tuple[str, ...]]]:
    """What `before` of the next round is, by driver."""
    trips: dict[str, list[tuple[str, ...]]] = {}
    for trip in plan.later:
        trips.setdefault(trip.driver_id, []).append(trip.delivery_ids)
    return trips
