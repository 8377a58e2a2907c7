"""One signed-in account's line to the GraphQL API."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from local.simulator.statistics import Latencies

# A refusal that is part of life: somebody else was faster, or it is no longer the caller's.
RACES = frozenset({"Conflict", "NotFound"})
_ATTEMPTS = 5


@dataclass(frozen=True)
class Operation:
    """A GraphQL document with one root field, `field`."""

    field: str
    document: str


class Refused(Exception):  # noqa: N818 - an answer, not a failure of the program
    """The API answered with an error of type `kind`, or (`NoAnswer`) not at all."""

    def __init__(self, operation: str, kind: str, message: str) -> None:
        super().__init__(f"{operation}: {kind}: {message}")
        self.kind = kind


class Session(Protocol):
    async def run(self, operation: Operation, **variables: Any) -> Any:
        """The value of the operation's root field. Raises Refused."""


async def insist(call: Callable[[], Awaitable[None]], *, tries: int = 4, pause: float = 1.0) -> bool:
    """Make a call until it is through, `pause` wall seconds between tries. False if it lost a race, or was never let
    through."""
    for attempt in range(tries):
        if attempt:
            await asyncio.sleep(pause)
        try:
            await call()
        except Refused as refused:
            if refused.kind in RACES:
                return False
        else:
            return True
    return False


class CallLog:
    """What all callers of a run saw: how long calls took, and the answers a healthy platform does not give."""

    def __init__(self) -> None:
        self.latencies = Latencies()
        self.errors: Counter[str] = Counter()


class HttpSession:
    """Calls with one account's ID token. A call without an answer is made again, up to five times, waiting longer each
    time: asking again for what was done already changes nothing."""

    def __init__(self, http: httpx.AsyncClient, url: str, token: str, log: CallLog) -> None:
        self._http = http
        self._url = url
        self.token = token
        self._log = log

    async def run(self, operation: Operation, **variables: Any) -> Any:
        response = await self._post(operation, variables)
        answer = _read(response)
        if isinstance(answer, dict):
            return answer[operation.field]
        kind, message = answer
        if kind not in RACES:
            self._log.errors[f"{operation.field}: {kind}: {message}"] += 1
        raise Refused(operation.field, kind, message)

    async def _post(self, operation: Operation, variables: dict[str, Any]) -> httpx.Response:
        body = {"query": operation.document, "variables": variables}
        for attempt in range(1, _ATTEMPTS + 1):
            began = time.perf_counter()
            try:
                response = await self._http.post(self._url, json=body, headers={"Authorization": self.token})
                self._log.latencies.add(operation.field, time.perf_counter() - began)
                return response
            except httpx.TransportError as error:
                reason = f"{type(error).__name__} {error}".strip()
                await asyncio.sleep(0.1 * 2**attempt)
        self._log.errors[f"{operation.field}: NoAnswer: {reason}"] += 1
        raise Refused(operation.field, "NoAnswer", reason)


def _read(response: httpx.Response) -> dict[str, Any] | tuple[str, str]:
    """The data of an answer, or the type and text of its first error."""
    try:
        answer = response.json()
    except ValueError:
        answer = None
    content = answer if isinstance(answer, dict) else {}
    if errors := content.get("errors"):
        return str(errors[0].get("errorType") or "GraphQL"), str(errors[0].get("message", ""))[:200]
    data = content.get("data")
    if response.status_code != 200 or not isinstance(data, dict):
        return f"HTTP {response.status_code}", response.text[:200]
    return data
