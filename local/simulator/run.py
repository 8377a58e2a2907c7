"""One run: bring a city's people onto the platform, let them live, count what came of it."""

import asyncio
import time
from datetime import UTC, datetime

import httpx
from rich.console import Console

from local.alerts.provider_record import taken
from local.platform import Platform
from local.simulator.bell import PollingBell
from local.simulator.board import Board
from local.simulator.city import City
from local.simulator.clock import Clock
from local.simulator.event_log import EventLog
from local.simulator.evidence import Run
from local.simulator.live import LiveView
from local.simulator.records import RecordStore
from local.simulator.report import Report
from local.simulator.seed import Seeded, seed
from local.simulator.session import CallLog
from local.simulator.settling import settled
from local.simulator.world import World

_SEARCH = 1_800.0  # seconds for which dispatch looks for a driver: the longest silence that is in order
_CONNECTIONS = 32
# Kept open while nothing is asked. Mostly few calls are under way, and each of them looks at every idle connection:
# with all of them open, that costs as much as the call itself.
_IDLE_CONNECTIONS = 8


def run(city: City, platform: Platform, *, speed: float | None = None, console: Console | None = None) -> Report:
    """Simulate `city` on a running platform and report. `speed` is in simulated seconds per second, and defaults to the
    platform's time scale. Raises Refused when the platform does not let the city's people in."""
    return asyncio.run(_run(city, platform, speed or platform.time_scale, console or Console()))


async def _run(city: City, platform: Platform, speed: float, console: Console) -> Report:
    store, log = RecordStore(platform), CallLog()
    began, began_wall = datetime.now(UTC), time.monotonic()
    earlier = frozenset(await asyncio.to_thread(taken, platform.cloud_url))
    limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_IDLE_CONNECTIONS)
    async with httpx.AsyncClient(limits=limits, timeout=30) as http:
        console.print(f"{city.name}: {_size(city)}", style="dim", highlight=False)
        seeded = await seed(city, platform, http, log)
        log.latencies.clear()  # those of the run are of interest
        world = await _live(city, seeded, platform, speed, console)

    lived = Run(
        order_ids=world.order_ids,
        to_confirm=world.to_confirm,
        driver_ids=frozenset(seeded.cast.driver_ids.values()),
        began=began,
        ended=datetime.now(UTC),
        speed=speed,
        seed=city.seed,
        wall_s=time.monotonic() - began_wall,
        earlier_messages=earlier,
        api_errors=dict(log.errors),
        api_latency_ms=log.latencies.summary(),
    )
    console.print("Waiting until the platform has come to rest", style="dim")
    return await asyncio.to_thread(settled, lived, lambda: store.load(lived.began))


async def _live(city: City, seeded: Seeded, platform: Platform, speed: float, console: Console) -> World:
    bell = PollingBell(seeded.operator)
    clock = Clock(speed, starts=city.starts)
    world = World(city, seeded.cast, bell, clock, patience=60 + 2 * _SEARCH / speed)
    view = LiveView(console, EventLog(platform.aws.client("logs")), Board(seeded.names), clock, orders=len(city.orders))
    async with asyncio.TaskGroup() as tasks:
        beside = [tasks.create_task(bell.run()), tasks.create_task(view.run())]
        await world.run()
        for task in beside:
            task.cancel()
    return world


def _size(city: City) -> str:
    return f"{len(city.orders)} orders, {len(city.drivers)} drivers, {len(city.merchants)} merchants"
