"""How long a round takes to plan: `python -m benchmarks.planner_time [--deliveries 150] [--drivers 250] [--within MS]`.

Rounds of one busy city follow one another, each going on from the one before, as they do in the platform; every fifth
has nothing to go on from. `--within` ends each search after so long, as the platform does after 250 ms. Merchants sit
in a few streets, drivers are half busy. Times are the processor's, so that other work counts for little.
"""

import argparse
import math
import random
import time
from dataclasses import dataclass

from services.dispatch.planner.model import Delivery, Demand, Driver, Settings, Spot
from services.dispatch.planner.planning import Intended, intended, plan
from services.dispatch.uncollected import uncollected

MINUTE = 60.0
BUSY = 0.03  # a third of the orders that come in a second, all merchants together


@dataclass(frozen=True)
class Straight:
    metres_per_second: float = 5.3

    def metres(self, start: Spot, end: Spot) -> float:
        return math.dist(start, end)

    def seconds(self, start: Spot, end: Spot, _vehicle: str) -> float:
        return math.dist(start, end) / self.metres_per_second


class City:
    """Keeps as many deliveries open as asked for: what is committed is replaced by new orders."""

    def __init__(self, deliveries: int, drivers: int, seed: int) -> None:
        self.dice = random.Random(seed)
        self.side = 1000.0 * math.sqrt(drivers) * 0.6  # metres: as dense whatever the size
        self.merchants = [self.somewhere() for _ in range(max(5, deliveries // 3))]
        self.count, self.made, self.now = deliveries, 0, 0.0
        self.open: dict[str, Delivery] = {}
        self.drivers = {
            name: Driver(name, self.somewhere(), self.dice.uniform(-900, 900), capacity=5)
            for name in (f"driver {n}" for n in range(drivers))
        }

    def somewhere(self) -> Spot:
        return Spot(self.dice.uniform(0, self.side), self.dice.uniform(0, self.side))

    def fill(self) -> None:
        while len(self.open) < self.count:
            self.made += 1
            number = self.dice.randrange(len(self.merchants))
            at = self.merchants[number]
            to = Spot(at.x + self.dice.gauss(0, 2000), at.y + self.dice.gauss(0, 2000))
            ready = self.now + self.dice.uniform(0, 25 * MINUTE)
            name = f"delivery {self.made}"
            self.open[name] = Delivery(name, f"merchant {number}", at, to, self.now, ready)

    def round(self, settings: Settings, before: Intended, within: float = math.inf) -> tuple[float, Intended]:
        """How long it took, in seconds, and what is intended next."""
        self.fill()
        each = BUSY / len(self.merchants)
        demand = [Demand(spot, each * (1 + number % 5)) for number, spot in enumerate(self.merchants)]
        deliveries, drivers, travel = list(self.open.values()), list(self.drivers.values()), Straight()
        begun = time.process_time()
        with uncollected():  # as the platform does
            made = plan(
                self.now, deliveries, drivers, travel, settings,
                demand=demand, before=before, expired=lambda: time.process_time() - begun > within,
            )  # fmt: skip
        took = time.process_time() - begun
        for trip in made.commit:
            driver = self.drivers[trip.driver_id]
            at = trip.stops[-1].spot
            self.drivers[trip.driver_id] = Driver(trip.driver_id, at, trip.free_at, capacity=driver.capacity)
            for name in trip.delivery_ids:
                del self.open[name]
        self.now += MINUTE
        return took, intended(made)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=150)
    parser.add_argument("--drivers", type=int, default=250)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--iterations", type=int, default=Settings().iterations)
    parser.add_argument("--within", type=float, default=math.inf, metavar="MS", help="when the search is ended")
    given = parser.parse_args()
    city, settings = City(given.deliveries, given.drivers, seed=1), Settings(iterations=given.iterations)
    before: Intended = {}
    times = []
    for number in range(given.rounds):
        took, before = city.round(settings, {} if number % 5 == 0 else before, given.within / 1000)
        times.append(1000 * took)
    times.sort()
    middle, late = times[len(times) // 2], times[int(0.95 * len(times))]
    print(f"{given.deliveries} deliveries, {given.drivers} drivers, {settings.iterations} iterations at most: ", end="")
    print(f"{middle:.0f} ms median, {late:.0f} ms p95, {times[-1]:.0f} ms worst")


if __name__ == "__main__":
    main()
