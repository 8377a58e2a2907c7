"""AppSync's endpoints: `POST /graphql` and its real-time WebSocket, plus `GET /health` and `POST /reload` for the local
cloud.

An API has a path by its id, too. The real-time endpoint is `/realtime` under either, as on a custom domain; and the
path itself, as on AppSync's own real-time host.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from local.appsync.errors import RequestRefusedError, malformed
from local.appsync.execution import Engine, Operation
from local.appsync.gateway import Gateway
from local.appsync.iam import SignedRequest
from local.appsync.realtime.messages import SUBPROTOCOL, connecting, connection_error

_BODY_LIMIT = 1_000_000  # bytes
_PATHS = ("/graphql", "/v1/apis/{api_id}/graphql")
_REALTIME = "/realtime"
_LISTENING_SECONDS = 2.0


def app(connect: Callable[[], Gateway]) -> Starlette:
    """The ASGI application that serves the API of the gateway that `connect` opens."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.gateway = gateway = connect()
        await gateway.reload()
        yield
        await gateway.close()

    return Starlette(
        routes=[
            *(Route(path, graphql, methods=["POST"]) for path in _PATHS),
            *(WebSocketRoute(graphql + end, realtime) for graphql in _PATHS for end in ("", _REALTIME)),
            Route("/reload", reload, methods=["POST"]),
            Route("/health", health),
        ],
        # As on AWS, any page may call: what protects the API is the token.
        middleware=[Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])],
        exception_handlers={RequestRefusedError: refused},
        lifespan=lifespan,
    )


async def graphql(request: Request) -> Response:
    gateway: Gateway = request.app.state.gateway
    engine = await _engine(request)
    body = await _body(request)
    signed = SignedRequest(dict(request.headers), request.url.path, body, query=dict(request.query_params))
    caller = await gateway.caller(engine, signed, _source_ip(request))
    return JSONResponse(await engine.execute(_operation(body, _visible_headers(request)), caller))


async def realtime(socket: WebSocket) -> None:
    """A refused connection is told why once it is open, as the protocol has no other way."""
    gateway: Gateway = socket.app.state.gateway
    offered = socket.scope.get("subprotocols", [])
    await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
    path = socket.url.path.removesuffix(_REALTIME)
    try:
        engine = await _engine(socket)
        headers = connecting(socket.query_params, offered)
        await gateway.caller(engine, SignedRequest(headers, f"{path}/connect", b"{}"), _source_ip(socket))
    except RequestRefusedError as refusal:
        await _refuse(socket, refusal)
        return
    await gateway.converse(socket, engine, path, _source_ip(socket))


async def _refuse(socket: WebSocket, refusal: RequestRefusedError) -> None:
    """Tell why, and close once the client has said something, too: many say `connection_init` before they listen."""
    with suppress(WebSocketDisconnect, TimeoutError):  # whoever does not wait for it needs no answer
        await socket.send_json(connection_error(refusal))
        await asyncio.wait_for(socket.receive(), _LISTENING_SECONDS)
    with suppress(RuntimeError, WebSocketDisconnect):  # the client has closed it already
        await socket.close()


async def _engine(request: HTTPConnection) -> Engine:
    gateway: Gateway = request.app.state.gateway
    engine = await gateway.engine()
    if request.path_params.get("api_id", engine.api.definition.api_id) != engine.api.definition.api_id:
        raise RequestRefusedError(404, "NotFoundException", f"No API {request.path_params['api_id']} is served here")
    return engine


async def reload(request: Request) -> Response:
    await request.app.state.gateway.reload()
    return await health(request)


async def health(request: Request) -> Response:
    ready, body = request.app.state.gateway.health()
    return JSONResponse(body, 200 if ready else 503)


async def refused(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, RequestRefusedError)  # noqa: S101 (registered for it alone)
    return JSONResponse(refusal.body(), refusal.status)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_LIMIT:
            raise RequestRefusedError(413, "RequestEntityTooLargeException", "The request body is larger than 1 MB.")
    return body


def _operation(body: bytes, headers: dict[str, Any]) -> Operation:
    try:
        sent = json.loads(body)
    except ValueError as error:
        raise malformed("Invalid JSON payload in POST request.") from error
    if not isinstance(sent, dict) or not isinstance(sent.get("query"), str) or not sent["query"].strip():
        raise malformed("No GraphQL query found in the request.")
    variables, name = sent.get("variables") or {}, sent.get("operationName") or None
    if not isinstance(variables, dict) or not isinstance(name, str | None):
        raise malformed("Invalid variables or operationName in the request.")
    return Operation(sent["query"], variables, name, headers)


def _visible_headers(request: Request) -> dict[str, Any]:
    """What resolvers see: a header sent twice is a list, and cookies are hidden."""
    names = [name for name in request.headers if name != "cookie"]
    values = {name: request.headers.getlist(name) for name in names}
    return {name: sent[0] if len(sent) == 1 else sent for name, sent in values.items()}


def _source_ip(request: HTTPConnection) -> list[str]:
    """The addresses of `x-forwarded-for`, then the one the connection comes from."""
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    return [*forwarded, request.client.host if request.client else "127.0.0.1"]
