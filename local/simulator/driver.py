"""A driver: on duty for a shift, takes offers or not, fetches, carries, hands over."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from local.simulator import city
from local.simulator.api import DeliveryView, DriverApi, OfferView
from local.simulator.bell import Bell
from local.simulator.clock import Clock
from local.simulator.geometry import Point, metres
from local.simulator.kitchen import Kitchen
from local.simulator.phone import Fix, Phone
from local.simulator.session import Refused, insist

_LOOK_EVERY = 15.0  # wall seconds without a ring
_IDLE = 180.0  # simulated seconds without work, after which one waits at the nearest merchant's
_NEAR = 400.0  # metres
_BEFORE_PICKUP = frozenset({"ASSIGNED", "ARRIVED_AT_PICKUP"})
_CARRYING = frozenset({"PICKED_UP", "ARRIVED_AT_DROPOFF"})


@dataclass(frozen=True)
class Surroundings:
    """What drivers share. plans: what the city means to do with each order, by order id. closing: nothing is left to
    do for anybody."""

    bell: Bell
    kitchen: Kitchen
    clock: Clock
    plans: Mapping[str, city.Order]
    merchants: tuple[Point, ...]
    closing: asyncio.Event
    speed: float
    pickup_service: float
    dropoff_service: float


class Driver:
    def __init__(self, who: city.Driver, driver_id: str, api: DriverApi, around: Surroundings, seed: int) -> None:
        self._who = who
        self._id = driver_id
        self._api = api
        self._around = around
        self._bell = around.bell
        self._clock = around.clock
        self._dice = random.Random(f"{seed}/{who.key}")  # noqa: S311 - repeatable behaviour, no secret
        self._phone = Phone(around.clock, who.start, self._send)
        self._presses_button = self._dice.random() < 0.5  # the others rely on being seen to arrive
        self._ignored: set[str] = set()

    async def live(self) -> None:
        """One shift. Returns off duty, carrying nothing."""
        try:
            async with asyncio.timeout(max(0.0, self._who.on - self._clock.now()) / self._clock.speed):
                await self._around.closing.wait()
            return
        except TimeoutError:
            pass
        await insist(lambda: self._api.go_on_duty(self._phone.here()))
        async with asyncio.TaskGroup() as tasks:
            reports = tasks.create_task(self._phone.keep_reporting())
            await self._carry_all()
            while not self._over():
                await self._wait_for_work()
            await self._go_off_duty()
            reports.cancel()

    def _over(self) -> bool:
        return self._around.closing.is_set() or self._clock.now() >= self._who.off

    # -- offers

    async def _wait_for_work(self) -> None:
        left = max(0.0, self._who.off - self._clock.now()) / self._clock.speed
        rung = await self._bell.wait(self._id, min(left, _LOOK_EVERY, _IDLE / self._clock.speed))
        for offer in await self._offers():
            if await self._answer(offer):
                await self._carry_all()
        if not rung:
            self._wait_near_merchants()

    async def _offers(self) -> list[OfferView]:
        try:
            return [offer for offer in await self._api.offers() if offer.offer_id not in self._ignored]
        except Refused:
            return []

    async def _answer(self, offer: OfferView) -> bool:
        """True when it was accepted."""
        habits, mood = self._who.habits, self._dice.random()
        if mood < habits.lets_lapse:
            self._ignored.add(offer.offer_id)
            return False
        await self._clock.sleep(self._dice.uniform(*habits.reaction))
        declines = mood < habits.lets_lapse + habits.declines
        try:
            await (self._api.decline(offer) if declines else self._api.accept(offer))
        except Refused:
            return False  # lapsed, or called off
        return not declines

    def _wait_near_merchants(self) -> None:
        here = self._phone.here()
        nearest = min(self._around.merchants, key=lambda place: metres(here, place))
        if metres(here, nearest) > _NEAR:
            self._phone.set_off(nearest, self._around.speed)

    # -- carrying

    async def _carry_all(self) -> None:
        try:
            carried = await self._api.deliveries()
        except Refused:
            return
        for delivery in carried:
            await self._carry(delivery)

    async def _carry(self, delivery: DeliveryView) -> None:
        """From whatever state it is in to its end, unless it is taken away."""
        if delivery.state in _BEFORE_PICKUP and not await self._fetch(delivery):
            return
        if delivery.state in _BEFORE_PICKUP | _CARRYING:
            await self._hand_over(delivery)
        else:
            await self._bring_back(delivery)

    async def _fetch(self, delivery: DeliveryView) -> bool:
        """True when it was picked up."""
        if self._dice.random() < self._who.habits.drops_out:
            await self._clock.sleep(self._dice.uniform(20, 120))
            await self._until_done(delivery.id, lambda: self._api.drop_out(delivery.id))
            return False
        if not await self._travel(delivery.pickup, delivery.id):
            return False
        await self._arrive(delivery.id, "PICKUP")
        while not self._around.kitchen.has(delivery.id, tell=self._id):
            rung = await self._bell.wait(self._id, _LOOK_EVERY)
            if not self._around.kitchen.has(delivery.id, tell=self._id) and rung and not await self._mine(delivery.id):
                return False
        await self._clock.sleep(self._around.pickup_service)
        return await self._until_done(delivery.id, lambda: self._api.pick_up(delivery.id))

    async def _hand_over(self, delivery: DeliveryView) -> None:
        if not await self._travel(delivery.dropoff, delivery.id):
            return
        await self._arrive(delivery.id, "DROPOFF")
        await self._clock.sleep(self._around.dropoff_service)
        plan = self._around.plans.get(delivery.id)
        if plan is not None and plan.absent:
            if await self._until_done(delivery.id, lambda: self._api.start_return(delivery.id)):
                await self._bring_back(delivery)
            return
        proof = self._dice.choice(("HANDED_OVER", "LEFT_AT_DOOR"))
        await self._until_done(delivery.id, lambda: self._api.deliver(delivery.id, proof))

    async def _bring_back(self, delivery: DeliveryView) -> None:
        if await self._travel(delivery.pickup, delivery.id):
            await self._until_done(delivery.id, lambda: self._api.returned(delivery.id))

    async def _travel(self, to: Point, delivery_id: str) -> bool:
        """False, and standing still, when the delivery was taken away on the way."""
        trip = self._phone.set_off(to, self._around.speed)
        while (left := trip.arrives_at - self._clock.now()) > 0:
            if await self._bell.wait(self._id, left / self._clock.speed) and not await self._mine(delivery_id):
                self._phone.set_off(self._phone.here(), self._around.speed)
                return False
        await self._phone.report()
        return True

    async def _arrive(self, delivery_id: str, stop: str) -> None:
        if self._presses_button:
            await insist(lambda: self._api.arrive(delivery_id, stop), tries=2)

    async def _until_done(self, delivery_id: str, step: Callable[[], Awaitable[None]]) -> bool:
        """Take a step, again if something else changed at the same moment. False when the delivery is gone."""
        for _ in range(6):
            if await insist(step):
                return True
            if not await self._mine(delivery_id):
                return False
            await asyncio.sleep(0.5)
        return False

    async def _mine(self, delivery_id: str) -> bool:
        try:
            return any(delivery.id == delivery_id for delivery in await self._api.deliveries())
        except Refused:
            return True  # no answer is no news

    # -- the end of the shift

    async def _go_off_duty(self) -> None:
        """Refused while an offer stands or something is carried: settle that first."""
        while not await insist(self._api.go_off_duty):
            self._ignored.clear()
            for offer in await self._offers():
                await insist(lambda o=offer: self._api.decline(o))  # type: ignore[misc]
            await self._carry_all()
            await asyncio.sleep(0.5)

    async def _send(self, fixes: list[Fix]) -> float | None:
        # A report that does not get through is gone; the next one comes soon.
        try:
            return await self._api.report(fixes)
        except Refused:
            return None
