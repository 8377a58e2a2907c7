"""One run: bring a city's people onto the platform, let them live, count what came of it."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime

import httpx
from rich.console import Console

from local.platform import Platform
from local.simulator.bell import PollingBell
from local.simulator.board import Board
from local.simulator.city import City
from local.simulator.clock import Clock
from local.simulator.event_log import EventLog
from local.simulator.live import LiveView
from local.simulator.records import RecordStore
from local.simulator.report import Report, Run, count
from local.simulator.seed import Seeded, seed
from local.simulator.session import CallLog
from local.simulator.world import World

_SEARCH = 1_800.0  # seconds for which dispatch looks for a driver: the longest silence that is in order
_TRIES, _PAUSE = 30, 2.0  # looks at whether the platform has come to rest; wall seconds between them
_CONNECTIONS = 32


def run(city: City, platform: Platform, *, speed: float | None = None, console: Console | None = None) -> Report:
    """Simulate `city` on a running platform and report. `speed` is in simulated seconds per second, and defaults to the
    platform's time scale. Raises Refused when the platform does not let the city's people in."""
    return asyncio.run(_run(city, platform, speed or platform.time_scale, console or Console()))


async def _run(city: City, platform: Platform, speed: float, console: Console) -> Report:
    store, log = RecordStore(platform), CallLog()
    began, began_wall = datetime.now(UTC), time.monotonic()
    earlier = frozenset(await asyncio.to_thread(store.messages))
    limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS)
    async with httpx.AsyncClient(limits=limits, timeout=30) as http:
        console.print(f"{city.name}: {_size(city)}", style="dim", highlight=False)
        seeded = await seed(city, platform, http, log)
        log.latencies.clear()  # those of the run are of interest
        world = await _live(city, seeded, platform, speed, console)

    lived = Run(
        order_ids=world.order_ids,
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
    return await asyncio.to_thread(_settled, store, lived)


def _settled(store: RecordStore, lived: Run) -> Report:
    """Count once the platform has come to rest: the last events are still on their way to their consumers. What is
    missing then, or after a minute, is missing."""
    for _ in range(_TRIES):
        quiet = store.quiet()
        report = count(replace(lived, ended=datetime.now(UTC)), store.load(lived.began))
        if quiet and not report.alerts_missing and not report.last_events_missing and not report.deliveries_unfinished:
            break
        time.sleep(_PAUSE)
    return report


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
