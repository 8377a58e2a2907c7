"""The partners table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.partners.made import INDEXES
from tests.tables import Engine

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


@pytest.fixture
def dynamo(engine: Engine) -> "Iterator[Table]":
    with engine.table("delivery-partners", INDEXES) as table:
        yield table
