"""Large neighbourhood search: take a few related jobs out of the plan, put them back better, many times over.

It starts from the plan before, and accepts what is a little worse now and then (simulated annealing), less and less.
Where the last seconds of cost lie matters little: on real days ten times as many steps win two seconds an order.
"""

import random
from collections.abc import Callable
from math import exp, hypot, inf

from services.dispatch.planner.problem import Problem
from services.dispatch.planner.routes import Route, Routes, cost_of

WARMTH = 30.0  # seconds of cost that are accepted for nothing, at the start
MOST_TAKEN = 6
RELATED = 12
STEPS_PER_JOB = 20  # a small round needs no more


class Search:
    """`routes[i]`: the plan of courier i. `bank`: jobs planned for nobody."""

    def __init__(self, problem: Problem, made: Routes) -> None:
        self.problem = problem
        self.made = made
        self.routes: list[Route] = [self._empty(number) for number in range(len(problem.couriers))]
        self.bank: set[int] = {job.number for job in problem.jobs}
        self.steps = 0
        self._at: dict[int, int] = {}
        self._related: dict[int, list[int]] = {}
        self._dice = random.Random(problem.settings.seed)  # noqa: S311 - the same seed must give the same plan

    def _empty(self, number: int) -> Route:
        route = self.made.make(number, ())
        assert route is not None  # noqa: S101 - no trip breaks no rule
        return route

    def place(self, route: Route) -> None:
        """Make this the plan of its driver, whatever it was; all its jobs must be in the bank or in its old plan."""
        for trip in self.routes[route.courier.number].trips:
            self.bank.update(trip)
        self.routes[route.courier.number] = route
        for trip in route.trips:
            self.bank.difference_update(trip)
            self._at.update(dict.fromkeys(trip, route.courier.number))

    def fill(self) -> None:
        """Plan what is in the bank, the soonest ready first, each as is cheapest then."""
        waiting = sorted(self.bank, key=lambda number: (self.problem.jobs[number].ready, number))
        for number in waiting:
            self._put([number], regret=False, noise=0.0)

    def run(self, steps: int, expired: Callable[[], bool]) -> None:
        """Leaves the best plan found."""
        jobs = self.problem.jobs
        if not jobs or not self.routes:
            return
        steps = min(steps, STEPS_PER_JOB * len(jobs))
        excess = best = 0.0
        kept: dict[int, Route] = {}  # where the best plan differs from the present one
        for step in range(steps):
            if expired():
                break
            warmth = WARMTH * (1 - step / steps) + 1e-6
            before, bank = self._step(warmth)
            self.steps += 1
            adds = sum(self.routes[each].cost - route.cost for each, route in before.items())
            adds += sum(map(self._uncarried, self.bank - bank)) - sum(map(self._uncarried, bank - self.bank))
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
        jobs, dice = self.problem.jobs, self._dice
        first = int(dice.random() * len(jobs))
        count = int(dice.random() * MOST_TAKEN)
        if first not in self._related:
            self._related[first] = self._relatives(first)
        related = self._related[first]
        return [first, *dice.sample(related, min(count, len(related)))]

    def _relatives(self, number: int) -> list[int]:
        """Jobs that could take this one's place: near in space and time, or begun near where this one ends."""
        jobs, spots, pace = self.problem.jobs, self.problem.places.spots, self.problem.metres_per_second
        job = jobs[number]
        here, there = spots[job.pickup], spots[job.dropoff]

        def apart(other: int) -> float:
            at = spots[jobs[other].pickup]
            time = abs(job.ready - jobs[other].ready) * pace
            ways = hypot(at.x - here.x, at.y - here.y), hypot(at.x - there.x, at.y - there.y)
            return min(ways) + 0.5 * time

        return sorted((each for each in range(len(jobs)) if each != number), key=apart)[:RELATED]

    def _put(self, taken: list[int], *, regret: bool, noise: float) -> dict[int, Route]:
        """Plan jobs, those first that lose most by waiting (`regret`) or cost least. Gives the routes as they were."""
        left = list(taken)
        before: dict[int, Route] = {}
        choices = {number: self._cheapest_two(number, noise) for number in left}
        while left:
            number = max(left, key=lambda each: _urgency(choices[each], regret=regret))
            left.remove(number)
            adds, courier, _ = choices[number]
            if adds >= self._uncarried(number):
                self.bank.add(number)
                continue
            old = self.routes[courier]
            new = self.made.make(courier, self.made.insertion(old, number).trips)
            assert new is not None  # noqa: S101 - an insertion keeps to the rules
            before.setdefault(courier, old)
            self.routes[courier] = new
            self._at[number] = courier
            self.bank.discard(number)
            for each in left:
                if courier in self.problem.jobs[each].candidates:
                    choices[each] = self._cheapest_two(each, noise)
        return before

    def _cheapest_two(self, number: int, noise: float) -> tuple[float, int, float]:
        """What the job adds with the driver with whom it adds least, that driver, and what with the next."""
        first, courier, second = inf, -1, inf
        random_, routes = self._dice.random, self.routes
        for each in self.problem.jobs[number].candidates:
            route = routes[each]
            found = route.insertions.get(number) or self.made.insertion(route, number)
            adds = found.adds + noise * random_() if noise else found.adds
            if adds < first:
                first, courier, second = adds, each, first
            elif adds < second:
                second = adds
        return first, courier, second

    def _uncarried(self, number: int) -> float:
        late = max(0.0, self.problem.now - self.problem.jobs[number].ready)
        return cost_of(self.problem.settings.uncarried + late, self.problem.settings)

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


def _urgency(choice: tuple[float, int, float], *, regret: bool) -> float:
    first, _, second = choice
    if first == inf:
        return -inf
    return min(second, 1e6) - first if regret else -first
