"""What resolvers ask of DynamoDB and what they get: AWS AppSync Developer Guide, "AWS AppSync JavaScript resolver
function reference for DynamoDB". The answers are those of moto and of Amazon's DynamoDB Local.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from local.appsync.dynamodb import DynamoDB
from local.appsync.dynamodb.results import SourceResult
from local.appsync.errors import FieldFailedError
from tests.local.appsync.made import TABLE
from tests.tables import Engine, Index, contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

Ask = Callable[..., SourceResult]
FAILED = "DynamoDB:ConditionalCheckFailedException"


@pytest.fixture
def table(engine: Engine) -> "Iterator[Table]":
    with engine.table("things", (Index("by-kind", "kind", "sk"),)) as table:
        yield table


@pytest.fixture
def ask(engine: Engine, table: "Table") -> Iterator[Ask]:
    dynamodb = DynamoDB(engine.endpoint)

    def ask(operation: str, resolver: str = "Query.things", **request: Any) -> SourceResult:
        return dynamodb.call(TABLE, {"operation": operation, **request}, resolver)

    yield ask
    dynamodb.close()


def key(pk: str, sk: str = "-") -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def put(ask: Ask, pk: str, sk: str = "-", **values: Any) -> None:
    ask("PutItem", key=key(pk, sk), attributeValues=values)


EXISTS = {"expression": "attribute_exists(pk)"}
NEW = {"expression": "attribute_not_exists(pk)"}


def test_typed_values_come_back_as_plain_json(ask: Ask) -> None:
    put(
        ask,
        "a",
        text={"S": "x"},
        whole={"N": 12},
        fraction={"N": "-0.5"},
        yes={"BOOL": True},
        nothing={"NULL": None},
        list={"L": [{"N": 1}, {"M": {"deep": {"S": "y"}}}]},
        set={"SS": ["b", "a"]},
        numbers={"NS": [2]},
        bytes={"B": "aGk="},
    )
    item = ask("GetItem", key=key("a"), consistentRead=True).result
    assert sorted(item.pop("set")) == ["a", "b"]
    assert item == {
        "pk": "a",
        "sk": "-",
        "text": "x",
        "whole": 12,
        "fraction": -0.5,
        "yes": True,
        "nothing": None,
        "list": [1, {"deep": "y"}],
        "numbers": [2],
        "bytes": "aGk=",
    }


def test_an_item_that_is_not_there_is_null_and_no_error(ask: Ask) -> None:
    assert ask("GetItem", key=key("a")) == SourceResult(None, None)


def test_a_projection_holds_only_what_was_asked_for(ask: Ask) -> None:
    put(ask, "a", name={"S": "x"}, other={"S": "y"})
    found = ask("GetItem", key=key("a"), projection={"expression": "#n", "expressionNames": {"#n": "name"}})
    assert found.result == {"name": "x"}


def test_a_put_returns_the_item_and_a_failed_one_the_item_as_it_stands(ask: Ask) -> None:
    first = ask("PutItem", key=key("a"), attributeValues={"n": {"N": 1}}, condition=NEW)
    assert first == SourceResult({"pk": "a", "sk": "-", "n": 1}, None)
    second = ask("PutItem", key=key("a"), attributeValues={"n": {"N": 2}}, condition=NEW)
    assert second.error is not None
    assert (second.error.type, second.result) == (FAILED, {"pk": "a", "sk": "-", "n": 1})


def test_a_failed_put_of_what_is_there_already_is_a_success(ask: Ask) -> None:
    put(ask, "a", n={"N": 1}, at={"N": 1})
    same = {"n": {"N": 1}, "at": {"N": 1}}
    assert ask("PutItem", key=key("a"), attributeValues=same, condition=NEW).error is None
    later = {"n": {"N": 1}, "at": {"N": 2}}
    assert ask("PutItem", key=key("a"), attributeValues=later, condition=NEW).error is not None
    ignoring = ask("PutItem", key=key("a"), attributeValues=later, condition=NEW | {"equalsIgnore": ["at"]})
    assert ignoring == SourceResult({"pk": "a", "sk": "-", "n": 1, "at": 1}, None)


INCREMENT = {
    "expression": "SET #n = #n + :one",
    "expressionNames": {"#n": "n"},
    "expressionValues": {":one": {"N": 1}},
}


def test_an_update_returns_the_whole_item_after_it(ask: Ask) -> None:
    put(ask, "a", n={"N": 1}, other={"S": "x"})
    found = ask("UpdateItem", key=key("a"), update=INCREMENT, condition=EXISTS)
    assert found == SourceResult({"pk": "a", "sk": "-", "n": 2, "other": "x"}, None)


def test_a_failed_update_gives_the_item_as_it_stands_and_never_passes_for_a_success(ask: Ask, table: "Table") -> None:
    put(ask, "a", n={"N": 1})
    unmet = {"expression": "#n = :two", "expressionValues": {":two": {"N": 2}}}
    found = ask("UpdateItem", key=key("a"), update=INCREMENT, condition=unmet)
    assert found.error is not None
    assert (found.error.type, found.result) == (FAILED, {"pk": "a", "sk": "-", "n": 1})
    none = ask("UpdateItem", key=key("b"), update=INCREMENT, condition=EXISTS)
    assert none.error is not None
    assert (none.error.type, none.result) == (FAILED, None)
    assert contents(table) == {("a", "-"): {"pk": "a", "sk": "-", "n": 1}}


def test_a_delete_returns_the_item_it_deleted_and_is_done_if_there_is_none(ask: Ask) -> None:
    put(ask, "a", n={"N": 1})
    unmet = {"expression": "n = :two", "expressionValues": {":two": {"N": 2}}}
    refused = ask("DeleteItem", key=key("a"), condition=unmet)
    assert refused.error is not None
    assert (refused.error.type, refused.result) == (FAILED, {"pk": "a", "sk": "-", "n": 1})
    assert ask("DeleteItem", key=key("a"), condition=EXISTS).result == {"pk": "a", "sk": "-", "n": 1}
    assert ask("DeleteItem", key=key("a"), condition=EXISTS) == SourceResult(None, None)


def pages(ask: Ask, **request: Any) -> list[list[str]]:
    found, token = [], None
    while True:
        page = ask("Query", nextToken=token, **request).result
        found.append([item["sk"] for item in page["items"]])
        token = page["nextToken"]
        if token is None:
            return found


OF_A = {"expression": "pk = :pk", "expressionValues": {":pk": {"S": "a"}}}


def test_a_query_is_read_page_by_page_to_a_null_token(ask: Ask) -> None:
    for number in range(5):
        put(ask, "a", str(number), kind={"S": "k"})
    put(ask, "b", "9", kind={"S": "k"})
    assert pages(ask, query=OF_A) == [["0", "1", "2", "3", "4"]]
    assert pages(ask, query=OF_A, limit=2) == [["0", "1"], ["2", "3"], ["4"]]
    assert pages(ask, query=OF_A, limit=3, scanIndexForward=False) == [["4", "3", "2"], ["1", "0"]]
    kind = {"expression": "kind = :k", "expressionValues": {":k": {"S": "k"}}}
    assert pages(ask, query=kind, index="by-kind", limit=4) == [["0", "1", "2", "3"], ["4", "9"]]


def test_a_filter_is_applied_after_the_limit(ask: Ask) -> None:
    for number in range(4):
        put(ask, "a", str(number), n={"N": number})
    odd = {"expression": "n IN (:one, :three)", "expressionValues": {":one": {"N": 1}, ":three": {"N": 3}}}
    page = ask("Query", query=OF_A, filter=odd, limit=2).result
    assert ([item["sk"] for item in page["items"]], page["scannedCount"]) == (["1"], 2)
    assert page["nextToken"] is not None


def test_a_token_is_opaque_and_good_for_its_own_resolver_alone(ask: Ask) -> None:
    for number in range(3):
        put(ask, "secret-key", str(number))
    query = {"expression": "pk = :pk", "expressionValues": {":pk": {"S": "secret-key"}}}
    token = ask("Query", query=query, limit=1).result["nextToken"]
    assert "secret" not in token
    for resolver, shown in (("Query.others", token), ("Query.things", token[:-4] + "AAA="), ("Query.things", "1")):
        with pytest.raises(FieldFailedError, match="Invalid pagination token given") as refused:
            ask("Query", resolver, query=query, nextToken=shown)
        assert refused.value.error.error_type == "BadRequestException"


def write(operation: str, pk: str, **parts: Any) -> dict[str, Any]:
    return {"table": "things", "operation": operation, "key": key(pk), **parts}


def test_a_transaction_does_all_its_writes_and_returns_their_keys(ask: Ask, table: "Table") -> None:
    put(ask, "update", n={"N": 1})
    put(ask, "delete")
    found = ask(
        "TransactWriteItems",
        transactItems=[
            write("PutItem", "put", attributeValues={"n": {"N": 5}}, condition=NEW),
            write("UpdateItem", "update", update=INCREMENT, condition=EXISTS),
            write("DeleteItem", "delete"),
            write("ConditionCheck", "checked", condition=NEW),
        ],
    )
    keys = [{"pk": name, "sk": "-"} for name in ("put", "update", "delete", "checked")]
    assert found == SourceResult({"keys": keys, "cancellationReasons": None}, None)
    assert {pk: row["n"] for (pk, _), row in contents(table).items()} == {"put": 5, "update": 2}


def test_a_cancelled_transaction_says_why_for_each_write_in_order_and_does_none(ask: Ask, table: "Table") -> None:
    put(ask, "there", n={"N": 1})
    silent = NEW | {"returnValuesOnConditionCheckFailure": False}
    found = ask(
        "TransactWriteItems",
        transactItems=[
            write("PutItem", "fine"),
            write("PutItem", "there", condition=NEW),
            write("UpdateItem", "missing", update=INCREMENT, condition=EXISTS),
        ],
    )
    assert found.error is not None
    assert found.error.type == "DynamoDB:TransactionCanceledException"
    assert found.result["keys"] is None
    reasons = found.result["cancellationReasons"]
    assert [reason["type"] for reason in reasons] == ["None", "ConditionalCheckFailed", "ConditionalCheckFailed"]
    assert [reason["item"] for reason in reasons] == [None, {"pk": "there", "sk": "-", "n": 1}, None]
    hidden = ask("TransactWriteItems", transactItems=[write("PutItem", "there", condition=silent)])
    assert hidden.result["cancellationReasons"][0]["item"] is None
    assert list(contents(table)) == [("there", "-")]


def test_many_items_come_in_the_order_of_their_keys_with_null_for_those_that_are_not_there(ask: Ask) -> None:
    put(ask, "a")
    put(ask, "b")
    wanted, expected = ("b", "missing", "a"), [{"pk": "b", "sk": "-"}, None, {"pk": "a", "sk": "-"}]
    batch = ask("BatchGetItem", tables={"things": {"keys": [key(pk) for pk in wanted]}})
    assert batch.result == {"data": {"things": expected}, "unprocessedKeys": {}}
    reads = [{"table": "things", "key": key(pk)} for pk in wanted]
    assert ask("TransactGetItems", transactItems=reads).result["items"] == expected


def test_what_dynamodb_refuses_is_the_resolvers_error_to_handle(ask: Ask) -> None:
    broken = ask("UpdateItem", key=key("a"), update={"expression": "SET"})
    assert broken.error is not None
    assert (broken.result, broken.error.type) == (None, "DynamoDB:DynamoDbException")
    assert "(Service: DynamoDb, Status Code: 400, Request ID: " in broken.error.message


@pytest.mark.parametrize("engine", [pytest.param("dynamodb-local", marks=pytest.mark.dynamodb_local)], indirect=True)
def test_a_value_that_no_expression_uses_is_refused(ask: Ask) -> None:
    unused = ask("PutItem", key=key("a"), condition=NEW | {"expressionValues": {":unused": {"S": "x"}}})
    assert unused.error is not None
    assert "unused in expressions" in unused.error.message


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"operation": "GetItem"}, r"Value for field '\$\[key\]' not found."),
        ({"operation": "GetItem", "key": None}, r"Value for field '\$\[key\]' not found."),
        ({"operation": "GetItem", "key": key("a"), "keys": []}, r"Unsupported element '\$\[keys\]'."),
        ({"operation": "GetItem", "key": {"pk": "a"}}, r"typed DynamoDB value at '\$\[key\]\[pk\]'"),
        ({"operation": "GetItem", "key": {"pk": {"X": "a"}}}, "type 'X'"),
        ({"operation": "GetItem", "key": {"pk": {"S": 1}}}, "type 'S'"),
        ({"operation": "PutItem", "key": key("a"), "attributeValues": {"n": {"N": True}}}, "Expected a number"),
        ({"operation": "PutItem", "key": key("a"), "attributeValues": {"b": {"B": "?"}}}, "Expected base64"),
        ({"operation": "UpdateItem", "key": key("a"), "update": {"expresion": "SET"}}, r"\[update\]\[expresion\]"),
        ({"operation": "Query", "query": OF_A, "limits": 1}, r"Unsupported element '\$\[limits\]'."),
        ({"operation": "FlyItem"}, "Unsupported operation 'FlyItem'."),
        ({}, r"Value for field '\$\[operation\]' not found."),
    ],
    ids=str,
)
def test_a_request_that_appsync_would_not_send_fails_the_field(request_: dict[str, Any], message: str) -> None:
    with pytest.raises(FieldFailedError, match=message) as refused:
        DynamoDB("http://127.0.0.1:1").call(TABLE, request_, "Query.things")
    assert refused.value.error.error_type == "MappingTemplate"


def test_a_placeholder_means_one_thing_in_a_request() -> None:
    condition = {"expression": "#n = :one", "expressionNames": {"#n": "other"}, "expressionValues": {":one": {"N": 1}}}
    request = {"operation": "UpdateItem", "key": key("a"), "update": INCREMENT, "condition": condition}
    with pytest.raises(FieldFailedError, match=r"'#n' at .* has two meanings"):
        DynamoDB("http://127.0.0.1:1").call(TABLE, request, "Query.things")


def test_a_custom_handler_of_failed_conditions_is_refused_as_not_done() -> None:
    condition = NEW | {"conditionalCheckFailedHandler": {"strategy": "Custom", "lambdaArn": "arn"}}
    with pytest.raises(FieldFailedError, match=r"'Custom' .* not done locally"):
        DynamoDB("http://127.0.0.1:1").call(
            TABLE, {"operation": "PutItem", "key": key("a"), "condition": condition}, "Mutation.put"
        )
