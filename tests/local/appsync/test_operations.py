"""Whole requests: the GraphQL specification, and what the AWS AppSync Developer Guide says of limits in "Configuring
GraphQL run complexity, query depth, and introspection".
"""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from local.appsync.cognito import Tokens
from local.appsync.definition import API_KEY, DataSource
from local.appsync.dynamodb.results import SourceResult
from local.appsync.errors import RequestRefusedError
from tests.local.appsync.made import code, definition, run
from tests.local.appsync.served import Served, serve

SDL = """
type Query { thing(input: ThingInput): Thing  things: [Thing]  hello: String  world: String }
type Mutation { first: String  second: String }
input ThingInput { id: ID!  count: Int }
enum Colour { RED GREEN }
type Thing { id: ID!  count: Int  colour: Colour  at: AWSDateTime  again: Thing  need: Need! }
type Need { id: ID! }
"""
THING = "{ id: '1', count: 1, colour: 'RED', again: { id: '2', again: { id: '3' } }, need: { id: '1' } }"
RESOLVERS = {
    "Query.thing": code(response=f"return {THING};"),
    "Query.hello": code(response="return 'hello';"),
}


def ask(query: str, response: str | None = None, *, settings: dict[str, Any] | None = None, **variables: Any) -> Any:
    resolvers = RESOLVERS | ({"Query.thing": code(response=response)} if response else {})
    return run(definition(SDL, resolvers, **(settings or {})), query, **variables)


# -- documents and variables -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ unknown }", {}),
        ("{ thing { unknown } }", {}),
        ("{ thing }", {}),
        ("{ hello { id } }", {}),
        ("{ hello(id: 1) }", {}),
        ("{ thing(input: { id: 1, unknown: 2 }) { id } }", {}),
        ("{ thing(input: {}) { id } }", {}),
        ("query ($input: Missing) { thing(input: $input) { id } }", {}),
        ("{ ...Missing }", {}),
        ("query ($input: ThingInput) { thing(input: $input) { id } }", {"input": {"id": "1", "unknown": 2}}),
        ("query ($input: ThingInput) { thing(input: $input) { id } }", {"input": {"count": 1}}),
        ("query ($input: ThingInput) { thing(input: $input) { id } }", {"input": {"id": "1", "count": "many"}}),
        ("query ($input: ThingInput!) { thing(input: $input) { id } }", {}),
    ],
)
def test_what_the_schema_does_not_know_is_refused_before_any_resolver_runs(
    query: str, variables: dict[str, Any]
) -> None:
    unreached = "util.error('reached', 'Reached');"
    body = ask(query, unreached, **variables)
    assert body["data"] is None
    for error in body["errors"]:
        assert set(error) == {"path", "locations", "message"}  # AppSync gives these errors no type
        assert error["path"] is None


@pytest.mark.parametrize("query", ["", "{", "query {", "hello", "{ hello } }"])
def test_what_is_no_document_is_a_bad_request(query: str) -> None:
    with pytest.raises(RequestRefusedError) as refused:
        ask(query)
    assert (refused.value.status, refused.value.error_type) == (400, "MalformedHttpRequestException")


def test_introspection_is_open_unless_the_api_disables_it_and_typename_always() -> None:
    assert ask("{ __schema { queryType { name } } }")["data"]["__schema"]["queryType"]["name"] == "Query"
    disabled = {"introspection": False}
    assert ask("{ __schema { queryType { name } } }", settings=disabled)["data"] is None
    assert ask("{ thing { __typename } }", settings=disabled)["data"]["thing"] == {"__typename": "Thing"}


# -- values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "field", "message"),
    [
        ("{ id: '1', count: 'many' }", "count", "Can't serialize value (/thing/count)"),
        ("{ id: '1', colour: 'BLUE' }", "colour", "Can't serialize value (/thing/colour)"),
        ("{ id: '1', at: '2026-01-05' }", "at", "Can't serialize value (/thing/at)"),
    ],
)
def test_a_value_that_is_not_of_its_fields_type_is_null_beside_an_error(value: str, field: str, message: str) -> None:
    body = ask(f"{{ thing {{ id {field} }} }}", f"return {value};")
    assert body["data"]["thing"] == {"id": "1", field: None}
    [error] = body["errors"]
    assert error["path"] == ["thing", field]
    assert error["message"].startswith(message)


def test_null_where_none_may_be_takes_the_nearest_parent_that_may_be_null() -> None:
    body = ask("{ hello thing { id need { id } } }", "return { id: '1', need: {} };")
    assert body["data"] == {"hello": "hello", "thing": None}
    [error] = body["errors"]
    assert error["path"] == ["thing", "need", "id"]
    assert error["message"] == "Cannot return null for non-nullable type: 'ID' within parent 'Need' (/thing/need/id)"
    assert error["locations"] is None


# -- limits ------------------------------------------------------------------------------------------------------


def test_a_query_deeper_than_the_limit_gets_what_lies_above_it_and_an_error() -> None:
    body = ask("{ hello thing { id again { id } } }", settings={"depth_limit": 2})
    assert body["data"] == {"hello": "hello", "thing": {"id": "1", "again": None}}
    assert {error["errorType"] for error in body["errors"]} == {"QueryDepthLimitReached"}
    assert "errors" not in ask("{ hello thing { id again { id } } }", settings={"depth_limit": 3})


def test_a_request_runs_no_more_resolvers_than_its_limit() -> None:
    names = " ".join(f"h{number}: hello" for number in range(4))
    body = ask(f"{{ {names} }}", settings={"resolver_limit": 3})
    assert list(body["data"].values()).count("hello") == 3
    assert [error["errorType"] for error in body["errors"]] == ["ResolverCountLimitReached"]


# -- order -------------------------------------------------------------------------------------------------------

GET = code("return { operation: ctx.info.fieldName };")


def test_the_fields_of_a_query_resolve_at_the_same_time() -> None:
    together = threading.Barrier(2, timeout=10)

    def wait_for_the_other(_source: DataSource, _request: Any, _resolver: str) -> SourceResult:
        together.wait()
        return SourceResult("met")

    body = run(
        definition(SDL, {"Query.hello": GET, "Query.world": GET}), "{ hello world }", dynamodb=wait_for_the_other
    )
    assert body["data"] == {"hello": "met", "world": "met"}


def test_the_fields_of_a_mutation_resolve_one_after_the_other() -> None:
    order: list[str] = []

    def note(_source: DataSource, request: Any, _resolver: str) -> SourceResult:
        order.append(request["operation"])
        return SourceResult("done")

    deployed = definition(SDL, {"Mutation.first": GET, "Mutation.second": GET})
    run(deployed, "mutation { second first again: second }", dynamodb=note)
    assert order == ["second", "first", "second"]


# -- over HTTP ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    keys = {"default_mode": API_KEY, "modes": frozenset({API_KEY}), "user_pools": (), "api_keys": {"key": 2**33}}
    with serve(definition(SDL, RESOLVERS, **keys), Tokens(lambda _pool: {})) as served:
        yield served


@pytest.mark.parametrize(
    ("content", "status", "error_type"),
    [
        (b"no json", 400, "MalformedHttpRequestException"),
        (b"[]", 400, "MalformedHttpRequestException"),
        (b"{}", 400, "MalformedHttpRequestException"),
        (b'{"query": ""}', 400, "MalformedHttpRequestException"),
        (b'{"query": "{ hello", "variables": {}}', 400, "MalformedHttpRequestException"),
        (b'{"query": "{ hello }", "variables": 1}', 400, "MalformedHttpRequestException"),
        (b'{"query": "query a { hello } query b { hello }"}', 400, "BadRequestException"),
        (b'{"query": "query a { hello }", "operationName": "b"}', 400, "BadRequestException"),
        (b'{"query": "{ hello }", "extra": "' + b"x" * 1_000_000 + b'"}', 413, "RequestEntityTooLargeException"),
    ],
    ids=["no JSON", "a list", "no query", "an empty query", "half", "variables", "two", "another name", "over 1 MB"],
)
def test_a_request_that_cannot_be_executed_is_refused(
    served: Served, content: bytes, status: int, error_type: str
) -> None:
    answer = served.post(content, **{"x-api-key": "key"})
    assert answer.status_code == status
    assert [error["errorType"] for error in answer.json()["errors"]] == [error_type]


def test_one_of_several_operations_is_chosen_by_its_name(served: Served) -> None:
    both = {"query": "query a { hello } query b { there: hello }", "operationName": "b"}
    assert served.post(both, **{"x-api-key": "key"}).json() == {"data": {"there": "hello"}}


def test_the_api_is_served_under_its_id_too_and_no_other(served: Served) -> None:
    query = {"query": "{ hello }"}
    assert served.post(query, "/v1/apis/api-1/graphql", **{"x-api-key": "key"}).status_code == 200
    assert served.post(query, "/v1/apis/api-2/graphql", **{"x-api-key": "key"}).status_code == 404


def test_a_page_from_anywhere_may_call(served: Served) -> None:
    answer = served.post({"query": "{ hello }"}, **{"x-api-key": "key", "origin": "https://example.invalid"})
    assert answer.headers["access-control-allow-origin"] == "*"


def test_health_says_what_is_served(served: Served) -> None:
    assert served.get("/health").json() == {
        "status": "ok",
        "api": {"id": "api-1", "name": "delivery"},
        "resolvers": 2,
        "subscriptions": 0,
    }
