"""When a merchant looks at the tablet, and what the customer is told then."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from local.simulator import merchant
from local.simulator.api import MerchantApi
from local.simulator.bell import Bell
from local.simulator.city import MINUTE, ORIGIN, Order
from local.simulator.clock import Clock
from local.simulator.kitchen import Kitchen

PLAN = Order("customer-001", "m1", ORIGIN, placed=0, ready=0, items=())
CLOCK = Clock(1_000)


class Tablet(MerchantApi):
    """Shows an order from the third look on: the platform has to judge it first. expected, promised: as confirmed, in
    simulated seconds."""

    def __init__(self) -> None:
        self.looks = 0
        self.confirmed = asyncio.Event()
        self.expected: float | None = None
        self.promised: float | None = None

    async def orders(self) -> dict[str, str]:
        self.looks += 1
        return {"o1": "PENDING"} if self.looks >= 3 else {}

    async def confirm(self, order_id: str, expected_ready_at: datetime, promised_at: datetime | None = None) -> None:
        self.expected = CLOCK.at(expected_ready_at)
        self.promised = None if promised_at is None else CLOCK.at(promised_at)
        self.confirmed.set()

    async def mark_ready(self, order_id: str) -> None:
        pass


def confirmed(plan: Order) -> Tablet:
    """After one ring the order was confirmed."""

    async def run() -> Tablet:
        bell, tablet = Bell(), Tablet()
        who = merchant.Merchant("m1", tablet, {"o1": plan}, bell, Kitchen(bell), CLOCK, seed=1)
        bell.ring("m1")
        life = asyncio.create_task(who.live())
        async with asyncio.timeout(10):  # without a ring it looks every half minute
            await tablet.confirmed.wait()
        life.cancel()
        return tablet

    return asyncio.run(run())


def test_an_order_that_shows_up_after_the_ring_is_found_soon() -> None:
    assert confirmed(PLAN).looks == 3


@pytest.mark.parametrize("ready", [0, 60 * MINUTE])
def test_what_is_promised_counts_from_when_it_is_expected_ready(ready: float) -> None:
    """Which is later than planned where the merchant confirms late."""
    tablet = confirmed(replace(PLAN, ready=CLOCK.now() + ready, promised=25 * MINUTE))
    assert tablet.expected is not None
    assert tablet.promised == pytest.approx(tablet.expected + 25 * MINUTE, abs=0.1)


def test_where_the_city_means_to_promise_nothing_no_time_is_promised() -> None:
    tablet = confirmed(PLAN)
    assert tablet.expected is not None
    assert tablet.promised is None
