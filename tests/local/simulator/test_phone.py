"""A driver's phone reports in batches, and sends again what came too soon."""

import asyncio
from itertools import pairwise

from local.simulator.clock import Clock
from local.simulator.geometry import Point, offset
from local.simulator.phone import Fix, Phone, Reported

HERE = Point(40.0, -80.0)
THERE = offset(HERE, east=100_000, north=0)


def test_what_came_too_soon_is_sent_with_the_next_report() -> None:
    sent: list[list[Fix]] = []

    async def send(fixes: list[Fix]) -> Reported:
        sent.append(fixes)
        return Reported(2.0, taken=len(sent) > 1)

    async def drive() -> None:
        phone = Phone(Clock(100), HERE, send)
        phone.set_off(THERE, speed=5)
        await asyncio.sleep(0.2)
        await phone.report()
        reporting = asyncio.create_task(phone.keep_reporting())
        async with asyncio.timeout(3):  # and not after the 60 s that it reports in otherwise
            while len(sent) < 2:
                await asyncio.sleep(0.05)
        reporting.cancel()

    asyncio.run(drive())
    first, second = sent
    assert second[: len(first)] == first
    assert len(second) > len(first)


def test_a_phone_lets_a_second_and_a_half_pass_between_reports() -> None:
    times: list[float] = []

    async def drive() -> None:
        clock = Clock(100)

        async def send(_fixes: list[Fix]) -> Reported:
            times.append(clock.wall())
            return Reported(5.0)

        phone = Phone(clock, HERE, send)
        phone.set_off(THERE, speed=5)
        reporting = asyncio.create_task(phone.keep_reporting())
        for _ in range(7):
            await asyncio.sleep(0.5)
            await phone.report()  # as at a stop
        reporting.cancel()

    asyncio.run(drive())
    assert len(times) == 2 or len(times) == 3
    assert all(later - earlier >= 1.5 for earlier, later in pairwise(times))
