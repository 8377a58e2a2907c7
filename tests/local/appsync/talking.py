"""A real-time client written for these tests, in the protocol's own words, and the API that it talks to. No sockets."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.appsync.callers import Authentication
from local.appsync.cognito import Tokens
from local.appsync.definition import API_KEY, IAM, USER_POOLS, Definition
from local.appsync.dynamodb import DynamoDB
from local.appsync.gateway import Gateway
from local.appsync.http.source import Http
from local.appsync.iam import Signatures, nobody
from local.appsync.realtime.connection import Pace
from local.appsync.server import app
from tests.local.appsync.made import NOWHERE, code, definition
from tests.local.appsync.sockets import Client, Socket, running

KEY = "da2-example"
KEY_HEADERS = {"host": "api.example", "x-api-key": KEY}

SDL = """
type Query { none: String @aws_api_key }
type Mutation {
  say(room: ID!, text: String, loud: Boolean): Line @aws_api_key @aws_iam
  close(room: ID!): Line @aws_api_key
}
type Line @aws_api_key @aws_iam { room: ID! text: String loud: Boolean secret: String @aws_cognito_user_pools }
type Subscription {
  said(room: ID, text: String): Line @aws_subscribe(mutations: ["say"]) @aws_api_key
  shouted(room: ID!): Line @aws_subscribe(mutations: ["say"]) @aws_api_key
  forbidden: Line @aws_subscribe(mutations: ["say"]) @aws_cognito_user_pools
  refused: Line @aws_subscribe(mutations: ["say"]) @aws_api_key
}
"""
SAY = "mutation($room: ID!, $text: String, $loud: Boolean) { say(room: $room, text: $text, loud: $loud) %s }"
RESOLVERS = {
    "Mutation.say": code("return { payload: ctx.args };"),
    "Mutation.close": code(
        "return { payload: ctx.args };",
        "extensions.invalidateSubscriptions({ subscriptionField: 'shouted', payload: ctx.args }); return ctx.result;",
    ),
    "Subscription.shouted": code(
        response="""
        const eq = (fieldName, value) => ({ fieldName, operator: 'eq', value });
        const room = eq('room', ctx.args.room);
        extensions.setSubscriptionFilter({ filterGroup: [{ filters: [room, eq('loud', true)] }] });
        extensions.setSubscriptionInvalidationFilter({ filterGroup: [{ filters: [room] }] });
        return null;"""
    ),
    "Subscription.refused": code(response="util.error('Room not found', 'NotFound');"),
}


def deployed(**changes: Any) -> Definition:
    settings: dict[str, Any] = {
        "modes": frozenset({USER_POOLS, IAM, API_KEY}),
        "api_keys": {KEY: int(time.time()) + 600},
    }
    return definition(SDL, RESOLVERS, **(settings | changes))


@contextmanager
def serving(
    api: Definition | None = None, *, signatures: Signatures = nobody, pace: Pace | None = None
) -> Iterator[Client]:
    authentication = Authentication(Tokens(lambda _pool: {}), signatures)

    def connect() -> Gateway:
        return Gateway(lambda: api or deployed(), authentication, DynamoDB(NOWHERE), Http(NOWHERE), pace)

    with running(app(connect)) as client:
        yield client


def encoded(content: Any) -> str:
    return base64.b64encode(json.dumps(content).encode()).decode()


def by_query(path: str = "/graphql/realtime", headers: Any = KEY_HEADERS, payload: Any = None) -> dict[str, Any]:
    """How to connect with query parameters, as arguments of `connect`."""
    url = f"{path}?header={encoded(headers)}&payload={encoded(payload or {})}"
    return {"url": url, "subprotocols": ["graphql-ws"]}


def by_subprotocol(path: str = "/graphql/realtime", headers: Any = KEY_HEADERS) -> dict[str, Any]:
    """How to connect with the second sub-protocol: base64url without padding."""
    text = base64.urlsafe_b64encode(json.dumps(headers).encode()).decode().rstrip("=")
    return {"url": path, "subprotocols": ["graphql-ws", f"header-{text}"]}


class Talk:
    """One connection. What the server sends is read in order."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket

    def send(self, **message: Any) -> None:
        self._socket.send_json(message)

    def next(self) -> dict[str, Any]:
        """The next message that is no sign of life."""
        while (message := self._socket.receive_json())["type"] == "ka":
            continue
        found: dict[str, Any] = message
        return found

    def start(self, query: str, id: str = "1", headers: Any = KEY_HEADERS, **variables: Any) -> dict[str, Any]:  # noqa: A002
        """Subscribe; the answer."""
        data = json.dumps({"query": query, "variables": variables})
        payload = {"data": data, "extensions": {"authorization": headers}}
        self.send(type="start", id=id, payload=payload)
        return self.next()

    def silent(self) -> bool:
        """Whether nothing is waiting to be read: the answer to a question is the next thing that comes."""
        self.send(type="stop", id="no such subscription")
        kind: str = self.next()["payload"]["errors"][0]["errorType"]
        return kind == "UnknownOperationError"


@contextmanager
def talking(client: Client, how: dict[str, Any] | None = None) -> Iterator[Talk]:
    """A connection that was acknowledged."""
    with client.connect(**(how or by_query())) as socket:
        talk = Talk(socket)
        talk.send(type="connection_init")
        assert talk.next()["type"] == "connection_ack"
        yield talk


def say(client: Client, room: str, text: str | None = None, loud: bool | None = None, select: str = "") -> Any:
    query = SAY % (select or "{ room text loud }")
    body = {"query": query, "variables": {"room": room, "text": text, "loud": loud}}
    answer = client.post("/graphql", json=body, headers={"x-api-key": KEY}).json()
    assert "errors" not in answer, answer
    return answer["data"]
