"""Serves MiniStack's ASGI application until SIGTERM or SIGINT, then saves and leaves at once."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from local.cloud.settings import HOST, Settings

_SHUTDOWN_SECONDS = 10.0


def run(application: Any, settings: Settings, stop_functions: Callable[[], None]) -> None:
    """Blocks while serving. Does not return: see `_leave`."""
    try:
        asyncio.run(_serve(application, settings, stop_functions))
    except OSError as error:
        sys.exit(f"local cloud: {settings.endpoint}: {error.strerror}")


async def _serve(application: Any, settings: Settings, stop_functions: Callable[[], None]) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)

    async def stop() -> None:
        await stopping.wait()
        # Clients keep connections open for ever and a custom resource may be waiting for an answer that will not come.
        loop.call_later(_SHUTDOWN_SECONDS, _leave, stop_functions, 1)

    config = Config()
    config.bind = [f"{HOST}:{settings.port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.loglevel = settings.log_level
    await serve(application, config, shutdown_trigger=stop)
    _leave(stop_functions, 0)


def _leave(stop_functions: Callable[[], None], status: int) -> None:
    """Ends the process without waiting for MiniStack's threads: the state is saved, and any of them may be blocked."""
    stop_functions()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
