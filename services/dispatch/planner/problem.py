"""A round's deliveries and drivers as the search sees them: numbered, with travel times remembered."""

from collections.abc import Iterator, Sequence
from itertools import islice, repeat
from math import dist, hypot, inf
from operator import add

from services.dispatch.planner.model import Delivery, Driver, Settings, Spot, Travel

Legs = list[list[float]]
UNKNOWN = -1.0
SURE = 6.0  # spreads after which food is ready
MOST_CONSIDERED = 6  # of the nearest drivers, when a choice is explained


class Places:
    """Places by number, and how long it takes from one to another by vehicle, asked once each."""

    def __init__(self, travel: Travel) -> None:
        self.travel = travel
        self.spots: list[Spot] = []
        self._numbers: dict[Spot, int] = {}
        self._legs: dict[str, Legs] = {}

    def number(self, spot: Spot) -> int:
        number = self._numbers.setdefault(spot, len(self.spots))
        if number == len(self.spots):
            self.spots.append(spot)
        return number

    def legs(self, vehicle: str) -> Legs:
        """All legs, to be called after the last place has its number. UNKNOWN: not asked for yet; `ask` does."""
        if vehicle not in self._legs:
            size = len(self.spots)
            self._legs[vehicle] = [[UNKNOWN] * size for _ in range(size)]
        return self._legs[vehicle]

    def ask(self, start: int, end: int, vehicle: str) -> float:
        legs = self.legs(vehicle)[start]
        seconds = legs[end]
        if seconds == UNKNOWN:
            seconds = legs[end] = self.travel.seconds(self.spots[start], self.spots[end], vehicle)
        return seconds


class Job:
    """One delivery. `candidates`: drivers it may be planned for. `near`: the nearest, whether they may have it or not.

    `ideal`: when the customer has it if a driver of that vehicle stands ready, by vehicle. `after`: how long the driver
    is busy once the customer has it; `busy`: from reaching the merchant on, where the food is ready, by vehicle. `due`:
    when a driver is to be there. `latest`: by when it is ready, to be on the safe side; `sure`: to be sure. `joins`:
    the merchants whose trips it may join. `coming`: it is not placed yet, may never be, and rides alone; nobody leaves
    for it before `opens`. `weight`: what its delay counts for."""

    __slots__ = (
        "after", "busy", "candidates", "coming", "delivery", "dropoff", "due", "ideal", "joins", "latest", "near",
        "number", "opens", "pickup", "promised_at", "ready", "size", "spread", "sure", "weight",
    )  # fmt: skip

    def __init__(self, number: int, delivery: Delivery, places: Places, settings: Settings, *, coming: bool) -> None:
        self.number = number
        self.delivery = delivery
        self.pickup = places.number(delivery.pickup)
        self.dropoff = places.number(delivery.dropoff)
        self.ready = delivery.ready_at
        self.spread = delivery.ready_spread
        self.due = due(delivery, settings)
        self.latest = self.ready + settings.shift_margin * self.spread
        self.sure = self.ready + SURE * self.spread
        self.size = delivery.size
        self.coming = coming
        self.joins = frozenset[int]() if coming else frozenset((self.pickup,))
        self.opens = delivery.opened_at if coming else -inf
        self.weight = settings.coming_weight if coming else 1.0
        self.promised_at = delivery.promised_at
        self.after = settings.dropoff_after + (settings.coming_takes if coming else 0.0)
        self.ideal: dict[str, float] = {}
        self.busy: dict[str, float] = {}
        self.candidates: list[int] = []
        self.near: list[int] = []


def due(delivery: Delivery, settings: Settings) -> float:
    """When a driver is to be at the merchant."""
    return delivery.ready_at - settings.early * delivery.ready_spread


class Courier:
    """One driver. `start`: when the next trip can begin. `price`: what any trip costs beside what it delays."""

    __slots__ = ("capacity", "driver", "ends", "idle", "legs", "number", "place", "price", "start", "unfair", "vehicle")

    def __init__(self, number: int, driver: Driver, now: float, places: Places) -> None:
        self.number = number
        self.driver = driver
        self.place = places.number(driver.spot)
        self.start = max(now, driver.free_at)
        self.ends = driver.shift_ends_at
        self.capacity = driver.capacity
        self.vehicle = driver.vehicle
        self.idle = driver.free_at <= now and not driver.answering
        self.price = 0.0
        self.unfair = 0.0
        self.legs: Legs = []


class Problem:
    """Everything a search asks about. `jobs` are the deliveries, then those that are `coming`; they and `couriers` are
    numbered in the order of the arguments."""

    def __init__(
        self, now: float, deliveries: Sequence[Delivery], drivers: Sequence[Driver], travel: Travel, settings: Settings,
        coming: Sequence[Delivery] = (),
    ) -> None:  # fmt: skip
        self.now = now
        self.settings = settings
        self.places = Places(travel)
        self.jobs = [
            Job(number, each, self.places, settings, coming=number >= len(deliveries))
            for number, each in enumerate([*deliveries, *coming])
        ]
        self.couriers = [Courier(number, each, now, self.places) for number, each in enumerate(drivers)]
        mean = sum(each.carried for each in drivers) / max(1, len(drivers))
        for courier in self.couriers:
            courier.legs = self.places.legs(courier.vehicle)
            courier.unfair = settings.fairness * (courier.driver.carried - mean)
            courier.price = settings.refusal * (1.0 - courier.driver.acceptance)
        vehicles = {courier.vehicle for courier in self.couriers}
        for job in self.jobs:
            for vehicle in vehicles:
                direct = self.places.ask(job.pickup, job.dropoff, vehicle)
                job.ideal[vehicle] = job.ready + settings.pickup_after + direct + settings.dropoff_before
                job.busy[vehicle] = job.ideal[vehicle] - job.ready + settings.pickup_before + job.after
            soonest = min(job.ideal.values(), default=job.ready) + settings.soonest_promise
            job.promised_at = max(job.promised_at, soonest)
        if settings.neighbour_m:
            self._find_neighbours()
        self.metres_per_second = self._speed()
        self._find_candidates()

    def _find_neighbours(self) -> None:
        """The merchants as near to a job's own as may share a trip with it."""
        spots, metres, most = self.places.spots, self.places.travel.metres, self.settings.neighbour_m
        merchants = {job.pickup for job in self.jobs if not job.coming}
        near = {a: frozenset(b for b in merchants if metres(spots[a], spots[b]) <= most) for a in merchants}
        for job in self.jobs:
            if not job.coming:
                job.joins |= near[job.pickup]

    def _speed(self) -> float:
        """Of the ways from merchants to customers: enough to tell which drivers are nearest."""
        metres = seconds = 0.0
        for job in self.jobs:
            if job.coming:
                continue
            start, end = self.places.spots[job.pickup], self.places.spots[job.dropoff]
            metres += hypot(start.x - end.x, start.y - end.y)
            seconds += min(job.ideal.values(), default=0.0) - job.ready
        service = sum(not job.coming for job in self.jobs) * (self.settings.pickup_after + self.settings.dropoff_before)
        return metres / (seconds - service) if seconds > service and metres else 5.0

    def _find_candidates(self) -> None:
        """For each job, the drivers who could be at the merchant first, of those who may have it."""
        spots = [self.places.spots[courier.place] for courier in self.couriers]
        begins = [(courier.start - self.now) * self.metres_per_second for courier in self.couriers]
        numbers, soonest = range(len(spots)), dict[int, list[int]]()
        for job in self.jobs:
            if job.pickup not in soonest:
                far = list(map(add, map(dist, spots, repeat(self.places.spots[job.pickup])), begins))
                soonest[job.pickup] = sorted(numbers, key=far.__getitem__)
            job.near = soonest[job.pickup][:MOST_CONSIDERED]
            job.candidates = list(islice(self._allowed(job, soonest[job.pickup]), self.settings.nearest))

    def _allowed(self, job: Job, soonest: Sequence[int]) -> Iterator[int]:
        """Of these, who may have the job; who refused it, only where nobody else can."""
        delivery, couriers = job.delivery, self.couriers
        if not (delivery.refused_by or delivery.barred or delivery.vehicles or delivery.pinned_to is not None):
            return (each for each in soonest if job.size <= couriers[each].capacity)
        refused: list[int] = []
        willing: list[int] = []
        for number in soonest:
            courier = couriers[number]
            name = courier.driver.driver_id
            if name in delivery.barred or (delivery.pinned_to is not None and name != delivery.pinned_to):
                continue
            if job.size > courier.capacity or (delivery.vehicles and courier.vehicle not in delivery.vehicles):
                continue
            (refused if name in delivery.refused_by else willing).append(number)
        return iter([each for each in willing if self._in_shift(job, each)] or refused)

    def _in_shift(self, job: Job, number: int) -> bool:
        courier = self.couriers[number]
        there = courier.start + self.places.ask(courier.place, job.pickup, courier.vehicle)
        return max(there + self.settings.pickup_before, job.latest) <= courier.ends
