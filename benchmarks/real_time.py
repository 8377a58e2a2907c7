"""A client of the API's real-time endpoint, as small as many of them at once need it to be."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

Told = tuple[float, Any]  # when it came, as time.time() says, and the field's value


class Subscription:
    """One subscription on a connection of its own."""

    def __init__(self, socket: ClientConnection, field: str) -> None:
        self._socket = socket
        self._field = field
        self.told: list[Told] = []
        self.errors: list[Any] = []

    async def listen(self) -> None:
        """Until it ends, or is cancelled."""
        async for text in self._socket:
            message = json.loads(text)
            match message["type"]:
                case "data":
                    self.told.append((time.time(), message["payload"]["data"][self._field]))
                case "complete":
                    return
                case "error":
                    self.errors.append(message["payload"])
                    return


@asynccontextmanager
async def subscribed(graphql_url: str, token: str, document: str, **variables: Any) -> AsyncIterator[Subscription]:
    """Subscribes with an account's token, and is acknowledged when the block begins. RuntimeError if it is refused."""
    host = urlsplit(graphql_url).netloc
    headers = {"host": host, "Authorization": token}
    encoded = base64.urlsafe_b64encode(json.dumps(headers).encode()).decode().rstrip("=")
    protocols = [Subprotocol("graphql-ws"), Subprotocol(f"header-{encoded}")]
    url = f"ws://{host}/graphql/realtime"
    async with connect(url, subprotocols=protocols, open_timeout=60, ping_interval=None) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        await _until(socket, "connection_ack")
        data = json.dumps({"query": document, "variables": variables})
        payload = {"data": data, "extensions": {"authorization": headers}}
        await socket.send(json.dumps({"type": "start", "id": "1", "payload": payload}))
        await _until(socket, "start_ack")
        field = document.partition("{")[2].split("(")[0].strip()
        subscription = Subscription(socket, field)
        listening = asyncio.create_task(subscription.listen())
        try:
            yield subscription
        finally:
            listening.cancel()


async def _until(socket: ClientConnection, wanted: str) -> None:
    while (message := json.loads(await socket.recv()))["type"] != wanted:
        if message["type"] != "ka":
            raise RuntimeError(f"refused: {message}")
