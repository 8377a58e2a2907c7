"""The tables that tests make are the tables that are deployed."""

import json
from collections.abc import Sequence
from dataclasses import astuple

from infra.constructs import Index
from services.dispatch import stack as dispatch
from services.notifications import stack as notifications
from services.orders import stack as orders
from services.partners import stack as partners
from services.tracking import stack as tracking
from tests import tables
from tests.dispatch.conftest import INDEXES as DISPATCH
from tests.infra.templates import Platform
from tests.notifications.made import INDEXES as NOTIFICATIONS
from tests.orders.conftest import INDEXES as ORDERS
from tests.partners.made import INDEXES as PARTNERS


def made(indexes: Sequence[Index]) -> tuple[tables.Index, ...]:
    return tuple(tables.Index(*astuple(index)) for index in indexes)


def test_the_indexes_of_each_service_are_those_that_its_tests_use() -> None:
    assert made(dispatch.INDEXES) == DISPATCH
    assert made(notifications.INDEXES) == NOTIFICATIONS
    assert made(orders.INDEXES) == ORDERS
    assert made(partners.INDEXES) == PARTNERS


def test_an_index_of_keys_is_deployed_as_one(prod: Platform) -> None:
    deployed = {
        f"{table.stack}/{index['IndexName']}"
        for table in prod.all("AWS::DynamoDB::Table")
        for index in table.properties.get("GlobalSecondaryIndexes", ())
        if index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    }
    assert deployed == {"delivery-dispatch/roster-index", "delivery-notifications/order-index"}


def test_outboxes_are_called_for_what_may_concern_somebody(prod: Platform) -> None:
    filtered = {
        mapping.stack: [
            json.loads(each["Pattern"])["dynamodb"] for each in mapping.properties["FilterCriteria"]["Filters"]
        ]
        for mapping in prod.all("AWS::Lambda::EventSourceMapping")
        if "FilterCriteria" in mapping.properties
    }
    assert filtered == {
        "delivery-dispatch": [dispatch.CONCERNS_SOMEBODY],
        "delivery-tracking": list(tracking.CONCERNS_SOMEBODY),
        "delivery-notifications": list(notifications.MAKES_EVENTS),
    }
