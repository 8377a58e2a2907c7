"""What a driver is worth by where it is free, and when: how much sooner coming orders are met, wherever they come from.

A coming order takes the driver who can be there first, or, as that one may be taken by then, the next, and so on: each
with the same chance. A driver is worth the time by which the answer to the expected orders quickens with it: much for
one who stands alone near busy merchants, nothing for one of many, nor for one far from everything. A trip costs what
its driver is worth before it, and gives back what the driver is worth where and when it ends.
"""

from collections.abc import Sequence
from math import hypot

from services.dispatch.planner.model import Demand, Spot
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.routes import State

TAKES = 0.2  # the chance that a coming order finds a driver free and takes it
DEPTH = 12  # drivers in line at a place; later ones change next to nothing
LONGEST = 2400.0  # seconds; who takes longer to come is as good as nobody
SHIFT_LEFT = 600.0  # seconds; who has less is worth nothing
MOST_PLACES = 48
CELL_M = 500.0
STEP = 60.0  # seconds between the entries of a place's table
STRIDE = 4  # entries between those that ends of trips are rounded to
CHANCES = [TAKES * (1 - TAKES) ** rank for rank in range(DEPTH)]
STEPS = int(LONGEST / STEP)
BEYOND = [0.0] * (STEPS + 1)  # of a table: who comes as late changes nothing

Line = list[tuple[float, int]]  # seconds until there, the driver's number; the first to be there first


class Worth:
    """`stands`: where and when each driver comes free after what it is planned to do already."""

    def __init__(self, problem: Problem, demand: Sequence[Demand], stands: Sequence[State]) -> None:
        self._problem = problem
        places = _gathered(demand)
        total = sum(place.rate for place in places)
        self._spots = [place.spot for place in places]
        self._shares = [place.rate / total for place in places]
        self._lines = self._in_line(stands)
        self._tables = [_table(line, share) for line, share in zip(self._lines, self._shares, strict=True)]
        self._ends: dict[int, list[float]] = {}
        self.before = self._now(stands)

    def after(self, number: int, state: State) -> float:
        """What this driver is worth from then and there on, in seconds."""
        if state.time > self._problem.couriers[number].ends - SHIFT_LEFT:
            return 0.0
        wait = state.time - self._problem.now
        if wait >= LONGEST:
            return 0.0
        if state.place not in self._ends:
            self._ends[state.place] = self._row(state.place)
        return self._ends[state.place][int(wait / (STEP * STRIDE) + 0.5)]

    def _in_line(self, stands: Sequence[State]) -> list[Line]:
        problem, pace = self._problem, self._problem.metres_per_second
        at = []
        for courier, state in zip(problem.couriers, stands, strict=True):
            if state.time <= courier.ends - SHIFT_LEFT and state.time < problem.now + LONGEST:
                at.append((*problem.places.spots[state.place], state.time - problem.now, courier.number))
        return [
            sorted((hypot(px - x, py - y) / pace + wait, number) for px, py, wait, number in at)[: DEPTH + 1]
            for x, y in self._spots
        ]

    def _now(self, stands: Sequence[State]) -> list[float]:
        """What each driver is worth before its next trip: to the others, so without what it is planned to do."""
        problem = self._problem
        worth = [0.0] * len(problem.couriers)
        standing = [state.time == each.start for each, state in zip(problem.couriers, stands, strict=True)]
        for line, share in zip(self._lines, self._shares, strict=True):
            for seconds, number in line:
                if standing[number]:
                    worth[number] += share * _quickens([each for each in line if each[1] != number], seconds)
        for courier in problem.couriers:
            if not standing[courier.number] and courier.start <= courier.ends - SHIFT_LEFT:
                worth[courier.number] = self._without(courier.number, courier.place, courier.start - problem.now)
        return worth

    def _without(self, number: int, place: int, wait: float) -> float:
        worth, (px, py), pace = 0.0, self._problem.places.spots[place], self._problem.metres_per_second
        for (x, y), share, line, table in zip(self._spots, self._shares, self._lines, self._tables, strict=True):
            seconds = hypot(px - x, py - y) / pace + wait
            if any(each == number for _, each in line):
                worth += share * _quickens([each for each in line if each[1] != number], seconds)
            elif seconds < LONGEST:
                worth += table[int(seconds / STEP + 0.5)]
        return worth

    def _row(self, place: int) -> list[float]:
        """What one more driver is worth here, by when."""
        (px, py), pace = self._problem.places.spots[place], self._problem.metres_per_second * STEP
        steps = [min(STEPS, int(hypot(px - x, py - y) / pace + 0.5)) for x, y in self._spots]
        rows = [table[at : at + STEPS + 1 : STRIDE] for at, table in zip(steps, self._tables, strict=True)]
        return list(map(sum, zip(*rows, strict=True)))


def _table(line: Line, share: float) -> list[float]:
    """What one more driver is worth who is there in so many STEPs: each second later is worth the chance of whoever is
    last in line by then."""
    table = [0.0] * STEPS + BEYOND
    rank, quickens = min(len(line), DEPTH), 0.0
    for step in range(STEPS - 1, -1, -1):
        since, until = step * STEP, (step + 1) * STEP
        while rank and line[rank - 1][0] > since:
            if line[rank - 1][0] < until:
                quickens += (CHANCES[rank] if rank < DEPTH else 0.0) * (until - line[rank - 1][0])
                until = line[rank - 1][0]
            rank -= 1
        quickens += (CHANCES[rank] if rank < DEPTH else 0.0) * (until - since)
        table[step] = share * quickens
    return table


def _quickens(line: Line, seconds: float) -> float:
    """By how many seconds the answer to an order at a place quickens by one more driver, who is there in `seconds`."""
    quickens, before = 0.0, seconds
    for chance, (each, _) in zip(CHANCES, line, strict=False):
        if each > seconds:  # this one is now as soon as the one before it was
            quickens += chance * (min(each, LONGEST) - before)
            before = min(each, LONGEST)
    if len(line) < DEPTH:
        quickens += CHANCES[len(line)] * (LONGEST - before)
    return max(0.0, quickens)


def _gathered(demand: Sequence[Demand]) -> list[Demand]:
    """The busiest places, those close together as one."""
    cells: dict[tuple[int, int], list[Demand]] = {}
    for each in demand:
        if each.rate > 0:
            cells.setdefault((int(each.spot.x // CELL_M), int(each.spot.y // CELL_M)), []).append(each)
    gathered = []
    for cell in cells.values():
        rate = sum(each.rate for each in cell)
        x = sum(each.spot.x * each.rate for each in cell) / rate
        y = sum(each.spot.y * each.rate for each in cell) / rate
        gathered.append(Demand(Spot(x, y), rate))
    return sorted(gathered, key=lambda each: (-each.rate, each.spot))[:MOST_PLACES]
