"""Queries of large partitions find what DynamoDB would, and read their condition once."""

from typing import Any

import pytest

from local.aws import Aws
from local.cloud import conditions

TEXT = "pk = :pk AND sk BETWEEN :low AND :high"


def item(number: int) -> dict[str, Any]:
    return {"pk": {"S": "all"}, "sk": {"S": f"{number:03d}"}, "number": {"N": str(number)}}


def asked(text: str, values: dict[str, Any], names: dict[str, str] | None = None) -> tuple[list[str], int]:
    """The sort keys of those of twenty items that the condition holds for, and how often the text was read."""
    read: list[str] = []

    def evaluate(expr: str, _item: Any, _values: Any, _names: Any, slot: str = "") -> bool:
        read.append(f"{slot}: {expr}")
        return False

    again = conditions._asked_again(evaluate)
    names = names or {}
    again(text, item(0), values, names, slot="KeyConditionExpression")
    found = [each for each in map(item, range(20)) if again(text, each, values, names, slot="KeyConditionExpression")]
    return [each["sk"]["S"] for each in found], len(read)


BOUNDS = {":pk": {"S": "all"}, ":low": {"S": "003"}, ":high": {"S": "005"}}


@pytest.mark.parametrize(
    ("text", "values", "found"),
    [
        (TEXT, BOUNDS, ["003", "004", "005"]),
        (f"({TEXT})", BOUNDS, ["003", "004", "005"]),
        ("pk = :pk and sk between :low and :high", BOUNDS, ["003", "004", "005"]),
        ("pk = :pk AND sk < :high", BOUNDS, ["000", "001", "002", "003", "004"]),
        ("pk = :pk AND sk >= :low AND sk <= :high", BOUNDS, ["003", "004", "005"]),
        ("pk = :pk AND begins_with(sk, :begin)", {**BOUNDS, ":begin": {"S": "01"}}, [f"01{n}" for n in range(10)]),
        ("pk = :pk AND missing < :high", BOUNDS, []),
        ("pk = :pk", {":pk": {"S": "others"}}, []),
    ],
)
def test_a_key_condition_is_read_for_the_first_item_alone(text: str, values: dict[str, Any], found: list[str]) -> None:
    assert asked(text, values) == (found, 1)


def test_names_stand_for_attributes() -> None:
    assert asked("#p = :pk AND #s = :low", BOUNDS, {"#p": "pk", "#s": "sk"}) == (["003"], 1)


@pytest.mark.parametrize(
    "text",
    [
        "pk = :pk AND NOT sk = :low",
        "(pk = :pk) AND (sk = :low)",
        "pk = :pk AND number < :n",
        "pk = :pk AND sk BETWEEN :low AND :n",
        "pk = :pk AND contains(sk, :low)",
    ],
)
def test_what_is_of_no_known_form_is_left_to_ministack(text: str) -> None:
    assert asked(text, {**BOUNDS, ":n": {"N": "2"}}) == ([], 21)


def test_keys_are_sorted_as_ministack_sorts_them_but_for_text() -> None:
    sorted_by = conditions._text_at_once(lambda value, kind: (value, kind))
    assert sorted_by({"S": "b"}, "S") == "b"
    for value, kind in (({"N": "2"}, "N"), ({"B": "Ag=="}, "B"), (None, "S"), ({"N": "2"}, "S")):
        assert sorted_by(value, kind) == (value, kind)


def test_the_next_request_is_another_question() -> None:
    again, names = conditions._asked_again(lambda *_, **__: False), dict[str, str]()
    for high, found in (("005", True), ("003", False)):
        values = {**BOUNDS, ":high": {"S": high}}
        again(TEXT, item(0), values, names, slot="KeyConditionExpression")
        assert again(TEXT, item(4), values, names, slot="KeyConditionExpression") is found


@pytest.mark.local_cloud
def test_a_query_finds_a_range_in_its_order(aws: Aws, name: str) -> None:
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for number in range(12):
        dynamodb.put_item(TableName=name, Item=item(number))
    page = dynamodb.query(
        TableName=name,
        KeyConditionExpression=TEXT,
        ExpressionAttributeValues=BOUNDS,
        ScanIndexForward=False,
        Limit=2,
    )
    assert [each["sk"]["S"] for each in page["Items"]] == ["005", "004"]
    for wrong in ("pk = :pk AND sk BETWEEN :high AND :low", "pk = :pk AND sk <> :low", "pk = :pk AND sk = :unknown"):
        with pytest.raises(dynamodb.exceptions.ClientError, match="ValidationException"):
            dynamodb.query(TableName=name, KeyConditionExpression=wrong, ExpressionAttributeValues=BOUNDS)
