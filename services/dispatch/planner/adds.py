"""What a job adds to the routes it could be in, and which job is put first."""

from math import inf

from services.dispatch.planner.routes import Route, Routes

NEVER = 1e6  # what the next best adds where there is none


class Adds(dict[Route, float]):
    """What one job adds to routes, found out when it is first asked for."""

    def __init__(self, made: Routes, number: int) -> None:
        self._made = made
        self._number = number

    def __missing__(self, route: Route) -> float:
        adds = self[route] = self._made.insertion(route, self._number).adds
        return adds


def cheap(adds: list[float]) -> float:
    """The more, the less the job adds where it adds least."""
    return -min(adds, default=inf)


def losing(adds: list[float]) -> float:
    """What is lost where the job gets the next best only."""
    first, second = sorted([*adds, NEVER, inf])[:2]
    return min(second, NEVER) - first if first < NEVER else -inf
