"""A merchant: answers the orders that come in, cooks, and says when each is ready."""

import asyncio
import random
from collections.abc import Mapping

from local.simulator.api import MerchantApi
from local.simulator.bell import Bell
from local.simulator.city import Answer, Order
from local.simulator.clock import Clock
from local.simulator.kitchen import Kitchen
from local.simulator.session import Refused, insist

_REACTION = (5.0, 25.0)  # simulated seconds until somebody looks at the tablet and taps
_AT_LEAST = 60.0  # simulated seconds: nothing is expected ready sooner than that
# Wall seconds between looks: soon after a ring, since the platform shows an order only once it has judged it, and then
# ever less often.
_LOOK_SOON, _LOOK_EVERY = 0.1, 30.0


class Merchant:
    """`plans` holds what the city means to do with each order, by order id."""

    def __init__(
        self,
        key: str,
        api: MerchantApi,
        plans: Mapping[str, Order],
        bell: Bell,
        kitchen: Kitchen,
        clock: Clock,
        seed: int,
    ) -> None:
        self._key = key
        self._api = api
        self._plans = plans
        self._bell = bell
        self._kitchen = kitchen
        self._clock = clock
        self._dice = random.Random(f"{seed}/{key}")  # noqa: S311 - repeatable behaviour, no secret
        self._seen: set[str] = set()

    async def live(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            pause = _LOOK_EVERY
            while True:
                rung = await self._bell.wait(self._key, pause)
                pause = _LOOK_SOON if rung else min(2 * pause, _LOOK_EVERY)
                for order_id in await self._new_orders():
                    self._seen.add(order_id)
                    tasks.create_task(self._serve(order_id))

    async def _new_orders(self) -> list[str]:
        try:
            orders = await self._api.orders()
        except Refused:
            return []
        return [o for o, status in orders.items() if status == "PENDING" and o in self._plans and o not in self._seen]

    async def _serve(self, order_id: str) -> None:
        order = self._plans[order_id]
        if order.answer is Answer.SILENT:
            return
        await self._clock.sleep(self._dice.uniform(*_REACTION))
        if order.answer is Answer.REJECT:
            await insist(lambda: self._api.reject(order_id))
            return
        ready = max(order.ready, self._clock.now() + _AT_LEAST)
        expected = self._clock.moment(ready)
        promised = None if order.promised is None else self._clock.moment(ready + order.promised)
        self._kitchen.start(order_id)
        if await insist(lambda: self._api.confirm(order_id, expected, promised)):
            await self._clock.sleep_until(order.ready)
            await insist(lambda: self._api.mark_ready(order_id))
        self._kitchen.put_out(order_id)
