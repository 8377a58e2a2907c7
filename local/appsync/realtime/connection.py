"""One client's WebSocket connection, from its handshake to its end.

Source: AWS AppSync Developer Guide, "Building a real-time WebSocket client"; the limits are AppSync's quotas.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from local.appsync.callers import Caller
from local.appsync.errors import RequestRefusedError, malformed
from local.appsync.execution import Engine
from local.appsync.realtime.hub import Hub, Subscription
from local.appsync.realtime.messages import Message, connection_ack, refused, starting
from local.appsync.realtime.subscribing import NotSubscribedError, subscribe

_log = logging.getLogger(__name__)

MOST_SUBSCRIPTIONS = 100  # on one connection
MOST_WAITING = 1_000  # messages that a client has not taken; one that lags further behind is disconnected
_TRY_AGAIN = 1013  # WebSocket close code: the server ends this for a reason that may pass


@dataclass(frozen=True)
class Pace:
    """Seconds. `timeout`: when a client that heard nothing gives the connection up; `alive`: between two `ka`."""

    timeout: float = 300
    alive: float = 60


class Connection:
    """`authenticate` gives the caller of a `start` message's headers and signed text."""

    def __init__(
        self,
        socket: WebSocket,
        engine: Engine,
        hub: Hub,
        authenticate: Callable[[dict[str, str], str], Awaitable[Caller]],
        pace: Pace,
    ) -> None:
        self._socket = socket
        self._engine = engine
        self._hub = hub
        self._authenticate = authenticate
        self._pace = pace
        self._outgoing: asyncio.Queue[Message] = asyncio.Queue(MOST_WAITING)
        self._subscriptions: dict[str, Subscription] = {}
        self._acknowledged = False

    async def serve(self) -> None:
        """Until the client leaves, or lags too far behind."""
        tasks = [asyncio.create_task(each) for each in (self._receive(), self._send(), self._keep_alive())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            for subscription in self._subscriptions.values():
                self._hub.remove(subscription)
            with suppress(RuntimeError, WebSocketDisconnect):  # the client has closed it already
                await self._socket.close(_TRY_AGAIN)
        for error in ended:
            if isinstance(error, Exception) and not isinstance(error, WebSocketDisconnect | RuntimeError):
                _log.error("a connection failed", exc_info=error)

    def end(self) -> None:
        """Disconnect the client; it may connect anew."""
        self._say({"type": "_close"})

    # -- what goes out ------------------------------------------------------------------------------------------------

    def _say(self, message: Message) -> None:
        try:
            self._outgoing.put_nowait(message)
        except asyncio.QueueFull:
            _log.warning("a client that left %d messages waiting is disconnected", MOST_WAITING)
            while not self._outgoing.empty():
                self._outgoing.get_nowait()
            self._outgoing.put_nowait({"type": "_close"})

    async def _send(self) -> None:
        while True:
            message = await self._outgoing.get()
            if message["type"] == "_close":
                return
            await self._socket.send_text(json.dumps(message, separators=(",", ":")))

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self._pace.alive)
            if self._acknowledged:
                self._say({"type": "ka"})

    # -- what comes in ------------------------------------------------------------------------------------------------

    async def _receive(self) -> None:
        while True:
            message = _message(await self._socket.receive_text())
            try:
                await self._answer(message)
            except RequestRefusedError as refusal:
                self._say(refused(refusal, _id(message)))
            except NotSubscribedError as refusal:
                self._say(refusal.message)

    async def _answer(self, message: Any) -> None:
        match message:
            case {"type": "connection_init"}:
                self._acknowledged = True
                self._say(connection_ack(round(self._pace.timeout * 1000)))
                self._say({"type": "ka"})
            case {"type": "start", "id": str()}:
                await self._start(message)
            case {"type": "stop", "id": str(id_)}:
                self._stop(id_)
            case {"type": "start" | "stop"}:
                raise malformed("The message has no id.")
            case _:
                raise RequestRefusedError(400, "UnsupportedOperation", "Unknown message: it must be JSON with a type.")

    async def _start(self, message: Message) -> None:
        start = starting(message)
        if start.id in self._subscriptions:
            raise RequestRefusedError(400, "DuplicatedOperation", f"{start.id} is subscribed already.")
        if len(self._subscriptions) >= MOST_SUBSCRIPTIONS:
            most = f"Max number of {MOST_SUBSCRIPTIONS} subscriptions reached"
            raise RequestRefusedError(400, "MaxSubscriptionsReachedError", most)
        caller = await self._authenticate(start.headers, start.data)
        subscription = await subscribe(self._engine, start, caller, self._told)
        self._subscriptions[start.id] = subscription
        self._say({"id": start.id, "type": "start_ack"})
        self._hub.add(subscription)

    def _stop(self, id_: str) -> None:
        subscription = self._subscriptions.pop(id_, None)
        if subscription is None:
            raise RequestRefusedError(400, "UnknownOperationError", f"There is no subscription {id_}.")
        self._hub.remove(subscription)
        self._say({"id": id_, "type": "complete"})

    def _told(self, message: Message) -> None:
        """What the hub sends."""
        if message["type"] == "complete":
            self._subscriptions.pop(message["id"], None)
        self._say(message)


def _message(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _id(message: Any) -> str | None:
    found = message.get("id") if isinstance(message, dict) else None
    return found if isinstance(found, str) else None
