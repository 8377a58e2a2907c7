"""State survives a stop, a crash and kill -9.

AWS: a service that acknowledged a write keeps it. MiniStack saves only on a clean exit, copies all its state first
while nothing else runs, and leaves out the records of DynamoDB streams, so that event source mappings stop after a
restart.

Here a forked child writes a snapshot every few seconds while the parent goes on: the child sees the memory of one
instant, so a snapshot is consistent across services, needs no locks and stops the server only for the fork itself
(about 10 ms at 200 MB). A crash loses at most what happened since the last snapshot.

Replaced: `ministack.app.save_all`, which writes on shutdown, so that both kinds of saving write alike; and
`get_state` and `load_persisted_state` of `ministack.services.dynamodb`, to add the stream records.
"""

import asyncio
import copy
import json
import logging
import os
import resource
import signal
import time
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import persistence
from ministack.services import dynamodb

from local.cloud import patch

_log = logging.getLogger(__name__)

_EVERY_SECONDS = 2.0
# A snapshot takes a core from the functions while it is written, so it may take no more than this share of the time.
_SHARE = 0.1
# Schedules and expiry change state without a request.
_UNASKED_SECONDS = 20.0
_CHILD_SECONDS = 120

_STREAM_STATE = {"stream_records": "_stream_records", "stream_trimmed": "_stream_trimmed"}

GetState = Callable[[], dict[str, Any] | None]


class Autosave:
    """Takes snapshots while the server runs: `await Autosave().run()`."""

    def __init__(self) -> None:
        self._requests = 0

    def counting(self, application: Any) -> Any:
        """`application`, with its requests counted: without requests there is seldom anything to save."""

        async def counted(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
                self._requests += 1
            await application(scope, receive, send)

        return counted

    async def run(self) -> None:
        """Saves for ever, at most every _EVERY_SECONDS, more seldom when saving takes long."""
        saved_requests, saved_at, pause = 0, time.monotonic(), _EVERY_SECONDS
        while True:
            await asyncio.sleep(pause)
            if self._requests == saved_requests and time.monotonic() - saved_at < _UNASKED_SECONDS:
                continue
            saved_requests, saved_at = self._requests, time.monotonic()
            child = _fork(app._build_persistence_save_dict())
            if await asyncio.to_thread(_succeeded, child):
                pause = max(_EVERY_SECONDS, (time.monotonic() - saved_at) / _SHARE)


def _fork(services: Mapping[str, GetState]) -> int:
    """Starts a child that writes the state of this instant; its process id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        _become_writer()
        _write(services, Path(persistence.STATE_DIR))
        status = 0
    except BaseException:  # nothing of the parent's stack may run in the child
        _log.exception("snapshot failed")
    finally:
        os._exit(status)


def _become_writer() -> None:
    """Keeps the child from being mistaken for its parent: no sockets, no signal handlers, no claim on the processor."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.alarm(_CHILD_SECONDS)  # should a lock have been held in the instant of the fork
    os.nice(10)
    files = [h.stream for h in logging.getLogger().handlers if isinstance(h, logging.FileHandler)]
    log = next((stream.fileno() for stream in files if stream), 2)
    os.closerange(3, log)
    os.closerange(max(3, log + 1), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    # Services copy their state to hand it out. This process owns its memory alone, and copying takes longest of all.
    copy.deepcopy = lambda x, memo=None, _nil=None: x  # noqa: ARG005


def _write(services: Mapping[str, GetState], directory: Path) -> None:
    """Writes every service's file, then puts all of them in place together."""
    directory.mkdir(parents=True, exist_ok=True)
    written: list[tuple[Path, Path]] = []
    for name, get_state in services.items():
        state = get_state()
        if state is None:
            continue  # the service failed to load: what is on disk stays
        versioned = {"__ministack_format__": persistence._state_format_version(name), "payload": state}
        new = directory / f"{name}.json.new"
        new.write_text(json.dumps(versioned, default=persistence._json_default))
        written.append((new, directory / f"{name}.json"))
    for new, final in written:
        new.replace(final)


def _succeeded(child: int) -> bool:
    _, status = os.waitpid(child, 0)
    if status:
        _log.error("snapshot: status %s", os.waitstatus_to_exitcode(status))
    return status == 0


def _save_and_wait(services: Mapping[str, GetState]) -> None:
    if not _succeeded(_fork(services)):
        _log.error("the state of the last moments could not be saved")


def install() -> None:
    """Makes MiniStack save through snapshots and keep stream records."""
    patch.require(app, "_build_persistence_save_dict")
    patch.require(persistence, "_json_default", "_state_format_version")
    patch.require(dynamodb, *_STREAM_STATE.values())

    def saving(_: Callable[..., None]) -> Callable[..., None]:
        return _save_and_wait

    def with_records(get_state: GetState) -> GetState:
        def get() -> dict[str, Any] | None:
            state = get_state()
            records = {key: getattr(dynamodb, name) for key, name in _STREAM_STATE.items()}
            return None if state is None else state | records

        return get

    def records_first(load: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        def restore(data: dict[str, Any]) -> None:
            # Before the tables, or a mapping could look at a table whose stream is still empty.
            for key, name in _STREAM_STATE.items():
                getattr(dynamodb, name).update(data.get(key) or {})
            load(data)

        return restore

    patch.replace(app, "save_all", saving)
    patch.replace(dynamodb, "get_state", with_records)
    patch.replace(dynamodb, "load_persisted_state", records_first)
