"""A copy of a function that is at work while the function is changed or deleted finishes what it does.

AWS: until an update is complete, invocations are served with the function's earlier code and configuration ("Lambda
function states"), and those that are under way are not cut off. MiniStack ends every copy at once. What a copy was
handling then fails, and a queue's messages stay hidden for as long as its visibility timeout: three minutes, here.

Replaced: `ministack.services.lambda_svc.invalidate_worker`, which takes a function's copies out of service and ends
them. Copies at work are taken out of service too, and end once they are done.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local.cloud import patch

_LOOK_EVERY_SECONDS = 0.05
_LONGEST_SECONDS = 900  # that a function may take; one whose copy broke down is never said to be done

Invalidate = Callable[..., None]


def _sparing(original: Invalidate) -> Invalidate:
    def invalidate(
        name: str, qualifier: str | None = None, account: str | None = None, region: str | None = None
    ) -> None:
        busy = _out_of_service((account, region, name, qualifier))
        original(name, qualifier, account=account, region=region)
        if busy:
            threading.Thread(target=_end_once_done, args=(busy,), daemon=True).start()

    return invalidate


def _out_of_service(wanted: tuple[str | None, ...]) -> list[Any]:
    """The copies at work, of the account, region, name and qualifier that are not None; they get no more to do."""
    busy: list[Any] = []
    with lambda_runtime._lock:
        for key, workers in lambda_runtime._workers.items():
            if all(want in (None, part) for want, part in zip(wanted, key.split(":"), strict=True)):
                busy += [worker for worker in workers if worker.in_use]
                workers[:] = [worker for worker in workers if not worker.in_use]
    return busy


def _end_once_done(busy: list[Any]) -> None:
    deadline = time.monotonic() + _LONGEST_SECONDS
    while busy:
        over = time.monotonic() > deadline
        done = [worker for worker in busy if over or not worker.in_use]
        lambda_runtime.kill_workers(done)
        busy = [worker for worker in busy if worker not in done]
        time.sleep(_LOOK_EVERY_SECONDS)


def install() -> None:
    """Replaces how a function's copies are ended when it changes."""
    patch.require(lambda_runtime, "_lock", "_workers", "kill_workers")
    patch.replace(lambda_svc, "invalidate_worker", _sparing)
