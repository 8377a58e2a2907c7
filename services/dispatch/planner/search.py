"""Large neighbourhood search: take a few related jobs out of the plan, put them back better, many times over.

It starts from the plan before, and accepts what is a little worse now and then (simulated annealing), less and less.
What is ready soon is searched more, as it must be decided now; what may never come, less.
"""

import random
from collections.abc import Callable
from itertools import repeat
from math import dist, exp, inf

from services.dispatch.planner.adds import Adds, Choice
from services.dispatch.planner.glances import Glances
from services.dispatch.planner.problem import Job, Problem
from services.dispatch.planner.routes import Route, Routes, cost_of

WARMTH = 12.0  # seconds of cost that are accepted for nothing, at the start
MOST_TAKEN = 10
RELATED = 12
STEPS_PER_JOB = 100  # a small round needs no more
OF_A_LARGE = 36  # of a large one, those for what is planned before the search included
FEWEST_STEPS = 5
SOONER = 1.5  # 1: all jobs are searched alike; the more, the more those that are ready first
COMING = 0.3  # the chance that a job drawn is searched though it is only expected


class Search:
    """`routes[i]`: the plan of courier i. `bank`: jobs planned for nobody."""

    def __init__(self, problem: Problem, made: Routes) -> None:
        self.problem = problem
        self.made = made
        self.routes: list[Route] = [self._empty(number) for number in range(len(problem.couriers))]
        self.bank: set[int] = {job.number for job in problem.jobs}
        self.steps = 0
        self._filled = 0
        self._at: dict[int, int] = {}
        self._related: dict[int, list[int]] = {}
        self._merchants = {job.pickup: job.delivery.pickup for job in problem.jobs}
        self._begins = [(job.pickup, job.ready) for job in problem.jobs]
        self._soonest = sorted(range(len(problem.jobs)), key=lambda number: (problem.jobs[number].ready, number))
        glances = Glances(problem, made)
        self._adds = [Adds(made, glances, job.number) for job in problem.jobs]
        self._uncarried = [self._cost_uncarried(job) for job in problem.jobs]
        self._dice = random.Random(problem.settings.seed)  # noqa: S311 - the same seed must give the same plan

    def _empty(self, number: int) -> Route:
        route = self.made.make(number, ())
        assert route is not None  # noqa: S101 - no trip breaks no rule
        return route

    def _cost_uncarried(self, job: Job) -> float:
        late = max(0.0, self.problem.now - job.ready)
        return job.weight * cost_of(self.problem.settings.uncarried + late, self.problem.settings)

    def place(self, route: Route) -> None:
        """Make this the plan of its driver, whatever it was; all its jobs must be in the bank or in its old plan."""
        for trip in self.routes[route.courier.number].trips:
            self.bank.update(trip)
        self.routes[route.courier.number] = route
        for trip in route.trips:
            self.bank.difference_update(trip)
            self._at.update(dict.fromkeys(trip, route.courier.number))

    def fill(self) -> None:
        """Plan what is in the bank, the soonest ready first, each as is cheapest then; what is only expected, last."""
        for number in sorted(self._soonest, key=lambda number: self.problem.jobs[number].coming):
            if number in self.bank:
                self._put([number], regret=False, noise=0.0)
                self._filled += 1

    def run(self, steps: int, expired: Callable[[], bool]) -> None:
        """Leaves the best plan found."""
        jobs = self.problem.jobs
        if not jobs or not self.routes:
            return
        effort = int(self.problem.settings.effort / len(jobs) ** 2.5)
        filling = 2 * self._filled // MOST_TAKEN  # as many steps would have put back so many jobs
        steps = min(steps, STEPS_PER_JOB * len(jobs), max(FEWEST_STEPS, max(OF_A_LARGE, effort) - filling))
        excess = best = 0.0
        kept: dict[int, Route] = {}  # where the best plan differs from the present one
        for step in range(steps):
            if expired():
                break
            warmth = WARMTH * (1 - step / steps) + 1e-6
            before, bank = self._step(warmth)
            self.steps += 1
            adds = sum(self.routes[each].cost - route.cost for each, route in before.items())
            if self.bank != bank:
                adds += sum(self._uncarried[each] for each in self.bank - bank)
                adds -= sum(self._uncarried[each] for each in bank - self.bank)
            if adds > 1e-6 and self._dice.random() >= exp(-adds / warmth):
                self._back(before, bank)
                continue
            excess += adds
            if excess < best - 1e-6:
                best, kept = excess, {}
            else:
                for each, route in before.items():
                    kept.setdefault(each, route)
        if excess > best:
            self._restore(kept)

    def _step(self, warmth: float) -> tuple[dict[int, Route], set[int]]:
        """Change the plan. What it was before: the routes of the drivers touched, and the bank."""
        bank = set(self.bank)
        before: dict[int, Route] = {}
        taken = self._choose()
        for number in taken:
            if number in self.bank:
                self.bank.discard(number)
                continue
            courier = self._at[number]
            route = self.routes[courier]
            before.setdefault(courier, route)
            without = self.made.without(route, number)
            if without is None:  # where travel is not metric, leaving something out may cost time
                self.bank.update(each for trip in route.trips for each in trip if each not in taken)
                without = self._empty(courier)
            self.routes[courier] = without
        noise = 2 * warmth if self._dice.random() < 0.5 else 0.0
        regret = self._dice.random() < 0.5
        for courier, route in self._put(taken, regret=regret, noise=noise).items():
            before.setdefault(courier, route)
        return before, bank

    def _choose(self) -> list[int]:
        dice, first = self._dice, self._first()
        if self.problem.jobs[first].coming and dice.random() > COMING:
            first = self._first()
        count = int(dice.random() * MOST_TAKEN)
        if first not in self._related:
            self._related[first] = self._relatives(first)
        related = self._related[first]
        return [first, *dice.sample(related, min(count, len(related)))]

    def _first(self) -> int:
        return self._soonest[int(self._dice.random() ** SOONER * len(self._soonest))]

    def _relatives(self, number: int) -> list[int]:
        """Jobs that could take this one's place: near in space and time, or begun near where this one ends."""
        jobs, spots = self.problem.jobs, self.problem.places.spots
        job, late = jobs[number], 0.5 * self.problem.metres_per_second
        ready, at = job.ready, self._merchants.values()
        from_here, from_there = (map(dist, at, repeat(spots[each])) for each in (job.pickup, job.dropoff))
        away = dict(zip(self._merchants, map(min, from_here, from_there), strict=True))
        apart = [away[pickup] + late * abs(ready - other) for pickup, other in self._begins]
        apart[number] = inf
        return sorted(range(len(jobs)), key=apart.__getitem__)[: min(RELATED, len(jobs) - 1)]

    def _put(self, taken: list[int], *, regret: bool, noise: float) -> dict[int, Route]:
        """Plan jobs, those first that lose most by waiting (`regret`) or cost least. Gives the routes as they were."""
        left = list(taken)
        before: dict[int, Route] = {}
        choices = {number: self._choice(number, noise) for number in left}
        urgent = Choice.losing if regret else Choice.cheap
        urgency = {each: urgent(choices[each]) for each in left} if len(left) > 1 else {}
        while left:
            number = max(left, key=urgency.__getitem__) if len(left) > 1 else left[0]
            left.remove(number)
            least, at = choices[number].best()
            if least >= self._uncarried[number]:
                self.bank.add(number)
                continue
            courier = self.problem.jobs[number].candidates[at]
            old = self.routes[courier]
            new = self.made.make(courier, self.made.insertion(old, number).trips)
            assert new is not None  # noqa: S101 - an insertion keeps to the rules
            before.setdefault(courier, old)
            self.routes[courier] = new
            self._at[number] = courier
            self.bank.discard(number)
            for each in left:
                candidates = self.problem.jobs[each].candidates
                if courier in candidates:
                    more = noise * self._dice.random() if noise else 0.0
                    choices[each].changed(candidates.index(courier), new, more)
                    urgency[each] = urgent(choices[each])
        return before

    def _choice(self, number: int, noise: float) -> Choice:
        candidates = self.problem.jobs[number].candidates
        dice = self._dice.random
        return Choice(
            self._adds[number],
            list(map(self.routes.__getitem__, candidates)),
            [noise * dice() for _ in candidates] if noise else [],
        )

    def _back(self, before: dict[int, Route], bank: set[int]) -> None:
        for courier, route in before.items():
            self.routes[courier] = route
        for courier, route in before.items():
            for trip in route.trips:
                self._at.update(dict.fromkeys(trip, courier))
        self.bank = bank

    def _restore(self, kept: dict[int, Route]) -> None:
        self._back(kept, set())
        planned = {each for route in self.routes for trip in route.trips for each in trip}
        self.bank = {job.number for job in self.problem.jobs} - planned
