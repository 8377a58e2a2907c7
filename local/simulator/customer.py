"""A customer: places one order, perhaps cancels it, and looks at it until it has ended."""

import asyncio

from local.simulator.api import CustomerApi
from local.simulator.bell import Bell
from local.simulator.city import Order
from local.simulator.clock import Clock
from local.simulator.report import ENDED
from local.simulator.session import Refused

# Wall seconds after which one looks without having been rung: an order no delivery was opened for rings nobody.
_LOOK_EVERY = 15.0


class Customer:
    def __init__(self, order_id: str, order: Order, api: CustomerApi, bell: Bell, clock: Clock, currency: str) -> None:
        self.order_id = order_id
        self.status: str | None = None
        self._order = order
        self._api = api
        self._bell = bell
        self._clock = clock
        self._currency = currency

    async def live(self) -> None:
        """Returns when the order has ended, or could not be placed."""
        await self._clock.sleep_until(self._order.placed)
        try:
            await self._api.create_order(self.order_id, self._order, self._currency)
        except Refused:
            return  # the report misses it
        self._bell.ring(self._order.merchant)
        async with asyncio.TaskGroup() as tasks:
            mind = tasks.create_task(self._change_mind())
            await self._follow()
            mind.cancel()

    async def _follow(self) -> None:
        while self.status not in ENDED:
            await self._bell.wait(self.order_id, _LOOK_EVERY)
            try:
                seen = await self._api.order(self.order_id)
                self.status = seen.status
                if seen.delayed:
                    await self._choose()
            except Refused:
                continue

    async def _choose(self) -> None:
        """No driver was found in time."""
        if self._order.patient:
            await self._api.keep_waiting(self.order_id)
        else:
            await self._api.cancel_order(self.order_id)

    async def _change_mind(self) -> None:
        if self._order.cancelled is None:
            return
        await self._clock.sleep_until(self._order.cancelled)
        try:
            await self._api.cancel_order(self.order_id)
        except Refused:
            return  # too late
