"""A city's people, all at once, for as long as anything is left to do."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from local.simulator.api import CustomerApi, DriverApi, MerchantApi
from local.simulator.bell import Bell
from local.simulator.city import Answer, City
from local.simulator.clock import Clock
from local.simulator.customer import Customer
from local.simulator.driver import Driver, Surroundings
from local.simulator.kitchen import Kitchen
from local.simulator.merchant import Merchant


@dataclass(frozen=True)
class Cast:
    """Everybody's line to the API, by the city's key. driver_ids: how the platform names each driver, by key."""

    customers: Mapping[str, CustomerApi]
    merchants: Mapping[str, MerchantApi]
    drivers: Mapping[str, DriverApi]
    driver_ids: Mapping[str, str]


class World:
    """patience: once all orders were placed, wall seconds in which somebody must be rung, or the rest is given up. It
    must be longer than the longest silence that is in order: a search for a driver that finds none."""

    def __init__(self, city: City, cast: Cast, bell: Bell, clock: Clock, *, patience: float) -> None:
        self._bell = bell
        self._patience = patience
        self._clock = clock
        self._closing = asyncio.Event()
        self._plans = plans = {str(uuid4()): order for order in city.orders}
        kitchen = Kitchen(bell)
        places = {merchant.key: merchant.at for merchant in city.merchants}
        around = Surroundings(
            bell=bell,
            kitchen=kitchen,
            clock=clock,
            plans=plans,
            merchants=tuple(m.at for m in city.merchants),
            closing=self._closing,
            speed=city.speed,
            pickup_service=city.pickup_service,
            dropoff_service=city.dropoff_service,
            roam=city.roam,
            whole_minutes=city.whole_minutes,
        )
        self.customers = [
            Customer(order_id, order, cast.customers[order.customer], bell, clock, city.currency)
            for order_id, order in plans.items()
        ]
        self._merchants = [
            Merchant(
                m.key,
                cast.merchants[m.key],
                {order_id: order for order_id, order in plans.items() if order.merchant == m.key},
                bell,
                kitchen,
                clock,
                city.seed,
            )
            for m in city.merchants
        ]
        self._drivers = [
            Driver(d, cast.driver_ids[d.key], cast.drivers[d.key], around, city.seed) for d in city.drivers
        ]
        self._floors = {
            order_id: city.pickup_service + around.seconds(places[order.merchant], order.dropoff)
            for order_id, order in plans.items()
        }
        self._last_placed = max(order.placed for order in city.orders)
        self._driver_ids = tuple(cast.driver_ids.values())

    @property
    def order_ids(self) -> frozenset[str]:
        """All orders that somebody means to place."""
        return frozenset(self._plans)

    @property
    def floors(self) -> Mapping[str, float]:
        """How many simulated seconds an order takes from ready to handed over, at the least, by its id."""
        return self._floors

    @property
    def to_confirm(self) -> frozenset[str]:
        """Those of them that their merchants mean to take."""
        return frozenset(order_id for order_id, order in self._plans.items() if order.answer is Answer.CONFIRM)

    async def run(self) -> bool:
        """Live until every order has ended and every driver is home. False when nothing went on for too long."""
        async with asyncio.TaskGroup() as tasks:
            merchants = [tasks.create_task(m.live()) for m in self._merchants]
            customers = [tasks.create_task(c.live()) for c in self.customers]
            drivers = [tasks.create_task(d.live()) for d in self._drivers]
            done = await self._while_going_on(customers)
            self._closing.set()
            for driver_id in self._driver_ids:
                self._bell.ring(driver_id)
            if done:
                await self._while_going_on(drivers)
            for task in (*merchants, *customers, *drivers):
                task.cancel()
        return done

    async def _while_going_on(self, people: list[asyncio.Task[None]]) -> bool:
        """Wait for them all. False when nobody was rung for as long as patience lasts."""
        heard, since = self._bell.rung, asyncio.get_running_loop().time()
        while True:
            _, waiting = await asyncio.wait(people, timeout=0.2)
            now = asyncio.get_running_loop().time()
            if not waiting:
                return True
            if self._bell.rung != heard or self._clock.now() < self._last_placed:
                heard, since = self._bell.rung, now
            if now - since > self._patience:
                return False
