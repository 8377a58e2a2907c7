"""What the planner is measured against: two dispatchers as most platforms have them."""

import math
from collections.abc import Sequence

from benchmarks.dispatch.assignment import cheapest_pairs
from benchmarks.dispatch.clock import Decision, Known, KnownCourier, KnownOrder
from local.simulator.instance_files import Day

EVERY = 5  # minutes
MOST_IN_BUNDLE = 3
TOGETHER = 10.0  # minutes between the ready times of a bundle's first and last
FORBIDDEN = 1e6


class Greedy:
    """Each minute the nearest pair of a waiting order and an idle courier, then the nearest of the rest, and so on."""

    def __init__(self, day: Day) -> None:
        self._day = day

    def decide(self, known: Known) -> Sequence[Decision]:
        idle = _idle(known)
        pairs = sorted(
            (math.dist(courier.at, order.pickup), order.name, courier.name)
            for order in known.orders
            for courier in idle
            if _in_shift(self._day, known.minute, courier, (order,)) and courier.name not in order.refused_by
        )
        decided: dict[str, str] = {}
        sent: set[str] = set()
        for _, order, courier in pairs:
            if order not in decided and courier not in sent:
                decided[order] = courier
                sent.add(courier)
        return [Decision(known.minute, courier, (order,)) for order, courier in decided.items()]


class Matcher:
    """Every five minutes the cheapest matching of idle couriers and bundles, as many bundles as there are couriers.

    Orders of one restaurant share a bundle when they are ready at about the same time and couriers are short. A pair
    costs the minutes that the food waits.
    """

    def __init__(self, day: Day) -> None:
        self._day = day

    def decide(self, known: Known) -> Sequence[Decision]:
        idle = _idle(known)
        if known.minute % EVERY or not idle or not known.orders:
            return []
        bundles: list[tuple[KnownOrder, ...]] = [(order,) for order in known.orders]
        if len(bundles) > len(idle):
            bundles = _bundled(known.orders)
        costs = [[self._cost(known.minute, courier, bundle) for courier in idle] for bundle in bundles]
        return [
            Decision(known.minute, idle[column].name, tuple(order.name for order in _nearest_first(bundles[row])))
            for row, column in cheapest_pairs(costs)
            if costs[row][column] < FORBIDDEN / 2
        ]

    def _cost(self, minute: int, courier: KnownCourier, bundle: tuple[KnownOrder, ...]) -> float:
        if not _in_shift(self._day, minute, courier, bundle) or any(courier.name in o.refused_by for o in bundle):
            return FORBIDDEN
        there = minute + _way(self._day, courier, bundle[0])
        # Who has waited longer comes first where couriers are short.
        return sum(max(0.0, there - order.ready) - (minute - order.placed) for order in bundle)


def _idle(known: Known) -> list[KnownCourier]:
    return [each for each in known.couriers if each.free <= known.minute <= each.off and not each.silent]


def _way(day: Day, courier: KnownCourier, order: KnownOrder) -> float:
    return math.ceil(math.dist(courier.at, order.pickup) / day.speed) + day.pickup_service / 2


def _in_shift(day: Day, minute: int, courier: KnownCourier, bundle: tuple[KnownOrder, ...]) -> bool:
    pickup = max(minute + _way(day, courier, bundle[0]), *(order.ready for order in bundle))
    return pickup <= courier.off


def _bundled(orders: Sequence[KnownOrder]) -> list[tuple[KnownOrder, ...]]:
    bundles: list[list[KnownOrder]] = []
    for order in sorted(orders, key=lambda each: (each.restaurant, each.ready, each.name)):
        last = bundles[-1] if bundles else []
        if (
            last
            and last[0].restaurant == order.restaurant
            and order.ready - last[0].ready <= TOGETHER
            and len(last) < MOST_IN_BUNDLE
        ):
            last.append(order)
        else:
            bundles.append([order])
    return [tuple(bundle) for bundle in bundles]


def _nearest_first(bundle: tuple[KnownOrder, ...]) -> list[KnownOrder]:
    """From the restaurant to the nearest customer, from there to the nearest of the rest, and so on."""
    left, place, ordered = list(bundle), bundle[0].pickup, []
    while left:
        here = place
        left.sort(key=lambda order: (math.dist(here, order.dropoff), order.name))
        ordered.append(left.pop(0))
        place = ordered[-1].dropoff
    return ordered
