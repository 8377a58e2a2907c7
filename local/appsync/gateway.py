"""The gateway's state: which API is served, read on demand and again after a deployment."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import boto3
import httpx
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from starlette.websockets import WebSocket

from local.appsync.api import Api, build_api
from local.appsync.callers import Authentication, Caller
from local.appsync.cognito import Tokens, fetch_keys
from local.appsync.definition import Definition, NotDeployedError, RefusedError, read_definition
from local.appsync.dynamodb import DynamoDB
from local.appsync.errors import RequestRefusedError
from local.appsync.execution import Engine, Operation
from local.appsync.http.source import Http
from local.appsync.iam import SignedRequest, signatures_of
from local.appsync.javascript import Worker
from local.appsync.realtime.connection import Connection, Pace
from local.appsync.realtime.hub import Hub
from local.appsync.resolver import UnitResolvers

_log = logging.getLogger(__name__)

_THREADS = 32  # resolvers that may wait for their sources at once


@dataclass(frozen=True)
class Settings:
    """`cloud` is the local cloud's endpoint, `api` the name of the one API that is served."""

    cloud: str
    api: str = "delivery"
    region: str = "us-east-1"


def connect(settings: Settings) -> "Gateway":
    """The gateway to one local cloud."""
    dynamodb = DynamoDB(settings.cloud, _THREADS)
    authentication = Authentication(
        Tokens(fetch_keys(settings.cloud)), signatures_of(httpx.Client(base_url=settings.cloud, timeout=5))
    )
    return Gateway(partial(_read_deployed, settings), authentication, dynamodb, Http(settings.cloud))


class Gateway:
    """Serves the API that `read` returns. Use from one event loop; `close` ends its threads and its Node process."""

    def __init__(
        self,
        read: Callable[[], Definition],
        authentication: Authentication,
        dynamodb: DynamoDB,
        http: Http,
        pace: Pace | None = None,
    ) -> None:
        self._read_definition = read
        self._authentication = authentication
        self._pace = pace or Pace()
        self._hub = Hub()
        self._connections: set[Connection] = set()
        self._dynamodb = dynamodb
        self._http = http
        self._worker = Worker()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolver")
        self._resolvers = UnitResolvers(self._worker, {"AMAZON_DYNAMODB": dynamodb.call, "HTTP": http.call})
        self._engine: Engine | None = None
        self._problems: list[str] = []
        self._reading = asyncio.Lock()

    async def reload(self) -> None:
        """Read the deployed API again; until this succeeds nothing is served that is no longer deployed."""
        async with self._reading:
            await self._read()

    async def engine(self) -> Engine:
        """What executes operations; it is read now when it could not be before. RequestRefusedError (404, 503)."""
        if self._engine is None:
            async with self._reading:
                if self._engine is None:
                    await self._read()
        if self._engine is None:
            raise RequestRefusedError(503, "ServiceUnavailableException", "; ".join(self._problems))
        return self._engine

    async def caller(self, engine: Engine, request: SignedRequest, source_ip: list[str]) -> Caller:
        """Who sends this request; RequestRefusedError (401)."""
        iam_fields = engine.api.authorization.iam_fields
        verify = partial(self._authentication.caller, engine.api.definition, request, source_ip, iam_fields)
        return await asyncio.get_running_loop().run_in_executor(self._pool, verify)

    async def execute(self, operation: Operation, caller: Caller) -> dict[str, Any]:
        return await (await self.engine()).execute(operation, caller)

    async def converse(self, socket: WebSocket, engine: Engine, path: str, source_ip: list[str]) -> None:
        """Serve one real-time connection, whose handshake is done, until it ends. `path` is what signatures cover."""

        def authenticate(headers: dict[str, str], data: str) -> Awaitable[Caller]:
            return self.caller(engine, SignedRequest(headers, path, data.encode()), source_ip)

        connection = Connection(socket, engine, self._hub, authenticate, self._pace)
        self._connections.add(connection)
        try:
            await connection.serve()
        finally:
            self._connections.discard(connection)

    def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether requests are served, and what is loaded or why nothing is."""
        if self._engine is None:
            return False, {"status": "not ready", "problems": self._problems}
        definition = self._engine.api.definition
        api = {"id": definition.api_id, "name": definition.name}
        return True, {
            "status": "ok",
            "api": api,
            "resolvers": len(definition.resolvers),
            "subscriptions": len(self._hub),
        }

    async def close(self) -> None:
        self._disconnect()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._dynamodb.close()
        self._http.close()
        self._worker.close()

    async def _read(self) -> None:
        self._engine, self._problems = None, []
        self._authentication.tokens.forget()
        self._http.roles.forget()
        self._disconnect()  # what was subscribed to may be no more, and its resolvers may be others
        try:
            api = await asyncio.get_running_loop().run_in_executor(self._pool, self._load)
        except RefusedError as refused:
            self._problems = refused.problems
        except (NotDeployedError, BotoCoreError, ClientError) as error:
            self._problems = [str(error)]
        else:
            self._engine = self._serving(api)
            _log.info("serving %s with %d resolvers", api.definition.name, len(api.definition.resolvers))
        for problem in self._problems:
            _log.warning("not serving: %s", problem)

    def _serving(self, api: Api) -> Engine:
        engine = Engine(api, self._resolvers, self._pool, lambda mutated: self._hub.publish(engine, mutated))
        return engine

    def _disconnect(self) -> None:
        for connection in self._connections:
            connection.end()

    def _load(self) -> Api:
        return build_api(self._read_definition(), self._worker)


def _read_deployed(settings: Settings) -> Definition:
    appsync = boto3.client(
        "appsync",
        endpoint_url=settings.cloud,
        region_name=settings.region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 (the local cloud's)
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=10),
    )
    return read_definition(appsync, settings.api)
