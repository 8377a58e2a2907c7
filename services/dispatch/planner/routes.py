"""Routes: what a driver is planned to do, in order, with what it costs. This is where a search spends its time."""

from collections.abc import Callable
from math import inf
from typing import NamedTuple

from services.dispatch.planner.estimates import chance_after, later
from services.dispatch.planner.model import Settings
from services.dispatch.planner.problem import UNKNOWN, Courier, Job, Problem

Order = tuple[int, ...]  # numbers of jobs, as they are dropped off
Trips = tuple[Order, ...]


State = tuple[float, int, float]  # when a driver is where after some of its trips, and what they cost


class Insertion(NamedTuple):
    """The cheapest way to put a job into a route: what it adds, and the trips then. Infinite where none."""

    adds: float
    trips: Trips


class Route:
    """Trips of one driver; never changed. `states[i]`: before trip i; the last: after all. `drawing`: of the cost, what
    drawing the driver into trips costs. `insertions`: remembered."""

    __slots__ = ("cost", "courier", "drawing", "insertions", "states", "trips")

    def __init__(self, courier: Courier, trips: Trips, states: list[State], drawing: float) -> None:
        self.courier = courier
        self.trips = trips
        self.states = states
        self.drawing = drawing
        self.cost = states[-1][2] + drawing
        self.insertions: dict[int, Insertion] = {}


NOWHERE = Insertion(inf, ())


Drawing = Callable[[Courier, float, int], float]


def price(courier: Courier, _time: float, _place: int) -> float:
    """What having trips at all costs with this driver."""
    return courier.price


class Routes:
    """Makes routes, each once. `drawing`: what drawing a driver into trips that end there and then costs, beside what
    they delay."""

    def __init__(self, problem: Problem, drawing: Drawing = price) -> None:
        self._problem = problem
        self._settings = problem.settings
        self._jobs = problem.jobs
        self._drawing = drawing
        self._made: list[dict[Trips, Route | None]] = [{} for _ in problem.couriers]
        self._firsts: list[dict[int, tuple[State, float]]] = [{} for _ in problem.couriers]

    def make(self, number: int, trips: Trips) -> Route | None:
        """None where the trips break a rule."""
        made = self._made[number]
        if trips not in made:
            made[trips] = self._new(self._problem.couriers[number], trips)
        return made[trips]

    def without(self, route: Route, job: int) -> Route | None:
        kept = (tuple(each for each in trip if each != job) for trip in route.trips)
        return self.make(route.courier.number, tuple(trip for trip in kept if trip))

    def _new(self, courier: Courier, trips: Trips) -> Route | None:
        state: State = (courier.start, courier.place, 0.0)
        states = [state]
        for trip in trips:
            after = self._after(courier, state, (trip,), inf)
            if after is None:
                return None
            state = after
            states.append(state)
        time, place, _ = state
        return Route(courier, trips, states, self._drawing(courier, time, place) if trips else 0.0)

    def _after(self, courier: Courier, state: State, trips: Trips, bound: float) -> State | None:
        """Where trips lead to. None where the driver's shift ends before the last pick-up of one, and once what they
        delay costs no less than `bound`. Most trips are of one delivery, and most of the time goes by here."""
        jobs, legs, vehicle, ends = self._jobs, courier.legs, courier.vehicle, courier.ends
        before, by_metre = self._settings.pickup_before, self._settings.metre
        time, place, cost = state
        for trip in trips:
            if by_metre or len(trip) > 1:
                after = self._after_trip(courier, (time, place, cost), trip)
                if after is None:
                    return None
                time, place, cost = after
            else:
                job = jobs[trip[0]]
                leg = legs[place][job.pickup]
                if leg == UNKNOWN:
                    leg = self._problem.places.ask(place, job.pickup, vehicle)
                time = (time if time > job.opens else job.opens) + leg + before
                if time > ends or job.latest > ends:
                    return None
                ready = job.ready
                if job.spread:
                    cost += self.missed(job, ends)
                    time = later(time if time > job.due else job.due, ready, job.spread)
                if time > ready:
                    delay = time - ready
                    cost += job.weight * cost_of(delay, self._settings) + courier.unfair
                    time = job.ideal[vehicle] + delay
                else:
                    cost += courier.unfair
                    time = job.ideal[vehicle]
                if time > job.promised_at:
                    cost += self._settings.past_promise * (time - job.promised_at)
                time += job.after
                place = job.dropoff
            if cost >= bound:
                return None
        return time, place, cost

    def _after_trip(self, courier: Courier, state: State, trip: Order) -> State | None:
        """The same for one trip, of any number of deliveries."""
        job = self._jobs[trip[0]]
        if len(trip) > 1 and any(self._jobs[each].pickup != job.pickup for each in trip):
            return self._after_several(courier, state, trip)
        settings, merchant = self._settings, job.pickup
        time, place, cost = state
        leg = courier.legs[place][merchant]
        if leg == UNKNOWN:
            leg = self._problem.places.ask(place, merchant, courier.vehicle)
        there = (time if time > job.opens else job.opens) + leg + settings.pickup_before
        jobs = [self._jobs[each] for each in trip]
        if max(there, *(each.latest for each in jobs)) > courier.ends:
            return None
        return self._dropped(courier, (in_hand(there, jobs) + settings.pickup_after, merchant, cost), place, trip)

    def pickup_at(self, courier: Courier, state: State, trip: Order) -> float:
        """When the driver has the first food of this trip, going there as soon as it can."""
        time, place, _ = state
        merchant, jobs = pickups(self._jobs, trip)[0]
        there = time + self._problem.places.ask(place, merchant, courier.vehicle)
        return in_hand(there + self._settings.pickup_before, jobs)

    def _after_several(self, courier: Courier, state: State, trip: Order) -> State | None:
        """The same over several merchants, visited as their food gets ready."""
        begin = place = state[1]
        time, cost = state[0], state[2]
        for merchant, jobs in pickups(self._jobs, trip):
            time += self._problem.places.ask(place, merchant, courier.vehicle) + self._settings.pickup_before
            if max(time, *(job.latest for job in jobs)) > courier.ends:
                return None
            time, place = in_hand(time, jobs) + self._settings.pickup_after, merchant
        return self._dropped(courier, (time, place, cost), begin, trip)

    def _dropped(self, courier: Courier, state: State, begin: int, trip: Order) -> State:
        """Where a trip that began at a place leads to, all its food being in hand."""
        settings, legs, vehicle = self._settings, courier.legs, courier.vehicle
        time, place, cost = state
        for each in trip:
            job = self._jobs[each]
            leg = legs[place][job.dropoff]
            if leg == UNKNOWN:
                leg = self._problem.places.ask(place, job.dropoff, vehicle)
            time += leg + settings.dropoff_before
            delay = time - job.ideal[vehicle]
            cost += job.weight * cost_of(delay, settings) + courier.unfair + self.missed(job, courier.ends)
            if time > job.promised_at:
                cost += settings.past_promise * (time - job.promised_at)
            time += job.after
            place = job.dropoff
        if settings.metre:
            cost += settings.metre * self._metres(begin, trip)
        return time, place, cost

    def _metres(self, place: int, trip: Order) -> float:
        stops = [merchant for merchant, _ in pickups(self._jobs, trip)] + [self._jobs[each].dropoff for each in trip]
        spots, metres = self._problem.places.spots, self._problem.places.travel.metres
        return sum(metres(spots[a], spots[b]) for a, b in zip([place, *stops], stops, strict=False))

    def missed(self, job: Job, ends: float) -> float:
        """What it costs that the food may be ready only when the shift is over, of a job that the shift allows."""
        return self._settings.uncarried * chance_after(ends, job.ready, job.spread) if job.sure > ends else 0.0

    # -- putting a job into a route -----------------------------------------------------------------------------------

    def insertion(self, route: Route, number: int) -> Insertion:
        """The cheapest way, remembered."""
        found = route.insertions.get(number)
        if found is None:
            found = route.insertions[number] = self._cheapest(route, number)
        return found

    def first(self, courier: Courier, number: int) -> tuple[State, float]:
        """Where the job alone leads a driver who begins with it, and what drawing the driver there costs."""
        firsts = self._firsts[courier.number]
        first = firsts.get(number)
        if first is None:
            state = self._after(courier, (courier.start, courier.place, 0.0), ((number,),), inf)
            first = (state, self._drawing(courier, state[0], state[1])) if state else ((inf, courier.place, inf), 0.0)
            firsts[number] = first
        return first

    def _cheapest(self, route: Route, number: int) -> Insertion:
        courier, trips = route.courier, route.trips
        first, drawing = self.first(courier, number)
        if not trips:
            cost = first[2] + drawing
            return Insertion(cost, ((number,),)) if cost < inf else NOWHERE
        best, alone = inf, (number,)
        best_trips: Trips = ()
        room = len(trips) < self._settings.most_trips_ahead
        for at, state in enumerate(route.states):
            rest = trips[at:]
            if room:
                if at:
                    cost = self._cost(courier, state, (alone, *rest), best)
                else:
                    cost = self._cost(courier, first, rest, best) if first[2] < inf else inf
                if cost < best:
                    best, best_trips = cost, (*trips[:at], alone, *rest)
            if rest and self._may_join(courier, rest[0], number):
                for place in range(len(rest[0]) + 1):
                    joined = (*rest[0][:place], number, *rest[0][place:])
                    cost = self._cost(courier, state, (joined, *rest[1:]), best)
                    if cost < best:
                        best, best_trips = cost, (*trips[:at], joined, *rest[1:])
        if best == inf:
            return NOWHERE
        return Insertion(best - route.cost, best_trips)

    def _cost(self, courier: Courier, state: State, trips: Trips, bound: float) -> float:
        """Of going on from a state by these trips; infinite once what they delay costs no less than `bound`."""
        after = self._after(courier, state, trips, bound)
        if after is None:
            return inf
        time, place, cost = after
        return cost + self._drawing(courier, time, place)

    def _may_join(self, courier: Courier, trip: Order, number: int) -> bool:
        jobs, job = self._jobs, self._jobs[number]
        first = jobs[trip[0]]
        if first.coming or first.pickup not in job.joins or len(trip) >= self._settings.most_in_trip:
            return False
        if first.pickup != job.pickup and not all(jobs[each].pickup in job.joins for each in trip):
            return False
        return job.size + sum([jobs[each].size for each in trip]) <= courier.capacity


def cost_of(delay: float, settings: Settings) -> float:
    cost = delay + settings.steepness * delay * delay / 3600.0
    if delay > settings.overdue_after:
        cost += settings.overdue * (delay - settings.overdue_after)
    return cost


def in_hand(there: float, jobs: list[Job]) -> float:
    """When all is expected to be picked up by a driver who can be there by then, and is there no sooner than is due."""
    last = max(jobs, key=_ready)
    time = max(there, last.due)
    for job in sorted(jobs, key=_ready):
        time = later(time, job.ready, job.spread)
    return time


def _ready(job: Job) -> float:
    return job.ready


def pickups(jobs: list[Job], trip: Order) -> list[tuple[int, list[Job]]]:
    """The merchants of a trip, in the order in which the last of their food is ready, with what each hands over."""
    at: dict[int, list[Job]] = {}
    for each in trip:
        at.setdefault(jobs[each].pickup, []).append(jobs[each])
    return sorted(at.items(), key=lambda item: (max(job.ready for job in item[1]), item[0]))
