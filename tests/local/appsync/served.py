"""The HTTP application in this process, without a socket."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from local.appsync.callers import Authentication
from local.appsync.cognito import Tokens
from local.appsync.definition import Definition
from local.appsync.dynamodb import DynamoDB
from local.appsync.gateway import Gateway
from local.appsync.http.source import Http
from local.appsync.server import app
from tests.local.appsync.made import NOWHERE


@dataclass
class Served:
    """The endpoint of one API."""

    client: httpx.AsyncClient
    runner: asyncio.Runner

    def post(self, content: Any, path: str = "/graphql", **headers: str) -> httpx.Response:
        """Send `content`: bytes as they are, anything else as JSON."""
        body = {"content": content} if isinstance(content, bytes) else {"json": content}
        return self.runner.run(self.client.post(path, headers=headers, **body))

    def get(self, path: str) -> httpx.Response:
        return self.runner.run(self.client.get(path))


@contextmanager
def serve(deployed: Definition, tokens: Tokens) -> Iterator[Served]:
    """Serve `deployed`, whose resolvers have no table."""
    authentication = Authentication(tokens)
    application = app(lambda: Gateway(lambda: deployed, authentication, DynamoDB(NOWHERE), Http(NOWHERE)))
    transport = httpx.ASGITransport(app=application, client=("192.0.2.9", 5000))
    with asyncio.Runner() as runner:
        lifespan = application.router.lifespan_context(application)
        runner.run(lifespan.__aenter__())
        client = httpx.AsyncClient(transport=transport, base_url="http://appsync")
        yield Served(client, runner)
        runner.run(client.aclose())
        runner.run(lifespan.__aexit__(None, None, None))
