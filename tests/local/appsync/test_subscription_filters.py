"""Who gets which message: AWS AppSync Developer Guide, "Defining enhanced subscriptions filters", "Extensions"."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.appsync.filters import Filter
from tests.local.appsync.made import code, definition, run
from tests.local.appsync.sockets import Client
from tests.local.appsync.talking import KEY, SDL, say, serving, talking


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with serving() as client:
        yield client


def test_arguments_filter_where_no_filter_was_set(client: Client) -> None:
    with talking(client) as talk:
        talk.start("subscription($room: ID) { said(room: $room) { text } }", room="hall")
        say(client, "cellar", "not this")
        say(client, "hall", "this")
        assert talk.next()["payload"]["data"]["said"] == {"text": "this"}
        assert talk.silent()


def test_an_argument_that_is_null_wants_null_and_one_left_out_wants_all(client: Client) -> None:
    with talking(client) as talk:
        talk.start("subscription { said(text: null) { room } }", id="null")
        talk.start("subscription { said { room } }", id="all")
        say(client, "hall", "hello")
        say(client, "hall")
        assert [talk.next()["id"] for _ in range(3)] == ["all", "null", "all"]


def test_a_filter_that_the_resolver_set_replaces_the_arguments(client: Client) -> None:
    with talking(client) as talk:
        talk.start('subscription { shouted(room: "hall") { text } }')
        say(client, "hall", "quiet", loud=False)
        say(client, "hall", "nothing of it")
        say(client, "cellar", "elsewhere", loud=True)
        say(client, "hall", "HERE", loud=True)
        assert talk.next()["payload"]["data"]["shouted"] == {"text": "HERE"}
        assert talk.silent()


def test_a_field_that_the_mutation_did_not_select_is_null_and_meets_no_filter(client: Client) -> None:
    with talking(client) as talk:
        talk.start("subscription { said { room text } }", id="said")
        talk.start('subscription { shouted(room: "hall") { text } }', id="shouted")
        say(client, "hall", "HERE", loud=True, select="{ room }")
        told = talk.next()
        assert (told["id"], told["payload"]["data"]["said"]) == ("said", {"room": "hall", "text": None})
        assert talk.silent()


def test_a_field_that_the_subscriber_may_not_see_is_null_with_an_error(client: Client) -> None:
    with talking(client) as talk:
        talk.start("subscription { said { room secret } }")
        say(client, "hall", select="{ room }")
        told = talk.next()["payload"]
        assert told["data"]["said"] == {"room": "hall", "secret": None}
        assert told["errors"][0]["errorType"] == "Unauthorized"


def test_a_right_that_ends_ends_the_subscription_and_no_other(client: Client) -> None:
    with talking(client) as talk:
        talk.start('subscription { shouted(room: "hall") { text } }', id="hall")
        talk.start('subscription { shouted(room: "cellar") { text } }', id="cellar")
        talk.start("subscription { said { text } }", id="said")
        body = {"query": 'mutation { close(room: "hall") { room } }'}
        client.post("/graphql", json=body, headers={"x-api-key": KEY})
        assert talk.next() == {"id": "hall", "type": "complete"}
        say(client, "hall", "HERE", loud=True)
        assert talk.next()["id"] == "said"
        assert talk.silent()


def test_an_invalidation_of_a_failed_mutation_ends_nothing(client: Client) -> None:
    with talking(client) as talk:
        talk.start('subscription { shouted(room: "hall") { text } }')
        body = {"query": "mutation { close { room } }"}
        assert client.post("/graphql", json=body, headers={"x-api-key": KEY}).json()["errors"]
        assert talk.silent()


def one(operator: str, value: Any) -> Filter:
    return Filter.of({"filterGroup": [{"filters": [{"fieldName": "f", "operator": operator, "value": value}]}]})


@pytest.mark.parametrize(
    ("operator", "value", "met", "missed"),
    [
        ("eq", "a", ["a"], ["b", 1, None]),
        ("eq", 1, [1, 1.0], [2, "1", True]),
        ("eq", True, [True], [False, 1, "true"]),
        ("ne", "a", ["b"], ["a", None]),
        ("le", 2, [1, 2], [3, "1"]),
        ("lt", 2, [1], [2]),
        ("ge", 2, [2, 3], [1]),
        ("gt", "a", ["b"], ["a", 2]),
        ("contains", "b", ["abc", ["a", "b"]], ["a", ["a"], None]),
        ("notContains", "b", ["a", ["a"]], ["abc", ["b"]]),
        ("beginsWith", "ab", ["abc"], ["b", 1]),
        ("in", ["a", "b"], ["a"], ["c", 1]),
        ("notIn", ["a", "b"], ["c"], ["a"]),
        ("between", [1, 3], [1, 2, 3], [0, 4]),
    ],
)
def test_an_operator_compares(operator: str, value: Any, met: list[Any], missed: list[Any]) -> None:
    chosen = one(operator, value)
    assert [chosen.met_by({"f": found}) for found in met] == [True] * len(met)
    assert [chosen.met_by({"f": found}) for found in missed] == [False] * len(missed)
    assert not chosen.met_by({})


def test_one_group_is_enough_and_all_of_its_conditions_are_needed() -> None:
    def eq(name: str, value: str) -> dict[str, Any]:
        return {"fieldName": name, "operator": "eq", "value": value}

    chosen = Filter.of({"filterGroup": [{"filters": [eq("a", "1"), eq("b", "1")]}, {"filters": [eq("c", "1")]}]})
    assert chosen.met_by({"a": "1", "b": "1"})
    assert chosen.met_by({"c": "1"})
    assert not chosen.met_by({"a": "1", "b": "2"})


CONDITION = {"fieldName": "f", "operator": "eq", "value": "a"}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({}, "filterGroup"),
        ({"filterGroup": []}, "0 groups"),
        ({"filterGroup": [{"filters": [CONDITION]}] * 11}, "11 groups"),
        ({"filterGroup": [{"filters": []}]}, "0 conditions"),
        ({"filterGroup": [{"filters": [CONDITION] * 6}]}, "6 conditions"),
        ({"filterGroup": [{"filters": [CONDITION | {"operator": "containsAny"}]}]}, "'containsAny' is not done"),
        ({"filterGroup": [{"filters": [CONDITION | {"fieldName": "a.b"}]}]}, "field of the payload itself"),
        ({"filterGroup": [{"filters": [CONDITION | {"value": None}]}]}, "eq compares"),
        ({"filterGroup": [{"filters": [CONDITION | {"operator": "in"}]}]}, "the value of in is a list"),
        ({"filterGroup": [{"filters": [CONDITION | {"operator": "in", "value": ["a"] * 6}]}]}, "6 values"),
        ({"filterGroup": [{"filters": [CONDITION | {"operator": "between", "value": [1]}]}]}, "list of two"),
        ({"filterGroup": [{"filters": [CONDITION | {"operator": "in", "value": [1, "a"]}]}]}, "in compares"),
        ({"filterGroup": [{"filters": [CONDITION | {"operator": "beginsWith", "value": 1}]}]}, "beginsWith compares"),
    ],
)
def test_a_filter_that_is_not_done_is_refused_by_name(wrong: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Filter.of(wrong)


@pytest.mark.parametrize(
    "told",
    [
        "extensions.setSubscriptionFilter({ filterGroup: [] });",
        "extensions.setSubscriptionInvalidationFilter({ filterGroup: [{ filters: [1] }] });",
        "extensions.invalidateSubscriptions({ subscriptionField: 'shouted', payload: {} });",
    ],
)
def test_extensions_are_refused_where_aws_does_not_take_them(told: str) -> None:
    api = definition("type Query { a: Int }", {"Query.a": code(response=f"{told} return 1;")})
    [error] = run(api, "{ a }")["errors"]
    assert error["errorType"] == "Code"
    assert "works in the response handler of a" in error["message"]


def test_a_mutation_invalidates_at_most_five_times() -> None:
    call = "extensions.invalidateSubscriptions({ subscriptionField: 'shouted', payload: {} });"
    sdl = SDL.replace("@aws_api_key @aws_iam", "").replace("@aws_api_key", "")
    for calls, ok in ((5, True), (6, False)):
        api = definition(sdl, {"Mutation.close": code(response=f"{call * calls} return {{ room: '1' }};")})
        answer = run(api, "mutation { close(room: 1) { room } }")
        assert ("errors" not in answer) is ok
