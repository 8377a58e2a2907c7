"""The dispatch table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from services.dispatch.table import DispatchTable
from tests.tables import Engine, Index

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

INDEXES = (
    Index("zone-index", "zone_key", "zone_sk"),
    Index("holder-index", "holder_id", "holder_key"),
    Index("roster-index", "roster", "roster_key", keys_only=True),
)


@pytest.fixture
def dynamo(engine: Engine) -> "Iterator[Table]":
    with engine.table("delivery-dispatch", INDEXES) as table:
        yield table


@pytest.fixture
def orders(engine: Engine) -> "Iterator[Table]":
    with engine.table("delivery-orders", ()) as table:
        yield table


@pytest.fixture
def table(dynamo: "Table") -> DispatchTable:
    return DispatchTable(dynamo)
