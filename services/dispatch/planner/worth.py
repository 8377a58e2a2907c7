"""What a driver is worth by where it is free, and when: how much sooner coming orders are met, wherever they come from.

A coming order takes the driver who can be there first, or, as that one may be taken by then, the next, and so on: each
with the same chance. A driver is worth the time by which the answer to the expected orders quickens with it: much for
one who stands alone near busy merchants, nothing for one of many, nor for one far from everything. A trip costs what
its driver is worth before it, and gives back what the driver is worth where and when it ends.
"""

from collections.abc import Sequence
from itertools import repeat
from math import dist

from services.dispatch.planner.model import Demand, Spot
from services.dispatch.planner.problem import Courier, Problem
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
        self._now, self._spots, self._pace = problem.now, problem.places.spots, problem.metres_per_second
        places = _gathered(demand)
        total = sum(place.rate for place in places)
        self._places = [place.spot for place in places]
        self._shares = [place.rate / total for place in places]
        self._lines = self._in_line(problem.couriers, stands)
        self._tables = [_table(line, share) for line, share in zip(self._lines, self._shares, strict=True)]
        self._ends: dict[int, Ends] = {}
        self.before = self._worth_now(problem.couriers, stands)

    def after(self, courier: Courier, time: float, place: int) -> float:
        """What this driver is worth from then and there on, in seconds."""
        wait = time - self._now
        if time > courier.ends - SHIFT_LEFT or wait >= LONGEST:
            return 0.0
        ends = self._ends.get(place)
        if ends is None:
            ends = self._ends[place] = Ends(self._tables, self._steps(place))
        return ends[int(wait / (STEP * STRIDE) + 0.5)]

    def _steps(self, place: int) -> list[int]:
        """From here to each of the places, in steps of the tables."""
        pace, ways = self._pace * STEP, map(dist, self._places, repeat(self._spots[place]))
        return [int(way / pace + 0.5) if way < pace * STEPS else STEPS for way in ways]

    def _in_line(self, couriers: Sequence[Courier], stands: Sequence[State]) -> list[Line]:
        free = [
            (self._spots[place], time - self._now, courier.number)
            for courier, (time, place, _) in zip(couriers, stands, strict=True)
            if time <= courier.ends - SHIFT_LEFT and time < self._now + LONGEST
        ]
        at, waits, numbers = [each[0] for each in free], [each[1] for each in free], [each[2] for each in free]
        return [self._line(place, at, waits, numbers) for place in self._places]

    def _line(self, place: Spot, at: Sequence[Spot], waits: Sequence[float], numbers: Sequence[int]) -> Line:
        pace = self._pace
        seconds = [way / pace + wait for way, wait in zip(map(dist, at, repeat(place)), waits, strict=True)]
        first = sorted(range(len(seconds)), key=seconds.__getitem__)[: DEPTH + 1]
        return [(seconds[each], numbers[each]) for each in first]

    def _worth_now(self, couriers: Sequence[Courier], stands: Sequence[State]) -> list[float]:
        """What each driver is worth before its next trip: to the others, so without what it is planned to do."""
        worth = [0.0] * len(couriers)
        standing = [time == each.start for each, (time, _, _) in zip(couriers, stands, strict=True)]
        waits: list[list[int]] = [[] for _ in couriers]  # in line at which places
        for at, (line, share) in enumerate(zip(self._lines, self._shares, strict=True)):
            for quickens, (_, number) in zip(_each_quickens(line), line, strict=True):
                waits[number].append(at)
                if standing[number]:
                    worth[number] += share * quickens
        for courier in couriers:
            if not standing[courier.number] and courier.start <= courier.ends - SHIFT_LEFT:
                worth[courier.number] = self._without(courier, waits[courier.number])
        return worth

    def _without(self, courier: Courier, waits: Sequence[int]) -> float:
        """What a driver is worth where and when it is free first, `waits` being at which places it is in line now."""
        pace, wait = self._pace, courier.start - self._now
        ways = list(map(dist, self._places, repeat(self._spots[courier.place])))
        least, longest = wait / STEP + 0.5, (LONGEST - wait) * pace
        worths = [
            table[int(way / (pace * STEP) + least)] if way < longest else 0.0
            for way, table in zip(ways, self._tables, strict=True)
        ]
        for at in waits:
            line = [each for each in self._lines[at] if each[1] != courier.number]
            worths[at] = self._shares[at] * _quickens(line, ways[at] / pace + wait)
        return sum(worths)


class Ends(dict[int, float]):
    """What one more driver is worth at a place, by when, in steps of STRIDE entries; found out when first asked for."""

    def __init__(self, tables: Sequence[Sequence[float]], steps: Sequence[int]) -> None:
        self._tables = tables
        self._steps = steps

    def __missing__(self, step: int) -> float:
        wait = step * STRIDE
        worth = self[step] = sum([table[at + wait] for at, table in zip(self._steps, self._tables, strict=True)])
        return worth


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


def _each_quickens(line: Line) -> list[float]:
    """By how many seconds the answer to an order at a place quickens by each of those in line, of whom all but the last
    have the next one right behind."""
    quickens, sooner = [0.0] * len(line), LONGEST
    for rank in range(len(line) - 1, -1, -1):
        seconds = min(line[rank][0], LONGEST)
        behind = quickens[rank + 1] if rank + 1 < len(line) else 0.0
        quickens[rank] = behind + (CHANCES[rank] * (sooner - seconds) if rank < DEPTH else 0.0)
        sooner = seconds
    return quickens


def _quickens(line: Line, seconds: float) -> float:
    """By how many seconds the answer to an order at a place quickens by one more driver, who is there in `seconds`."""
    if seconds >= LONGEST:
        return 0.0
    quickens, before = 0.0, seconds
    for chance, (each, _) in zip(CHANCES, line, strict=False):
        if each > seconds:  # this one is now as soon as the one before it was
            if each >= LONGEST:
                return quickens + chance * (LONGEST - before)
            quickens += chance * (each - before)
            before = each
    if len(line) < DEPTH:
        quickens += CHANCES[len(line)] * (LONGEST - before)
    return quickens


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
