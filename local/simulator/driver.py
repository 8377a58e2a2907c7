"""A driver: on duty for a shift, takes offers or not, fetches, carries, hands over.

A trip is carried as the platform laid it out: everything is fetched, then handed over in the order of its drop-offs.
Meanwhile the next trip may be offered; it begins when the present one has ended. What the platform takes to answer is
nobody's way: who waited for an answer goes on as if it had come at once.
"""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from local.simulator import city
from local.simulator.api import DeliveryView, DriverApi, OfferView
from local.simulator.bell import Bell
from local.simulator.clock import Clock
from local.simulator.geometry import Point, metres
from local.simulator.kitchen import Kitchen
from local.simulator.phone import Fix, Phone, Reported
from local.simulator.session import Refused, insist

_LOOK_EVERY = 15.0  # wall seconds without a ring
_IDLE = 180.0  # simulated seconds without work, after which one waits at the nearest merchant's
_NEAR = 400.0  # metres
_BEFORE_PICKUP = frozenset({"ASSIGNED", "ARRIVED_AT_PICKUP"})
_CARRYING = frozenset({"PICKED_UP", "ARRIVED_AT_DROPOFF"})


@dataclass(frozen=True)
class Surroundings:
    """What drivers share. plans: what the city means to do with each order, by order id. closing: nothing is left to
    do for anybody. roam: who has nothing to do waits near merchants. whole_minutes: every way takes some."""

    bell: Bell
    kitchen: Kitchen
    clock: Clock
    plans: Mapping[str, city.Order]
    merchants: tuple[Point, ...]
    closing: asyncio.Event
    speed: float
    pickup_service: float
    dropoff_service: float
    roam: bool = True
    whole_minutes: bool = False

    def seconds(self, start: Point, end: Point) -> float:
        """How long a driver takes for that way, simulated seconds."""
        taken = metres(start, end) / self.speed
        return math.ceil(round(taken / city.MINUTE, 3)) * city.MINUTE if self.whole_minutes else taken


class Driver:
    def __init__(self, who: city.Driver, driver_id: str, api: DriverApi, around: Surroundings, seed: int) -> None:
        self._who = who
        self._id = driver_id
        self._api = api
        self._around = around
        self._clock = around.clock
        self._dice = random.Random(f"{seed}/{who.key}")  # noqa: S311 - repeatable behaviour, no secret
        self._phone = Phone(around.clock, who.start, self._send)
        self._presses_button = self._dice.random() < 0.5  # the others rely on being seen to arrive
        self._answered: set[str] = set()
        self._answers: list[asyncio.Task[None]] = []
        self._home = False  # and takes no more offers
        self._since = 0.0  # when what is done next begins, simulated; a little ago while the platform answers
        self._news = asyncio.Event()

    async def live(self) -> None:
        """One shift. Returns off duty, carrying nothing."""
        try:
            async with asyncio.timeout(max(0.0, self._who.on - self._clock.now()) / self._clock.speed):
                await self._around.closing.wait()
            return
        except TimeoutError:
            pass
        until = None if self._over() else self._clock.moment(self._who.off)
        await insist(lambda: self._api.go_on_duty(self._phone.here(), until))
        async with asyncio.TaskGroup() as tasks:
            beside = [tasks.create_task(self._phone.keep_reporting()), tasks.create_task(self._listen())]
            self._since = self._clock.now()
            await self._carry_all()
            while not self._over():
                await self._wait_for_work()
            await insist(self._api.go_off_duty)
            self._home = True
            await asyncio.gather(*self._answers)
            await self._carry_all()
            for task in beside:
                task.cancel()

    def _over(self) -> bool:
        return self._around.closing.is_set() or self._clock.now() >= self._who.off

    # -- news and offers

    async def _listen(self) -> None:
        """Hear the bell, tell whoever waits, and look at what is offered, whatever else one is at. Until cancelled."""
        while True:
            await self._around.bell.wait(self._id, _LOOK_EVERY)
            self._news.set()
            for offer in [] if self._home else await self._offers():
                self._answered.add(offer.offer_id)
                self._answers.append(asyncio.create_task(self._answer(offer)))

    async def _wait(self, seconds: float) -> bool:
        """True when there was news; False after that many wall seconds without."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True

    async def _offers(self) -> list[OfferView]:
        try:
            return [offer for offer in await self._api.offers() if offer.offer_id not in self._answered]
        except Refused:
            return []

    async def _answer(self, offer: OfferView) -> None:
        habits, mood = self._who.habits, self._dice.random()
        if mood < habits.lets_lapse:
            return
        await self._clock.sleep(self._dice.uniform(*habits.reaction))
        declines = mood < habits.lets_lapse + habits.declines
        try:
            await (self._api.decline(offer) if declines else self._api.accept(offer))
        except Refused:
            return  # lapsed, or called off
        self._news.set()

    async def _wait_for_work(self) -> None:
        left = max(0.0, self._who.off - self._clock.now()) / self._clock.speed
        if await self._wait(min(left, _IDLE / self._clock.speed)):
            self._since = self._clock.now()
            await self._carry_all()
        elif self._around.roam:
            self._wait_near_merchants()

    def _wait_near_merchants(self) -> None:
        here = self._phone.here()
        nearest = min(self._around.merchants, key=lambda place: metres(here, place))
        if metres(here, nearest) > _NEAR:
            self._phone.set_off(nearest, self._around.speed)

    # -- carrying

    async def _carry_all(self) -> None:
        """Trip after trip, until nothing is left."""
        while carried := await self._carried():
            await self._carry(first_trip(carried))

    async def _carried(self) -> list[DeliveryView]:
        while True:
            try:
                return await self._api.deliveries()
            except Refused:
                await asyncio.sleep(0.5)

    async def _carry(self, trip: list[DeliveryView]) -> None:
        """Take one trip further: fetch what is to be fetched at the first of its places, or hand one delivery over."""
        to_fetch = [each for each in trip if each.state in _BEFORE_PICKUP]
        on_board = [each for each in trip if each.state in _CARRYING]
        if to_fetch:
            await self._fetch([each for each in to_fetch if each.pickup == to_fetch[0].pickup])
        elif on_board:
            await self._hand_over(on_board[0])
        else:
            await self._bring_back(trip[0])

    async def _fetch(self, deliveries: list[DeliveryView]) -> None:
        """All that is to be had at one place."""
        ids = [each.id for each in deliveries]
        if self._dice.random() < self._who.habits.drops_out:
            await self._clock.sleep(self._dice.uniform(20, 120))
            for each in ids:
                await self._until_done(each, lambda each=each: self._api.drop_out(each))  # type: ignore[misc]
            self._since = self._clock.now()
            return
        if not await self._travel(deliveries[0].pickup, ids):
            return
        for each in ids:
            await self._arrive(each, "PICKUP")
        await self._spend(self._around.pickup_service / 2)
        for each in ids:
            if await self._until_ready(each):
                await self._until_done(each, lambda each=each: self._api.pick_up(each))  # type: ignore[misc]
        await self._spend(self._around.pickup_service / 2)

    async def _until_ready(self, delivery_id: str) -> bool:
        """False when it was taken away meanwhile."""
        kitchen = self._around.kitchen
        while not kitchen.has(delivery_id, tell=self._id):
            rung = await self._wait(_LOOK_EVERY)
            self._since = self._clock.now()
            if rung and not kitchen.has(delivery_id, tell=self._id) and not await self._mine([delivery_id]):
                return False
        return True

    async def _hand_over(self, delivery: DeliveryView) -> None:
        if not await self._travel(delivery.dropoff, [delivery.id]):
            return
        await self._arrive(delivery.id, "DROPOFF")
        await self._spend(self._around.dropoff_service / 2)
        plan = self._around.plans.get(delivery.id)
        if plan is not None and plan.absent:
            await self._until_done(delivery.id, lambda: self._api.start_return(delivery.id))
        else:
            proof = self._dice.choice(("HANDED_OVER", "LEFT_AT_DOOR"))
            await self._until_done(delivery.id, lambda: self._api.deliver(delivery.id, proof))
        await self._spend(self._around.dropoff_service / 2)

    async def _bring_back(self, delivery: DeliveryView) -> None:
        if await self._travel(delivery.pickup, [delivery.id]):
            await self._until_done(delivery.id, lambda: self._api.returned(delivery.id))

    async def _travel(self, to: Point, delivery_ids: list[str]) -> bool:
        """False, and standing still, when all of these deliveries were taken away on the way."""
        seconds = self._around.seconds(self._phone.here(), to)
        speed = metres(self._phone.here(), to) / seconds if seconds else self._around.speed
        trip = self._phone.set_off(to, speed, self._since)
        while (left := trip.arrives_at - self._clock.now()) > 0:
            if await self._wait(left / self._clock.speed) and not await self._mine(delivery_ids):
                self._phone.set_off(self._phone.here(), self._around.speed)
                self._since = self._clock.now()
                return False
        self._since = trip.arrives_at
        await self._phone.report()
        return True

    async def _spend(self, seconds: float) -> None:
        """Be busy for so long, simulated, since what was done before."""
        self._since += seconds
        await self._clock.sleep_until(self._since)

    async def _arrive(self, delivery_id: str, stop: str) -> None:
        if self._presses_button:
            await insist(lambda: self._api.arrive(delivery_id, stop), tries=2)

    async def _until_done(self, delivery_id: str, step: Callable[[], Awaitable[None]]) -> bool:
        """Take a step, again if something else changed at the same moment. False when the delivery is gone."""
        for _ in range(6):
            if await insist(step):
                return True
            if not await self._mine([delivery_id]):
                return False
            await asyncio.sleep(0.5)
        return False

    async def _mine(self, delivery_ids: Iterable[str]) -> bool:
        """Whether any of them is still carried."""
        try:
            return not {delivery.id for delivery in await self._api.deliveries()}.isdisjoint(delivery_ids)
        except Refused:
            return True  # no answer is no news

    async def _send(self, fixes: list[Fix]) -> Reported | None:
        # A report that does not get through is gone; the next one comes soon.
        try:
            return await self._api.report(fixes)
        except Refused:
            return None


def first_trip(carried: list[DeliveryView]) -> list[DeliveryView]:
    """Of all that is carried the trip that was accepted first, in the order of its drop-offs."""
    first = min(carried, key=lambda each: (each.assigned_at, each.trip_id))
    trip = [each for each in carried if each.trip_id == first.trip_id]
    return sorted(trip, key=lambda each: each.position)
