"""The orders table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.tables import Engine, Index

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

INDEXES = (
    Index("customer-index", "customer_id", "placed_key"),
    Index("merchant-index", "merchant_id", "merchant_key"),
    Index("status-index", "status", "placed_key"),
    Index("directory-index", "directory", "directory_key"),
)


@pytest.fixture
def dynamo(engine: Engine) -> "Iterator[Table]":
    with engine.table("delivery-orders", INDEXES) as table:
        yield table
