"""What decisions come to. Minutes, and dollars.

The rules of the Meal Delivery Routing Problem: a courier who is on duty and idle leaves at once for the restaurant of
its orders; travel is straight, in whole minutes, rounded up. There it spends half the service, waits for the last
order to be ready: that is the pick-up, not after the end of its shift; and spends the other half. At each customer it
spends half the drop-off service, hands over, and spends the other half. It is idle again where it then stands.

An order's *excess* is its time from click to door beyond what no dispatcher can avoid: preparation, pick-up service and
the way from restaurant to customer. `A` is the mean of min(90, excess), where an order that nobody delivers counts 90.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.dispatch.clock import Decision
from local.simulator.instance_files import Day, Place

MOST = 90.0
PAY_PER_ORDER = 10.0
GUARANTEED_PER_HOUR = 15.0


@dataclass(frozen=True)
class Figures:
    """`click_to_door`: of the delivered, sorted."""

    orders: int
    avoidable: float
    undelivered: int
    over_90: int
    p95: float
    cost_per_order: float
    orders_per_trip: float
    violations: tuple[str, ...]
    click_to_door: tuple[float, ...]


@dataclass
class _Courier:
    at: Place
    free: float
    carried: int = 0


def judge(day: Day, decisions: Sequence[Decision]) -> Figures:
    """The figures of a day. A decision that breaks a rule is a violation, and nothing comes of it."""
    couriers = {each.name: _Courier(each.at, each.on) for each in day.couriers}
    doors: dict[str, float] = {}
    violations = []
    trips = 0
    for decision in sorted(decisions, key=lambda each: each.minute):
        wrong = _violation(day, decision, couriers, doors)
        if wrong:
            violations.append(f"minute {decision.minute}, {decision.courier}, {','.join(decision.orders)}: {wrong}")
        else:
            _follow(day, decision, couriers[decision.courier], doors)
            trips += 1
    return _figures(day, doors, couriers, trips, tuple(violations))


def _travel(day: Day, start: Place, end: Place) -> int:
    return math.ceil(math.dist(start, end) / day.speed)


def _pickup(day: Day, decision: Decision, courier: _Courier) -> float:
    orders = {order.name: order for order in day.orders if order.name in decision.orders}
    restaurant = day.restaurants[orders[decision.orders[0]].restaurant]
    there = decision.minute + _travel(day, courier.at, restaurant) + day.pickup_service / 2
    return max(there, *(order.ready for order in orders.values()))


def _violation(day: Day, decision: Decision, couriers: dict[str, _Courier], doors: dict[str, float]) -> str | None:
    shifts = {each.name: each for each in day.couriers}
    orders = [order for order in day.orders if order.name in decision.orders]
    if decision.courier not in shifts or len(orders) != len(decision.orders) or not orders:
        return "no such courier or order, or an order twice"
    shift, courier = shifts[decision.courier], couriers[decision.courier]
    if not shift.on <= decision.minute <= shift.off or decision.minute < courier.free:
        return "off duty or busy"
    if any(order.placed > decision.minute for order in orders):
        return "before placement"
    if len({order.restaurant for order in orders}) > 1 or any(order.name in doors for order in orders):
        return "several restaurants, or delivered twice"
    if _pickup(day, decision, courier) > shift.off:
        return "pick-up after the end of the shift"
    return None


def _follow(day: Day, decision: Decision, courier: _Courier, doors: dict[str, float]) -> None:
    orders = {order.name: order for order in day.orders if order.name in decision.orders}
    time = _pickup(day, decision, courier) + day.pickup_service / 2
    place = day.restaurants[orders[decision.orders[0]].restaurant]
    for name in decision.orders:
        time += _travel(day, place, orders[name].at) + day.dropoff_service / 2
        doors[name], place = time, orders[name].at
        time += day.dropoff_service / 2
    courier.at, courier.free, courier.carried = place, time, courier.carried + len(decision.orders)


def _figures(
    day: Day, doors: dict[str, float], couriers: dict[str, _Courier], trips: int, violations: tuple[str, ...]
) -> Figures:
    excess = 0.0
    for order in day.orders:
        least = order.ready + day.pickup_service + _travel(day, day.restaurants[order.restaurant], order.at)
        excess += min(MOST, doors[order.name] - least) if order.name in doors else MOST
    placed = {order.name: order.placed for order in day.orders}
    click_to_door = sorted(door - placed[name] for name, door in doors.items())
    pay = sum(
        max(PAY_PER_ORDER * couriers[each.name].carried, GUARANTEED_PER_HOUR * (each.off - each.on) / 60)
        for each in day.couriers
    )
    return Figures(
        orders=len(day.orders),
        avoidable=excess / len(day.orders),
        undelivered=len(day.orders) - len(doors),
        over_90=sum(minutes > MOST for minutes in click_to_door),
        p95=click_to_door[math.ceil(0.95 * len(click_to_door)) - 1] if click_to_door else math.nan,
        cost_per_order=pay / max(1, len(doors)),
        orders_per_trip=len(doors) / max(1, trips),
        violations=violations,
        click_to_door=tuple(click_to_door),
    )
