"""The whole API, executed in this process: the joined schema and every service's bundled resolvers, on given tables.

It is what local/appsync serves, without the HTTP server and without tokens: a test says who calls.
"""

import asyncio
import atexit
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from delivery_events.push import Push
from graphql import GraphQLField, GraphQLObjectType, get_named_type

from infra.constructs.resolvers import asks_table
from infra.graphql_schema import base_resolver_files, build_schema, resolver_files, service_parts
from infra.resolver_bundles import bundle
from local.appsync.api import Api as BuiltApi
from local.appsync.api import build_api
from local.appsync.callers import Caller, cognito_caller
from local.appsync.definition import API_KEY, IAM, USER_POOLS, DataSource, Definition, Resolver
from local.appsync.dynamodb import DynamoDB
from local.appsync.dynamodb.results import SourceResult
from local.appsync.evaluate import shared_worker
from local.appsync.execution import Engine, Operation
from local.appsync.javascript import Code
from local.appsync.realtime.hub import Hub
from local.appsync.realtime.messages import Start
from local.appsync.realtime.subscribing import NotSubscribedError, subscribe
from local.appsync.resolver import UnitResolvers
from tests.tables import REGION


def caller(sub: str, group: str, **claims: str) -> Caller:
    """Who shows an ID token of a user in one group, with further claims (`custom_x` stands for `custom:x`)."""
    more = {name.replace("custom_", "custom:"): value for name, value in claims.items()}
    token = {"sub": sub, "iss": "https://example.invalid/pool", "cognito:username": sub, "cognito:groups": [group]}
    return cognito_caller(token | more, ["127.0.0.1"])


BASE = "base"  # what resolves the fields that belong to no service
OUTBOX = Caller(IAM, {"userArn": "arn:aws:sts::000000000000:assumed-role/outbox/outbox"})
SHARED_KEY = Caller(API_KEY)


@dataclass(frozen=True)
class Answer:
    """What a call of one field gave: its value, or the type and message of its one error."""

    value: Any = None
    error: str | None = None
    message: str = ""


class Watching:
    """A subscription: what it received, and whether it was ended."""

    def __init__(self, field: str) -> None:
        self._field = field
        self.received: list[dict[str, Any]] = []
        self.ended = False

    def take(self, message: dict[str, Any]) -> None:
        if message["type"] == "complete":
            self.ended = True
            return
        assert not self.ended
        assert "errors" not in message["payload"], message
        self.received.append(message["payload"]["data"][self._field])


class Api:
    def __init__(self, dynamodb: DynamoDB, pool: ThreadPoolExecutor) -> None:
        self._built = _built()
        self._hub = Hub()
        resolvers = UnitResolvers(shared_worker(), {"AMAZON_DYNAMODB": dynamodb.call, "HTTP": _no_queues})
        self._engine = Engine(self._built, resolvers, pool, lambda told: self._hub.publish(self._engine, told))

    def call(self, who: Caller, field: str, **arguments: Any) -> Answer:
        """Call one field of Query or Mutation, and select all that the same service resolves of what it returns."""
        body = self.execute(who, self._document(field, arguments), **arguments)
        errors = body.get("errors", [])
        assert len(errors) <= 1, errors
        if errors:
            assert body["data"] is None or body["data"][field] is None, body
            return Answer(None, errors[0].get("errorType", "not valid"), errors[0]["message"])
        return Answer(body["data"][field])

    def execute(
        self, who: Caller, document: str, headers: Mapping[str, Any] | None = None, **variables: Any
    ) -> dict[str, Any]:
        """The response's body. `headers`: what resolvers see of the client's, a list for one that was sent twice."""
        return asyncio.run(self._engine.execute(Operation(document, variables, headers=dict(headers or {})), who))

    def subscribe(self, who: Caller, field: str, **arguments: Any) -> "Watching | Answer":
        """Subscribe to a field, with all that it can select; the error, if the caller may not."""
        document = self._document(field, arguments)
        start = Start("1", "", Operation(document, arguments), {})
        watching = Watching(field)
        try:
            self._hub.add(asyncio.run(subscribe(self._engine, start, who, watching.take)))
        except NotSubscribedError as refused:
            [error] = refused.message["payload"]["errors"]
            return Answer(None, error["errorType"], error["message"])
        return watching

    def field(self, who: Caller, type_name: str, name: str, source: dict[str, Any]) -> Any:
        """What one field's resolver makes of a parent that another service resolved."""
        resolver = self._built.definition.resolvers[type_name, name]
        request: dict[str, Any] = {"headers": {}, "domainName": None}
        context = {"arguments": {}, "identity": who.identity, "source": source, "request": request, "env": {}}
        outcome = self._engine.resolvers.run(resolver, context | {"info": {}, "prev": None}, "User Pool Authorization")
        assert outcome.failed is None, outcome
        return outcome.value

    def publish(self, push: Push) -> None:
        """What an outbox does with a push."""
        given = {name: value for name, value in push.input.items() if value is not None}
        body = self.execute(OUTBOX, push.publication.document, input=given)
        assert "errors" not in body, body

    def _root_field(self, name: str) -> tuple[GraphQLObjectType, GraphQLField]:
        schema = self._built.schema
        roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
        root = next(root for root in roots if root and name in root.fields)
        return root, root.fields[name]

    def _document(self, field: str, arguments: Mapping[str, Any]) -> str:
        root, found = self._root_field(field)
        source = self._built.definition.resolvers[root.name, field].source
        types = "".join(f" ${name}: {found.args[name].type}" for name in arguments)
        passed = "".join(f" {name}: ${name}" for name in arguments)
        return (
            f"{root.name.lower()} call{f'({types})' if types else ''} "
            f"{{ {field}{f'({passed})' if passed else ''} {self._selection(found, source)} }}"
        )

    def _selection(self, field: GraphQLField, source: DataSource) -> str:
        type_ = get_named_type(field.type)
        if not isinstance(type_, GraphQLObjectType):
            return ""
        inner = (
            f"{name} {self._selection(member, source)}"
            for name, member in type_.fields.items()
            if self._source(type_.name, name) in (source, None)
        )
        return f"{{ {' '.join(inner)} }}"

    def _source(self, type_name: str, field: str) -> DataSource | None:
        resolver = self._built.definition.resolvers.get((type_name, field))
        return resolver.source if resolver else None


def api_on(endpoint: str) -> Api:
    """The API on the tables of one DynamoDB endpoint."""
    return Api(*_connected(endpoint))


@cache
def _connected(endpoint: str) -> tuple[DynamoDB, ThreadPoolExecutor]:
    """Made once for each engine: clients cost more to make than most tests take."""
    dynamodb, pool = DynamoDB(endpoint), ThreadPoolExecutor(4)
    atexit.register(dynamodb.close)
    atexit.register(pool.shutdown)
    return dynamodb, pool


@cache
def _built() -> BuiltApi:
    parts = service_parts()
    files = [(part.parent.name, *found) for part in parts for found in resolver_files(part.parent.name)]
    files += [(BASE, *found) for found in base_resolver_files()]
    code = bundle([path for *_, path in files])
    resolvers = {
        (type_name, field): Resolver(type_name, field, _source_of(service, code[path]), Code(code[path]))
        for service, type_name, field, path in files
    }
    definition = Definition(
        api_id="local",
        name="delivery",
        sdl=build_schema(parts),
        default_mode=USER_POOLS,
        modes=frozenset({USER_POOLS, IAM, API_KEY}),
        resolvers=resolvers,
    )
    return build_api(definition, shared_worker())


def _source_of(service: str, code: str) -> DataSource:
    if service == BASE:
        return DataSource("delivery_queues", "HTTP")
    if not asks_table(code):
        return DataSource(f"delivery_{service}_nothing", "NONE")
    return DataSource(f"delivery_{service}", "AMAZON_DYNAMODB", f"delivery-{service}", REGION)


def _no_queues(_source: DataSource, request: Any, resolver: str) -> SourceResult:
    raise AssertionError(f"there are tables and no queues: {resolver} asks for {request}")
