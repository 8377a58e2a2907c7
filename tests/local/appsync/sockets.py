"""A WebSocket to the application in this process: what a server would hand it and take from it. No sockets."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette

PATIENCE = 5.0  # seconds for a message that must come


class Disconnected(Exception):  # noqa: N818 - an end, not always a failure
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Socket:
    """One end of a connection."""

    runner: asyncio.Runner
    to_server: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    from_server: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    subprotocol: str | None = None

    def send_json(self, message: Any) -> None:
        self.to_server.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    def receive_json(self) -> Any:
        """Raises Disconnected."""
        message = self.next()
        if message["type"] == "websocket.close":
            raise Disconnected(message["code"])
        return json.loads(message["text"])

    def next(self) -> dict[str, Any]:
        async def taken() -> dict[str, Any]:
            async with asyncio.timeout(PATIENCE):
                return await self.from_server.get()

        return self.runner.run(taken())


class Client:
    """HTTP and WebSocket requests to one application."""

    def __init__(self, application: Starlette, runner: asyncio.Runner) -> None:
        self._application = application
        self._runner = runner
        transport = httpx.ASGITransport(app=application, client=("192.0.2.9", 5000))
        self._http = httpx.AsyncClient(transport=transport, base_url="http://appsync")

    def post(self, path: str, json: Any = None, headers: dict[str, str] | None = None) -> httpx.Response:
        return self._runner.run(self._http.post(path, json=json, headers=headers))

    @contextmanager
    def connect(self, url: str, subprotocols: list[str]) -> Iterator[Socket]:
        """An accepted connection, which the client leaves at the end of the block."""
        socket = Socket(self._runner)
        task = self._runner.run(self._serve(url, subprotocols, socket))
        accepted = socket.next()
        assert accepted["type"] == "websocket.accept"
        socket.subprotocol = accepted["subprotocol"]
        try:
            yield socket
        finally:
            socket.to_server.put_nowait({"type": "websocket.disconnect", "code": 1000})
            self._runner.run(asyncio.wait_for(task, PATIENCE))

    async def _serve(self, url: str, subprotocols: list[str], socket: Socket) -> "asyncio.Task[None]":
        parts = urlsplit(url)
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "scheme": "ws",
            "path": parts.path,
            "query_string": parts.query.encode(),
            "headers": [(b"host", b"appsync")],
            "client": ("192.0.2.9", 5000),
            "server": ("appsync", 80),
            "subprotocols": subprotocols,
        }
        socket.to_server.put_nowait({"type": "websocket.connect"})

        async def send(message: Any) -> None:
            socket.from_server.put_nowait(message)

        async def run() -> None:
            await self._application(scope, socket.to_server.get, send)

        return asyncio.create_task(run())

    def close(self) -> None:
        self._runner.run(self._http.aclose())


@contextmanager
def running(application: Starlette) -> Iterator[Client]:
    with asyncio.Runner() as runner:
        lifespan = application.router.lifespan_context(application)
        runner.run(lifespan.__aenter__())
        client = Client(application, runner)
        yield client
        client.close()
        runner.run(lifespan.__aexit__(None, None, None))
