"""A day for a dispatcher: an event clock that tells it, minute by minute, only what is known by then.

This is the harness, and knows no dispatcher. To drive another one, give `run` anything with the method of `Dispatcher`;
to drive one through other days, give it another `Day` (local.simulator.instance_files says what a day is). Minutes and
metres throughout.

    decisions = run(day, dispatcher, Track())

The rules are those of the Meal Delivery Routing Problem, as referee.py has them: a decision sends an idle courier on
duty to one restaurant, from there with one order or more to their customers, and cannot be taken back.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from local.simulator.instance_files import Courier, Day, Order, Place


@dataclass(frozen=True)
class Track:
    """What is not as the day says. `declines`: the share of decisions that couriers decline, `silence` minutes after
    they were made; until then neither the courier nor the orders can be planned. `spread`: the standard deviation by
    which the expected ready times are off, until the food is ready."""

    name: str = "official"
    declines: float = 0.0
    silence: int = 0
    spread: float = 0.0
    seed: int = 0


TRACKS = {
    track.name: track
    for track in (
        Track(),
        Track("declines10", declines=0.1),
        Track("declines30", declines=0.3, silence=1),
        Track("estimates3", spread=3.0),
        Track("estimates6", spread=6.0),
        Track("estimates10", spread=10.0),
    )
}


@dataclass(frozen=True)
class KnownOrder:
    """`ready`: when it is expected to be ready, give or take `spread`; when it was, if `is_ready`. `refused_by`: who
    declined it."""

    name: str
    placed: float
    restaurant: str
    pickup: Place
    dropoff: Place
    ready: float
    spread: float
    is_ready: bool
    refused_by: frozenset[str]


@dataclass(frozen=True)
class UnderWay:
    """A trip whose food is not in hand yet: it can be from `there` on; the courier is busy for `after` from then."""

    there: float
    orders: tuple[KnownOrder, ...]
    after: float


@dataclass(frozen=True)
class KnownCourier:
    """A courier on duty. `free`, `at`: when and where its trip ends, if food is ready when its merchant says; of an
    idle one, when and where the last one did. `silent`: it has been asked and has not answered. `waits`: its trip,
    while some food of that is not ready."""

    name: str
    at: Place
    free: float
    off: float
    silent: bool
    waits: UnderWay | None = None


@dataclass(frozen=True)
class Readied:
    """An order whose food got ready, under way or not: when it was expected to be, and when it was."""

    restaurant: str
    placed: float
    expected: float
    ready: float


@dataclass(frozen=True)
class Known:
    """What is known at a minute. `orders`: placed, and not under way. `placed`: the restaurants of all orders placed
    since the minute before; `readied`: what got ready since the dispatcher was asked last."""

    minute: int
    orders: tuple[KnownOrder, ...]
    couriers: tuple[KnownCourier, ...]
    placed: tuple[str, ...]
    readied: tuple[Readied, ...]


@dataclass(frozen=True)
class Decision:
    """`orders` in the order of their drop-offs."""

    minute: int
    courier: str
    orders: tuple[str, ...]


class Dispatcher(Protocol):
    def decide(self, known: Known) -> Sequence[Decision]:
        """Called at each minute from 0 with something to know, and again in the same minute after a decline."""
        ...


class IllegalDecisionError(ValueError):
    """A dispatcher decided what the rules do not allow."""


@dataclass
class _Courier:
    courier: Courier
    at: Place
    free: float
    silent_until: float = -1.0
    left: float = 0.0
    came_from: Place = (0.0, 0.0)
    carries: tuple[str, ...] = ()


@dataclass
class _World:
    day: Day
    track: Track
    orders: dict[str, Order] = field(init=False)
    couriers: dict[str, _Courier] = field(init=False)
    expected: dict[str, float] = field(init=False)
    refused: dict[str, set[str]] = field(init=False)
    held_until: dict[str, float] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)
    told_until: float = -math.inf

    def __post_init__(self) -> None:
        self.dice = random.Random(f"{self.track.seed} {self.day.name}")
        self.orders = {order.name: order for order in self.day.orders}
        self.couriers = {each.name: _Courier(each, each.at, each.on) for each in self.day.couriers}
        self.refused = {name: set() for name in self.orders}
        self.expected = {
            order.name: max(order.placed, order.ready + self.dice.gauss(0, 1) * self.track.spread)
            for order in self.day.orders
        }

    def travel(self, start: Place, end: Place) -> int:
        return math.ceil(math.dist(start, end) / self.day.speed)

    def ready(self, name: str, minute: float) -> tuple[float, float]:
        """The ready time as it is known at this minute, and its spread."""
        order = self.orders[name]
        if order.ready <= minute or self.track.spread == 0:
            return order.ready, 0.0
        return self.expected[name], self.track.spread

    def trip(self, courier: _Courier, minute: int) -> UnderWay:
        orders = [self.orders[name] for name in courier.carries]
        place = self.day.restaurants[orders[0].restaurant]
        there = courier.left + self.travel(courier.came_from, place) + self.day.pickup_service / 2
        after = self.day.pickup_service / 2
        for order in orders:
            after += self.travel(place, order.at) + self.day.dropoff_service
            place = order.at
        return UnderWay(there, tuple(self._order(order, minute) for order in orders), after)

    def known(self, minute: int, placed: tuple[str, ...]) -> Known:
        return Known(
            minute,
            tuple(
                self._order(order, minute)
                for order in self.day.orders
                if order.placed <= minute
                and order.name not in self.under_way
                and self.held_until.get(order.name, 0) <= minute
            ),
            tuple(
                self._courier(each, minute)
                for each in self.couriers.values()
                if each.courier.on <= minute and (minute <= each.courier.off or each.free > minute)
            ),
            placed,
            self._readied(minute),
        )

    def _readied(self, minute: int) -> tuple[Readied, ...]:
        since = self.told_until
        return tuple(
            Readied(order.restaurant, order.placed, self.expected[order.name], order.ready)
            for order in self.day.orders
            if since < order.ready <= minute
        )

    def _order(self, order: Order, minute: int) -> KnownOrder:
        ready, spread = self.ready(order.name, minute)
        return KnownOrder(
            name=order.name,
            placed=order.placed,
            restaurant=order.restaurant,
            pickup=self.day.restaurants[order.restaurant],
            dropoff=order.at,
            ready=ready,
            spread=spread,
            is_ready=order.ready <= minute,
            refused_by=frozenset(self.refused[order.name]),
        )

    def _courier(self, courier: _Courier, minute: int) -> KnownCourier:
        trip = self.trip(courier, minute) if courier.carries else None
        if trip:
            courier.free = _ends(trip, minute)
            if courier.free <= minute:
                courier.carries = ()
        silent = courier.silent_until > minute
        free = max(courier.free, courier.silent_until) if silent else courier.free
        waits = trip if trip and not all(order.is_ready for order in trip.orders) else None
        return KnownCourier(courier.courier.name, courier.at, free, courier.courier.off, silent, waits)

    def check(self, decision: Decision, minute: int) -> None:
        courier = self.couriers.get(decision.courier)
        if courier is None or any(name not in self.orders for name in decision.orders):
            raise IllegalDecisionError(f"{decision}: no such courier or order")
        if not courier.courier.on <= minute <= courier.courier.off or courier.free > minute:
            raise IllegalDecisionError(f"{decision}: the courier is busy or off duty")
        if courier.silent_until > minute:
            raise IllegalDecisionError(f"{decision}: the courier has not answered yet")
        orders = [self.orders[name] for name in decision.orders]
        if decision.minute != minute or any(order.placed > minute for order in orders):
            raise IllegalDecisionError(f"{decision}: made at minute {minute}, with orders not all placed")
        if not orders or len({order.restaurant for order in orders}) > 1 or len(set(orders)) < len(orders):
            raise IllegalDecisionError(f"{decision}: must be of one restaurant, each order once")
        if any(order.name in self.under_way or self.held_until.get(order.name, 0) > minute for order in orders):
            raise IllegalDecisionError(f"{decision}: is under way or waits for an answer already")

    def take(self, decision: Decision) -> bool:
        """Whether the courier goes."""
        minute = decision.minute
        self.check(decision, minute)
        courier = self.couriers[decision.courier]
        if self.track.declines and self.dice.random() < self.track.declines:
            for name in decision.orders:
                self.refused[name].add(decision.courier)
                self.held_until[name] = minute + self.track.silence
            courier.silent_until = minute + self.track.silence
            return False
        courier.left, courier.came_from, courier.carries = minute, courier.at, decision.orders
        courier.at = self.orders[decision.orders[-1]].at
        courier.free = _ends(self.trip(courier, minute), minute)
        self.under_way.update(decision.orders)
        return True


def _ends(trip: UnderWay, minute: int) -> float:
    """When a trip ends by its merchant's words; what should have been ready and is not is expected any minute."""
    ready = [max(order.ready, minute + 1) if order.spread else order.ready for order in trip.orders]
    return max(trip.there, *ready) + trip.after


def run(day: Day, dispatcher: Dispatcher, track: Track) -> list[Decision]:
    """The decisions that were made and not declined. Raises IllegalDecisionError."""
    world = _World(day, track)
    placed_at: dict[int, list[str]] = {}
    for order in day.orders:
        placed_at.setdefault(math.ceil(order.placed), []).append(order.restaurant)
    last = max([order.ready for order in day.orders] + [courier.off for courier in day.couriers])
    made = []
    for minute in range(math.ceil(last) + 1):
        placed = tuple(placed_at.get(minute, ()))
        while True:
            known = world.known(minute, placed)
            if not known.orders and not placed:
                break
            decisions = dispatcher.decide(known)
            world.told_until = minute
            taken = [(decision, world.take(decision)) for decision in decisions]
            made += [decision for decision, goes in taken if goes]
            if all(goes for _, goes in taken) or track.silence:
                break
            placed = ()
    return made
