"""What a job adds to a route at least, told at a glance: without trying every place in it.

This holds where no detour is quicker than the straight way, and where drawing a driver into trips costs no less, the
later they end. A job on its own is late by no less than the way to it takes from where the driver is free before it;
what is planned after it waits until it is done. In a trip with others, they wait for it or it for them. What begins so
many seconds after it must delays all its orders by as much, and the trips after it by what they have not to spare.
"""

from math import inf
from typing import NamedTuple

from services.dispatch.planner.problem import UNKNOWN, Courier, Job, Problem
from services.dispatch.planner.routes import Order, Route, Routes, in_hand

ROUNDING = 1e-6

Waiting = tuple[tuple[float, float, float], ...]  # from how many seconds on, what each costs, and each one's square


class Gap(NamedTuple):
    """Before a trip of a route: another could be made there, or that trip be joined.

    `begins`, `place`: since when and where the driver is free. `merchant`: where the trip begins; `must_go`: until when
    the driver is to be there, or what it delays waits; infinite where that is not told. `slope`, `bend`: what each
    second of that costs, and each second's square. `waiting`: the same of the trips after it. `others`: deliveries in
    the trip, none where no other may join it.
    """

    begins: float
    place: int
    merchant: int
    must_go: float
    slope: float
    bend: float
    waiting: Waiting
    others: int


class Glance(NamedTuple):
    """A route. `told`: whether anything is told of it. `merchants`: whose trips more may join. `spread`: whether it is
    uncertain when any of their food is ready."""

    gaps: list[Gap]
    merchants: set[int]
    spread: bool
    told: bool


class Glances:
    """Looks at each route once."""

    def __init__(self, problem: Problem, made: Routes) -> None:
        self._places = problem.places
        self._settings = settings = problem.settings
        self._before = settings.pickup_before
        self._service = settings.dropoff_before + settings.dropoff_after
        self._trip = settings.pickup_before + settings.pickup_after + self._service
        self._steep = settings.steepness / 3600.0
        self._jobs = problem.jobs
        self._made = made
        self._seen: dict[Route, Glance] = {}

    def adds_at_least(self, route: Route, number: int) -> float:
        """No more than what putting the job into the route adds, however it is done; -infinite where that is not
        told."""
        job, courier = self._jobs[number], route.courier
        (soonest, _, cost), drawing = self._made.first(courier, number)
        if not route.trips or cost == inf:
            return cost + drawing
        glance = self._seen.get(route)
        if glance is None:
            glance = self._seen[route] = self._look(route)
        gaps, merchants, spread, told = glance
        joins = not job.joins.isdisjoint(merchants)
        if not told or self._settings.metre or (joins and (job.spread or spread or len(job.joins) > 1)):
            return -inf
        if job.opens > courier.start + self._trip:  # nobody leaves for it sooner, from wherever is nearest by then
            return -inf
        draws = drawing - route.drawing
        least = inf
        weight, steep, pickup, dropoff = job.weight, self._steep, job.pickup, job.dropoff
        due, busy, unfair, legs = job.ready - self._before, job.busy[courier.vehicle], courier.unfair, courier.legs
        for begins, place, merchant, must_go, slope, bend, waiting, others in gaps:
            leg = legs[place][pickup]
            if leg == UNKNOWN:
                leg = self._places.ask(place, pickup, courier.vehicle)
            there = begins + leg
            late = there - due
            own = weight * late * (1.0 + steep * late) + unfair if late > 0 else unfair
            if own < cost:
                own = cost
            if own >= least:
                continue
            leg = legs[dropoff][merchant]
            if leg == UNKNOWN:
                leg = self._places.ask(dropoff, merchant, courier.vehicle)
            done = there + busy
            adds = own
            over = (done if done > soonest else soonest) + leg - must_go
            if over > 0:
                adds += over * (slope + bend * over)
                if waiting:
                    adds += _costs(over, waiting)
            if adds < least:
                least = adds
            if joins and others and merchant == pickup:
                wait = due - must_go if due > must_go else 0.0
                adds = own + others * self._service + wait * (slope + bend * wait)
                adds += _costs(wait + self._service, waiting) + (draws if draws < 0 else 0.0)
                if adds < least:
                    least = adds
        end, place, _ = route.states[-1]
        leg = legs[place][pickup]
        if leg == UNKNOWN:
            leg = self._places.ask(place, pickup, courier.vehicle)
        late = end + leg - due
        own = weight * late * (1.0 + steep * late) + unfair if late > 0 else unfair
        adds = (own if own > cost else cost) + draws
        return (adds if adds < least else least) - ROUNDING

    def _look(self, route: Route) -> Glance:
        gaps: list[Gap] = []
        merchants: set[int] = set()
        spread, told, vehicle = False, True, route.courier.vehicle
        waiting: Waiting = ()
        for at in range(len(route.trips) - 1, -1, -1):
            trip, (begins, place, _) = route.trips[at], route.states[at]
            job = self._jobs[trip[0]]
            there = begins + self._places.ask(place, job.pickup, vehicle)
            if len(trip) == 1:
                time = route.states[at + 1][0]
                must_go = time - job.busy[vehicle]
                slope, bend = self._waits(job, time - job.after - job.ideal[vehicle])
            else:
                must_go, slope, bend = self._several(route.courier, there, trip)
            others = 0 if job.coming else len(trip)
            gaps.append(Gap(begins, place, job.pickup, must_go, slope, bend, waiting, others))
            if not job.coming:
                for each in trip:
                    merchants.add(self._jobs[each].pickup)
                    spread = spread or self._jobs[each].spread > 0
            elif begins < job.opens and must_go > job.ready - self._before + ROUNDING:
                told = False  # it may be nearer to where another trip ends, and nobody leaves for it sooner
            spare = max(0.0, must_go - there)
            later = tuple([(since + spare, slope, bend) for since, slope, bend in waiting])
            waiting = ((spare, slope, bend), *later) if must_go < inf else ()
        gaps.reverse()
        return Glance(gaps, merchants, spread, told)

    def _several(self, courier: Courier, there: float, trip: Order) -> tuple[float, float, float]:
        """Of a trip with several deliveries whose driver is at the merchant by then: until when it must be there, and
        what it costs that they wait, as `_waits` has it."""
        jobs = [self._jobs[each] for each in trip]
        merchant = jobs[0].pickup
        if any(job.pickup != merchant for job in jobs):
            return inf, 0.0, 0.0
        settings = self._settings
        hand = in_hand(there + settings.pickup_before, jobs)
        time, place, slope, bend = hand + settings.pickup_after, merchant, 0.0, 0.0
        for job in jobs:
            time += self._places.ask(place, job.dropoff, courier.vehicle) + settings.dropoff_before
            each = self._waits(job, time - job.ideal[courier.vehicle])
            slope, bend = slope + each[0], bend + each[1]
            time, place = time + job.after, job.dropoff
        return hand - settings.pickup_before, slope, bend

    def _waits(self, job: Job, delay: float) -> tuple[float, float]:
        """What each further second of a job's delay costs at least, and the square of it."""
        delay = max(0.0, delay)
        slope = 1.0 + 2.0 * self._steep * delay
        if delay > self._settings.overdue_after:
            slope += self._settings.overdue
        return job.weight * slope, job.weight * self._steep


def _costs(delay: float, waiting: Waiting) -> float:
    cost = 0.0
    for since, slope, bend in waiting:
        over = delay - since
        if over <= 0:
            break
        cost += over * (slope + bend * over)
    return cost
