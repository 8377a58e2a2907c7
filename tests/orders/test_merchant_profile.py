"""putMerchant writes the profile of the caller's own merchant, which the rules for new orders read."""

from typing import TYPE_CHECKING, Any

import pytest

from services.orders.domain import broken_rule
from services.orders.table import OrdersTable
from tests.api import Api, caller
from tests.orders.callers import CUSTOMER, MERCHANT, NO_MERCHANT
from tests.orders.rows import order
from tests.tables import contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

PROFILE = {
    "name": "Example Kitchen",
    "place": {"lat": 40.44, "lng": -80.0},
    "currency": "USD",
    "deliveryRadiusMetres": 5000,
    "accepting": True,
    "hours": [{"opens": 0, "closes": 10080}],
}


def test_a_profile_is_what_new_orders_are_judged_by(api: Api, dynamo: "Table") -> None:
    assert api.call(MERCHANT, "putMerchant", input=PROFILE).value == {"id": "merchant-1", **PROFILE}
    profile = OrdersTable(dynamo).merchant("merchant-1")
    assert broken_rule(order(), profile) is None
    api.call(MERCHANT, "putMerchant", input=PROFILE | {"accepting": False})
    assert broken_rule(order(), OrdersTable(dynamo).merchant("merchant-1")) is not None


def test_who_takes_orders_is_listed_for_customers(api: Api, dynamo: "Table") -> None:
    other = caller("other", "merchant", custom_merchant_id="merchant-2")
    api.call(MERCHANT, "putMerchant", input=PROFILE)
    api.call(other, "putMerchant", input=PROFILE)
    first = api.call(CUSTOMER, "merchants", first=1).value
    assert [edge["node"] for edge in first["edges"]] == [{"id": "merchant-2", **PROFILE}]
    rest = api.call(CUSTOMER, "merchants", first=1, after=first["pageInfo"]["endCursor"]).value
    assert [edge["node"]["id"] for edge in rest["edges"]] == ["merchant-1"]
    assert not rest["pageInfo"]["hasNextPage"]


def test_an_order_shows_its_merchant_if_there_is_one(api: Api, dynamo: "Table") -> None:
    api.call(MERCHANT, "putMerchant", input=PROFILE | {"accepting": False})
    shown = api.field(CUSTOMER, "Order", "merchant", source={"merchantId": "merchant-1"})
    assert (shown["id"], shown["name"], shown["place"]) == ("merchant-1", PROFILE["name"], PROFILE["place"])
    assert api.field(CUSTOMER, "Order", "merchant", source={"merchantId": "merchant-2"}) is None


def test_who_takes_no_orders_is_not_listed(api: Api, dynamo: "Table") -> None:
    api.call(MERCHANT, "putMerchant", input=PROFILE)
    api.call(MERCHANT, "putMerchant", input=PROFILE | {"accepting": False})
    assert api.call(CUSTOMER, "merchants").value["edges"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"place": {"lat": -91, "lng": 0}},
        {"currency": "US"},
        {"deliveryRadiusMetres": 0},
        {"deliveryRadiusMetres": 100_001},
        {"hours": [{"opens": -1, "closes": 60}]},
        {"hours": [{"opens": 0, "closes": 10_081}]},
        {"hours": [{"opens": 0, "closes": 60}] * 51},
    ],
    ids=str,
)
def test_bad_input_is_refused_before_anything_is_written(api: Api, dynamo: "Table", changes: dict[str, Any]) -> None:
    assert api.call(MERCHANT, "putMerchant", input=PROFILE | changes).error == "Invalid"
    assert contents(dynamo) == {}


def test_an_account_without_a_merchant_has_no_profile(api: Api, dynamo: "Table") -> None:
    assert api.call(NO_MERCHANT, "putMerchant", input=PROFILE).error == "Unauthorized"
    assert contents(dynamo) == {}
