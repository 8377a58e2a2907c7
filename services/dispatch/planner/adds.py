"""What a job adds to the routes it could be in, worked out only as far as it takes to tell where it adds least."""

from math import inf
from operator import add

from services.dispatch.planner.glances import Glances
from services.dispatch.planner.routes import Route, Routes

NEVER = 1e6  # what the next best adds where there is none


class Adds(dict[Route, float]):
    """What one job adds to routes: what it adds at least, until it is worked out."""

    def __init__(self, made: Routes, glances: Glances, number: int) -> None:
        self._made = made
        self._glances = glances
        self.number = number

    def __missing__(self, route: Route) -> float:
        adds = self[route] = self._glances.adds_at_least(route, self.number)
        return adds

    def work_out(self, route: Route) -> float:
        adds = self[route] = self._made.insertion(route, self.number).adds
        return adds


class Choice:
    """Where one job may go: the present routes of its candidates, and what it adds to each beside some noise."""

    __slots__ = ("_adds", "_noise", "_routes", "_values")

    def __init__(self, adds: Adds, routes: list[Route], noise: list[float]) -> None:
        self._adds = adds
        self._routes = routes
        self._noise = noise
        values = map(adds.__getitem__, routes)
        self._values = list(map(add, values, noise) if noise else values)

    def changed(self, at: int, route: Route, noise: float) -> None:
        """This is the candidate's route now."""
        self._routes[at] = route
        self._values[at] = self._adds[route] + noise
        if noise:
            self._noise[at] = noise

    def best(self) -> tuple[float, int]:
        """What it adds where it adds least, and the place of that candidate."""
        adds, values, routes = self._adds, self._values, self._routes
        number = adds.number
        while values:
            least = min(values)
            if least == inf:
                break
            at = values.index(least)
            route = routes[at]
            if number in route.insertions:
                return least, at
            values[at] = adds.work_out(route) + (self._noise[at] if self._noise else 0.0)
        return inf, -1

    def cheap(self) -> float:
        """The more, the less the job adds where it adds least."""
        return -self.best()[0]

    def losing(self) -> float:
        """What is lost where the job gets the next best only."""
        first, at = self.best()
        if first >= NEVER:
            return -inf
        self._values[at] = inf
        second, _ = self.best()
        self._values[at] = first
        return min(second, NEVER) - first
