"""One resolver's run: "JavaScript resolvers overview", "Built-in utilities" and "Runtime utilities" in the AWS AppSync
Developer Guide.
"""

import json
from typing import Any

import psutil
import pytest

from local.appsync.definition import DataSource
from local.appsync.dynamodb.results import SourceError, SourceResult
from local.appsync.javascript import Code
from tests.local.appsync.made import code, definition, run, user

SDL = """
type Query { thing(id: ID, n: Int = 3): Thing  things: [Thing!]  text: String }
type Thing { id: ID!  name: String  again: Thing  owner: String }
"""
FAILED = "DynamoDB:ConditionalCheckFailedException"


def resolve(written: Code, query: str = "{ thing { id name } }", **more: Any) -> dict[str, Any]:
    name = "Query.text" if "text" in query else "Query.thing"
    return run(definition(SDL, {name: written}), query, **more)


def error_of(body: dict[str, Any]) -> dict[str, Any]:
    [error] = body["errors"]
    return dict(error)


def test_an_error_has_all_its_members_and_data_cut_to_what_was_selected() -> None:
    raised = "util.error('No', 'Conflict', { id: '1', name: 'x', owner: 'secret' }, { retry: true });"
    assert resolve(code(response=raised)) == {
        "data": {"thing": None},
        "errors": [
            {
                "path": ["thing"],
                "data": {"id": "1", "name": "x"},
                "errorType": "Conflict",
                "errorInfo": {"retry": True},
                "locations": [{"line": 1, "column": 3, "sourceName": None}],
                "message": "No",
            }
        ],
    }


def test_an_error_in_the_request_handler_keeps_the_data_source_from_being_called() -> None:
    error = error_of(resolve(code("util.error('Bad', 'Invalid'); return { operation: 'GetItem' };")))
    assert (error["message"], error["errorType"], error["data"], error["errorInfo"]) == ("Bad", "Invalid", None, None)


def test_an_appended_error_stands_beside_the_value() -> None:
    body = resolve(code(response="util.appendError('Old', 'Stale', { name: 'y' }); return { id: '1', name: 'x' };"))
    assert body["data"] == {"thing": {"id": "1", "name": "x"}}
    error = error_of(body)
    assert (error["path"], error["errorType"], error["data"]) == (["thing"], "Stale", {"name": "y"})


def test_unauthorized_is_the_same_error_as_a_denied_field() -> None:
    error = error_of(resolve(code("util.unauthorized();")))
    assert (error["message"], error["errorType"]) == ("Not Authorized to access thing on type Query", "Unauthorized")


@pytest.mark.parametrize(
    "body",
    ["return ctx.args.nothing.more;", "return fetch('https://example.invalid');", "return JSON.parse('{');"],
    ids=["a type error", "what the runtime does not have", "bad JSON"],
)
def test_what_code_throws_is_told_to_nobody(body: str) -> None:
    error = error_of(resolve(code(body)))
    assert (error["message"], error["errorType"]) == ("Runtime Error", "Code")


def test_a_failed_call_is_for_the_response_handler_to_raise_or_not() -> None:
    item = {"id": "1", "name": "as it stands"}

    def refuse(_source: DataSource, _request: Any, _resolver: str) -> SourceResult:
        return SourceResult(item, SourceError("The conditional request failed", FAILED))

    asking = "return { operation: 'PutItem' };"
    lenient = resolve(code(asking), dynamodb=refuse)
    assert lenient == {"data": {"thing": item}}
    strict = code(asking, "if (ctx.error) { util.error(ctx.error.message, ctx.error.type); } return ctx.result;")
    error = error_of(resolve(strict, dynamodb=refuse))
    assert (error["message"], error["errorType"]) == ("The conditional request failed", FAILED)


def test_an_early_return_skips_the_data_source_and_the_response_handler() -> None:
    written = code(
        "runtime.earlyReturn({ id: 'early' }); return { operation: 'GetItem' };", "util.error('not reached');"
    )
    assert resolve(written)["data"] == {"thing": {"id": "early", "name": None}}


def test_the_stash_carries_from_request_to_response() -> None:
    written = code("ctx.stash.id = ctx.args.id; return { payload: null };", "return { id: ctx.stash.id };")
    assert resolve(written, '{ thing(id: "7") { id } }')["data"]["thing"]["id"] == "7"


CONTEXT: dict[str, tuple[str, Any]] = {
    "arguments with their defaults": ("ctx.args", {"id": "7", "n": 3}),
    "arguments by both names": ("ctx.arguments.id", "7"),
    "the field": ("ctx.info.fieldName", "thing"),
    "its parent type": ("ctx.info.parentTypeName", "Query"),
    "the variables": ("ctx.info.variables", {"id": "7"}),
    "the selected fields, by alias": ("ctx.info.selectionSetList", ["id", "called", "again", "again/id"]),
    "no source at the root": ("ctx.source", None),
    "the environment": ("ctx.env", {"STAGE": "test"}),
    "the caller": ("ctx.identity.sub", "user-1"),
    "how the caller was let in": ("util.authType()", "User Pool Authorization"),
    "no selection in the text of info": ("Object.keys(ctx.info).includes('selectionSetList')", False),
}


@pytest.mark.parametrize("name", CONTEXT)
def test_the_context_has(name: str) -> None:
    expression, expected = CONTEXT[name]
    written = code(response=f"return {{ id: '1', name: JSON.stringify({expression} ?? null), selectionSet: 0 }};")
    query = "query ($id: ID) { thing(id: $id) { id called: name again { id } } }"
    body = run(
        definition(SDL, {"Query.thing": written}, environment={"STAGE": "test"}), query, user("customer"), id="7"
    )

    assert json.loads(body["data"]["thing"]["called"]) == expected


def test_a_nested_resolver_sees_its_parents_value_as_source() -> None:
    parent = code(response="return { id: '1', owner: 'o' };")
    nested = code(response="return { id: ctx.source.owner };")
    deployed = definition(SDL, {"Query.thing": parent, "Thing.again": nested})
    assert run(deployed, "{ thing { again { id } } }")["data"]["thing"]["again"] == {"id": "o"}


UTILITIES: dict[str, tuple[str, Any]] = {
    "numbers": ("util.dynamodb.toDynamoDB(1.5)", {"N": 1.5}),
    "lists and maps": (
        "util.dynamodb.toDynamoDB({ a: ['x', true] })",
        {"M": {"a": {"L": [{"S": "x"}, {"BOOL": True}]}}},
    ),
    "null": ("util.dynamodb.toDynamoDB(null)", {"NULL": None}),
    "the values of a map": ("util.dynamodb.toMapValues({ a: 1 })", {"a": {"N": 1}}),
    "a set": ("util.dynamodb.toStringSet(['a'])", {"SS": ["a"]}),
    "a moment": ("util.time.parseISO8601ToEpochMilliSeconds('2026-01-05T18:30:00.250+01:00')", 1767634200250),
    "a moment as text": ("util.time.epochMilliSecondsToISO8601(1767634200250)", "2026-01-05T17:30:00.250Z"),
    "a match": ("util.matches('^[a-z]+$', 'abc')", True),
    "no match": ("util.matches('^[a-z]+$', 'abc1')", False),
    "text in base64": ("util.base64Encode('ü')", "w7w="),
    "text in a URL": ("util.urlEncode('a b&c')", "a+b%26c"),
}


@pytest.mark.parametrize("name", UTILITIES)
def test_a_utility_gives(name: str) -> None:

    expression, expected = UTILITIES[name]
    body = resolve(code(response=f"return JSON.stringify({expression});"), "{ text }")
    assert json.loads(body["data"]["text"]) == expected


@pytest.mark.parametrize(
    "expression",
    ["util.http.copyHeaders({})", "util.transform.toElasticsearchQueryDSL({})", "util.matches('a+', 'a')"],
)
def test_what_the_stand_in_lacks_is_named_not_undefined(expression: str) -> None:
    error = error_of(resolve(code(response=f"return {expression};"), "{ text }"))
    assert error["errorType"] == "NotProvidedLocally"
    assert "the local AppSync does not provide util." in error["message"]


def test_code_that_loops_is_ended_and_the_next_request_is_served() -> None:
    resolve(code(response="return { id: '1' };"))
    before = workers()
    error = error_of(resolve(code("for (const a of [1]) { while (true) {} } return {};")))
    assert error["message"] == "Runtime Error"
    assert resolve(code(response="return { id: '1' };"))["data"]["thing"]["id"] == "1"
    assert len(workers()) == len(before), "one has come for the one that looped, which is gone"


def workers() -> list[psutil.Process]:
    """The Node processes that evaluate resolvers for these tests."""
    started = psutil.Process().children(recursive=True)
    return [each for each in started if any("worker.mjs" in part for part in each.cmdline())]
