"""Resolver code runs in one persistent Node process; this is the Python end of it."""

import hashlib
import json
import os
import selectors
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from local.node import node_binary

_WORKER = Path(__file__).parent / "runtime" / "worker.mjs"
# Resolvers do a handful of object operations: code that runs for longer is looping, and is ended. Seconds.
TIME_LIMIT = 2.0
# Starting Node, compiling included, when the machine is busy. Seconds.
_START_LIMIT = 20.0


class WorkerError(Exception):
    """The Node process died; the next evaluation starts a new one."""


class _LoopingError(Exception):
    """No answer within the time limit."""


@dataclass(frozen=True)
class Code:
    """The text of one resolver and its identity in the worker's module cache."""

    text: str
    hash: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", hashlib.sha256(self.text.encode()).hexdigest())


@dataclass(frozen=True)
class Thrown:
    """Why a handler did not return. `kind` is one of those that `describe` in worker.mjs lists, or "timeout"."""

    kind: str
    message: str
    error_type: str | None = None
    data: Any = None
    error_info: Any = None


@dataclass(frozen=True)
class Evaluation:
    """What one call of a handler gave. `early` marks a value given by `runtime.earlyReturn`; `effects` are its calls of
    `extensions`, in order: name and argument."""

    value: Any = None
    thrown: Thrown | None = None
    early: bool = False
    stash: dict[str, Any] = field(default_factory=dict)
    appended: list[dict[str, Any]] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)


class Worker:
    """Evaluates one handler at a time; safe to call from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = b""
        self._serial = 0

    def evaluate(
        self, code: Code, function: str, context: Mapping[str, Any], auth_type: str = "User Pool Authorization"
    ) -> Evaluation:
        """Call `function` ("request" or "response") of a resolver with `context`; raises WorkerError."""
        message = {"hash": code.hash, "function": function, "context": context, "authType": auth_type}
        return _evaluation(self._ask(code, message))

    def exported(self, code: Code) -> Evaluation:
        """The names that a module exports, as the value; also how code is checked before it is served."""
        return _evaluation(self._ask(code, {"hash": code.hash, "function": None}))

    def close(self) -> None:
        with self._lock:
            self._discard()

    def _ask(self, code: Code, message: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            try:
                reply = self._exchange(message)
                return self._exchange({**message, "code": code.text}) if reply.get("missing") else reply
            except _LoopingError:
                self._discard()
                return {"error": {"kind": "timeout", "message": f"it ran for more than {TIME_LIMIT:.0f} seconds"}}

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        self._serial += 1
        process = self._running()
        assert process.stdin is not None  # noqa: S101 (both are opened as pipes)
        assert process.stdout is not None  # noqa: S101
        try:
            process.stdin.write(json.dumps({"id": self._serial, **message}).encode() + b"\n")
            process.stdin.flush()
            reply: dict[str, Any] = json.loads(self._line(process.stdout, TIME_LIMIT))
        except (OSError, ValueError) as broken:
            self._discard()
            raise WorkerError(f"the resolver worker failed: {broken}") from broken
        if reply["id"] != self._serial:
            self._discard()
            raise WorkerError("the resolver worker answered another question")
        return reply

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._discard()
            command = [node_binary(), "--experimental-vm-modules", "--no-warnings", str(_WORKER)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=-1)
            assert self._process.stdout is not None  # noqa: S101 (opened as a pipe)
            self._line(self._process.stdout, _START_LIMIT)  # it says when it is ready
        return self._process

    def _line(self, stdout: IO[bytes], limit: float) -> bytes:
        """The next line, waiting at most `limit` seconds; reads past Python's own buffering."""
        deadline = time.monotonic() + limit
        with selectors.DefaultSelector() as ready:
            ready.register(stdout, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                if not ready.select(max(0.0, deadline - time.monotonic())):
                    raise _LoopingError
                chunk = os.read(stdout.fileno(), 65536)
                if not chunk:
                    raise OSError("it exited")
                self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def _discard(self) -> None:
        process, self._process, self._buffer = self._process, None, b""
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # what was still buffered for a dead process


def _evaluation(reply: dict[str, Any]) -> Evaluation:
    error = reply.get("error")
    thrown = None
    if error is not None:
        thrown = Thrown(
            error["kind"], error["message"], error.get("errorType"), error.get("data"), error.get("errorInfo")
        )
    return Evaluation(
        value=reply.get("value"),
        thrown=thrown,
        early=bool(reply.get("early")),
        stash=reply.get("stash") or {},
        appended=reply.get("appended") or [],
        effects=reply.get("effects") or [],
        logs=reply.get("logs") or [],
    )
