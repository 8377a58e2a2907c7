"""The platform's planner as a dispatcher of the benchmark: its own settings, with the day's speed and service times."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from benchmarks.dispatch.clock import Decision, Known, KnownCourier, KnownOrder, Readied, UnderWay
from local.simulator.instance_files import Day
from services.dispatch.planner.demand import DemandSeen
from services.dispatch.planner.estimates import expected_ready, later
from services.dispatch.planner.merchants import Merchant
from services.dispatch.planner.model import Delivery, Driver, Plan, Settings, Spot
from services.dispatch.planner.planning import Intended, intended, plan
from services.dispatch.planner.readiness import Kitchen, Readiness, Usual

MINUTE = 60.0


@dataclass(frozen=True)
class WholeMinutes:
    """Travel as the referee has it: straight, each leg rounded up to a minute."""

    metres_per_minute: float

    def metres(self, start: Spot, end: Spot) -> float:
        return math.dist(start, end)

    def seconds(self, start: Spot, end: Spot, _vehicle: str) -> float:
        return math.ceil(math.dist(start, end) / self.metres_per_minute) * MINUTE


@dataclass
class Planned:
    """`rounds`: how long each took, in seconds; `last`: the latest plan."""

    day: Day
    settings: Settings = field(default_factory=Settings)
    rounds: list[float] = field(default_factory=list)
    last: Plan = field(default_factory=Plan)

    def __post_init__(self) -> None:
        pickup, dropoff = self.day.pickup_service / 2 * MINUTE, self.day.dropoff_service / 2 * MINUTE
        self.settings = replace(
            self.settings,
            pickup_before=pickup,
            pickup_after=pickup,
            dropoff_before=dropoff,
            dropoff_after=dropoff,
            round_every=MINUTE,
        )
        self.travel = WholeMinutes(self.day.speed)
        self.demand = DemandSeen()
        self.usual: Usual | None = None  # until a word is heard that may be off
        self.kitchens: dict[str, Kitchen] = {}
        self.words: dict[str, dict[str, tuple[float, float]]] = {}  # of orders that are not ready, by restaurant
        self.before: Intended = {}

    def decide(self, known: Known) -> Sequence[Decision]:
        now = known.minute * MINUTE
        for restaurant in known.placed:
            self.demand = self.demand.seen(Spot(*self.day.restaurants[restaurant]), now)
        for each in known.readied:
            self._learn(each)
        self.words = _words(known)
        begun = time.perf_counter()
        self.last = plan(
            now,
            [self._delivery(order, now) for order in known.orders],
            [self._driver(courier, now) for courier in known.couriers],
            self.travel,
            replace(self.settings, seed=self.settings.seed + known.minute),
            demand=self.demand.expected(now),
            before=self.before,
        )
        self.rounds.append(time.perf_counter() - begun)
        self.before = intended(self.last)
        return [Decision(known.minute, trip.driver_id, trip.delivery_ids) for trip in self.last.commit]

    def _learn(self, order: Readied) -> None:
        """As the platform does. How far off words are is known from the track, until more is."""
        if self.usual is not None:
            said, late = (order.expected - order.placed) * MINUTE, (order.ready - order.expected) * MINUTE
            known = Readiness(self.usual, self.kitchens.get(order.restaurant, Kitchen()))
            learnt = known.observed(said, late, order.placed * MINUTE)
            self.usual, self.kitchens[order.restaurant] = learnt.usual, learnt.kitchen

    def _ready(self, order: KnownOrder, now: float) -> tuple[float, float]:
        """When it is ready, or expected to be, and the spread of that."""
        ready = order.ready * MINUTE
        if order.is_ready or not order.spread:
            return ready, 0.0
        if self.usual is None:
            self.usual = Usual(late_variance=(order.spread * MINUTE) ** 2)
        kitchen, words = self.kitchens.get(order.restaurant, Kitchen()), self.words.get(order.restaurant, {})
        known = Merchant(kitchen, words).readiness(self.usual, now, of=order.name)
        late = known.of(*_word(order))
        # Food is ready at whole minutes: what is not by this one is by the next, or later, so no sooner than halfway.
        return expected_ready(ready, late, now + MINUTE / 2)

    def _delivery(self, order: KnownOrder, now: float) -> Delivery:
        ready, spread = self._ready(order, now)
        return Delivery(
            delivery_id=order.name,
            merchant_id=order.restaurant,
            pickup=Spot(*order.pickup),
            dropoff=Spot(*order.dropoff),
            opened_at=order.placed * MINUTE,
            ready_at=ready,
            ready_spread=spread,
            refused_by=order.refused_by,
        )

    def _driver(self, courier: KnownCourier, now: float) -> Driver:
        return Driver(
            driver_id=courier.name,
            spot=Spot(*courier.at),
            free_at=self._free(courier.waits, now) if courier.waits else courier.free * MINUTE,
            shift_ends_at=courier.off * MINUTE,
            capacity=5,
            answering=courier.silent,
        )

    def _free(self, trip: UnderWay, now: float) -> float:
        """When the trip ends, as the planner expects of its own trips."""
        time = trip.there * MINUTE
        for ready, spread in sorted(self._ready(order, now) for order in trip.orders):
            time = later(time, ready, spread)
        return time + trip.after * MINUTE


def _words(known: Known) -> dict[str, dict[str, tuple[float, float]]]:
    """What restaurants say of orders that are not ready, whether a courier is under way for them or not."""
    under_way = (order for courier in known.couriers if courier.waits for order in courier.waits.orders)
    words: dict[str, dict[str, tuple[float, float]]] = {}
    for order in (*known.orders, *under_way):
        if order.spread and not order.is_ready:
            words.setdefault(order.restaurant, {})[order.name] = _word(order)
    return words


def _word(order: KnownOrder) -> tuple[float, float]:
    """How long the order was said to take, and when, in seconds."""
    return (order.ready - order.placed) * MINUTE, order.placed * MINUTE
