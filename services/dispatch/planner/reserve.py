"""What it costs to draw a driver away from where orders are coming.

A coming order takes the driver who can be there first, or, as that one may be taken by then, the next, and so on: each
with the same chance. What a driver is worth is by how much the answer to the expected orders slows without it: much for
one who stands alone near busy merchants, nothing for one of many, nor for one far from everything, who is better used.
"""

from collections.abc import Sequence
from math import hypot

from services.dispatch.planner.model import Demand, Spot
from services.dispatch.planner.problem import Problem

TAKES = 0.3  # the chance that a coming order finds a driver free and takes it
DEPTH = 12  # drivers in line at a place; later ones change next to nothing
LONGEST = 2400.0  # seconds; who takes longer to come is as good as nobody
SHIFT_LEFT = 600.0  # seconds; who has less is no reserve
MOST_PLACES = 48
CELL_M = 500.0


def prices(problem: Problem, demand: Sequence[Demand]) -> list[float]:
    """For each courier, the seconds by which the expected answer slows without it."""
    worth = [0.0] * len(problem.couriers)
    places = _gathered(demand)
    total = sum(place.weight for place in places)
    lasting = [each for each in problem.couriers if problem.now <= each.ends - SHIFT_LEFT]
    pace = problem.metres_per_second
    at = [(*problem.places.spots[each.place], each.start - problem.now, each.number) for each in lasting]
    for place in places:
        x, y = place.spot
        line = sorted((hypot(px - x, py - y) / pace + begins, number) for px, py, begins, number in at)[: DEPTH + 1]
        slows = 0.0
        for rank in range(min(DEPTH, len(line)) - 1, -1, -1):
            seconds, number = line[rank]
            if seconds >= LONGEST:
                continue
            following = line[rank + 1][0] if rank + 1 < len(line) else LONGEST
            slows += TAKES * (1 - TAKES) ** rank * (min(following, LONGEST) - seconds)
            worth[number] += place.weight / total * slows
    return worth


def _gathered(demand: Sequence[Demand]) -> list[Demand]:
    """The heaviest places, those close together as one."""
    cells: dict[tuple[int, int], list[Demand]] = {}
    for each in demand:
        if each.weight > 0:
            cells.setdefault((int(each.spot.x // CELL_M), int(each.spot.y // CELL_M)), []).append(each)
    gathered = []
    for cell in cells.values():
        weight = sum(each.weight for each in cell)
        x = sum(each.spot.x * each.weight for each in cell) / weight
        y = sum(each.spot.y * each.weight for each in cell) / weight
        gathered.append(Demand(Spot(x, y), weight))
    return sorted(gathered, key=lambda each: (-each.weight, each.spot))[:MOST_PLACES]
