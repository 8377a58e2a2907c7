"""A service's table, on moto or on Amazon's DynamoDB Local."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from delivery_events.outbox import plain
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

REGION = "us-east-1"
MOTO = f"https://dynamodb.{REGION}.amazonaws.com"


class Index(NamedTuple):
    """`partition` and `sort` are attributes of strings. `keys_only`: it holds the keys alone."""

    name: str
    partition: str
    sort: str
    keys_only: bool = False


class Engine:
    """What answers at a DynamoDB endpoint. Tests get both as the fixture `engine`."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._resource: Any = None  # costs more to make than most tests take

    @contextmanager
    def table(self, name: str, indexes: Sequence[Index]) -> Iterator["Table"]:
        """A new table as infra/constructs defines it, which ends with the block."""
        self._resource = self._resource or boto3.resource("dynamodb", endpoint_url=self.endpoint, region_name=REGION)
        table = create_table(self._resource, name, indexes)
        try:
            yield table
        finally:
            table.delete()

    def close(self) -> None:
        if self._resource is not None:
            self._resource.meta.client.close()


def create_table(resource: Any, name: str, indexes: Sequence[Index]) -> "Table":
    attributes = {"pk", "sk"} | {part for index in indexes for part in (index.partition, index.sort)}
    arguments: dict[str, Any] = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _key("pk", "sk"),
        "AttributeDefinitions": [{"AttributeName": a, "AttributeType": "S"} for a in sorted(attributes)],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    }
    if indexes:
        arguments["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index.name,
                "KeySchema": _key(index.partition, index.sort),
                "Projection": {"ProjectionType": "KEYS_ONLY" if index.keys_only else "ALL"},
            }
            for index in indexes
        ]
    table: Table = resource.create_table(**arguments)
    return table


def _key(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


@contextmanager
def moto_table(name: str, indexes: Sequence[Index]) -> Iterator["Table"]:
    """For tests that are about more than what DynamoDB makes of an expression."""
    engine = Engine(MOTO)
    with mock_aws(), closing(engine), engine.table(name, indexes) as table:
        yield table


def stored(row: dict[str, Any]) -> dict[str, Any]:
    """`row` with its numbers as boto3 wants them."""
    item: dict[str, Any] = json.loads(json.dumps(row), parse_float=Decimal)
    return item


def contents(table: "Table") -> dict[tuple[str, str], dict[str, Any]]:
    """All rows of a small table by pk and sk, with plain numbers."""
    items = [plain(item) for item in table.scan(ConsistentRead=True)["Items"]]
    return {(item["pk"], item["sk"]): item for item in items}
