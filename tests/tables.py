"""A service's table on moto."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import boto3
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


def create_table(resource: Any, name: str, indexes: Sequence[tuple[str, str, str]]) -> "Table":
    """A table as infra/constructs.py defines it, on moto or on DynamoDB Local. `indexes`: (name, partition, sort)."""
    attributes = {"pk", "sk"} | {part for _, *keys in indexes for part in keys}
    arguments: dict[str, Any] = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _key("pk", "sk"),
        "AttributeDefinitions": [{"AttributeName": a, "AttributeType": "S"} for a in sorted(attributes)],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    }
    if indexes:
        arguments["GlobalSecondaryIndexes"] = [
            {"IndexName": index, "KeySchema": _key(partition, sort), "Projection": {"ProjectionType": "ALL"}}
            for index, partition, sort in indexes
        ]
    table: Table = resource.create_table(**arguments)
    return table


def _key(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


@contextmanager
def moto_table(name: str, indexes: Sequence[tuple[str, str, str]]) -> Iterator["Table"]:
    with mock_aws():
        yield create_table(boto3.resource("dynamodb"), name, indexes)


def stored(row: dict[str, Any]) -> dict[str, Any]:
    """`row` with its numbers as boto3 wants them."""
    item: dict[str, Any] = json.loads(json.dumps(row), parse_float=Decimal)
    return item
