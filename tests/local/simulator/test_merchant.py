"""When a merchant looks at the tablet."""

import asyncio
from datetime import datetime

from local.simulator import merchant
from local.simulator.api import MerchantApi
from local.simulator.bell import Bell
from local.simulator.city import ORIGIN, Order
from local.simulator.clock import Clock
from local.simulator.kitchen import Kitchen

PLAN = Order("customer-001", "m1", ORIGIN, placed=0, ready=0, items=())


class Tablet(MerchantApi):
    """Shows an order from the third look on: the platform has to judge it first."""

    def __init__(self) -> None:
        self.looks = 0
        self.confirmed = asyncio.Event()

    async def orders(self) -> dict[str, str]:
        self.looks += 1
        return {"o1": "PENDING"} if self.looks >= 3 else {}

    async def confirm(self, order_id: str, expected_ready_at: datetime, promised_at: datetime | None = None) -> None:
        self.confirmed.set()

    async def mark_ready(self, order_id: str) -> None:
        pass


def test_an_order_that_shows_up_after_the_ring_is_found_soon() -> None:
    async def run() -> Tablet:
        bell, tablet = Bell(), Tablet()
        who = merchant.Merchant("m1", tablet, {"o1": PLAN}, bell, Kitchen(bell), Clock(1_000), seed=1)
        bell.ring("m1")
        life = asyncio.create_task(who.live())
        async with asyncio.timeout(10):  # without a ring it looks every half minute
            await tablet.confirmed.wait()
        life.cancel()
        return tablet

    assert asyncio.run(run()).looks == 3
