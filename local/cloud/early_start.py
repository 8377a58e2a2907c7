"""A function's first copy is started before its first request.

AWS: Lambda may initialise execution environments ahead of requests ("Understanding the Lambda execution environment
lifecycle", proactive initialization), and a function that is in use has some that are warm. MiniStack starts a copy
when the first request comes. A platform's functions are then all started in the moments in which its first order comes
in, on a laptop with few cores, and each of them waits for all the others.

Nothing is replaced: copies are started by the same functions of `ministack.core.lambda_runtime` as for a request, one
after the other, and given back.
"""

import asyncio
import logging
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local.cloud import patch

_log = logging.getLogger(__name__)

_LOOK_EVERY_SECONDS = 0.5

JsonObject = dict[str, Any]


def install() -> None:
    """Checks that MiniStack has what `run` uses."""
    patch.require(lambda_svc, "_functions")
    patch.require(lambda_runtime, "acquire_worker", "ensure_spawned", "release_worker")


async def run() -> None:
    """For ever, start what was made or changed since the last look; of the default region, where stacks go."""
    started: set[tuple[str, str]] = set()
    while True:
        for name, function in list(lambda_svc._functions.items()):
            version = (name, function["config"]["RevisionId"])
            if version not in started and function.get("code_zip"):
                started.add(version)
                await asyncio.to_thread(_start, name, function)
        await asyncio.sleep(_LOOK_EVERY_SECONDS)


def _start(name: str, function: JsonObject) -> None:
    worker, _ = lambda_runtime.acquire_worker(name, function["config"], function["code_zip"])
    if worker is None:
        return
    try:
        lambda_runtime.ensure_spawned(worker)
    except Exception as error:  # a request will meet the same error, and its caller will be told
        _log.warning("%s does not start: %s", name, error)
    finally:
        lambda_runtime.release_worker(worker)
