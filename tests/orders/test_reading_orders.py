"""Who sees which order, and lists that show every order once."""

from typing import TYPE_CHECKING, Any

import pytest

from local.appsync.callers import Caller
from tests.api import Answer, Api
from tests.orders.callers import (
    CUSTOMER,
    DRIVER,
    MERCHANT,
    NO_MERCHANT,
    OPERATOR,
    OTHER_CUSTOMER,
    OTHER_DRIVER,
    OTHER_MERCHANT,
)
from tests.orders.rows import ORDER_ID, confirmed, order
from tests.tables import stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

NOT_FOUND = Answer(None, "NotFound", "Order not found")


@pytest.mark.parametrize(
    ("who", "address"),
    [(CUSTOMER, "1 Example Street"), (DRIVER, "1 Example Street"), (OPERATOR, "1 Example Street"), (MERCHANT, None)],
    ids=["customer", "driver", "operator", "merchant"],
)
def test_an_order_is_shown_to_those_it_concerns(api: Api, dynamo: "Table", who: Caller, address: str | None) -> None:
    dynamo.put_item(Item=stored(confirmed(status="ASSIGNED", driver_id="driver-1")))
    shown = api.call(who, "order", id=ORDER_ID).value
    assert (shown["id"], shown["status"], shown["address"]) == (ORDER_ID, "ASSIGNED", address)


def test_to_others_an_order_cannot_be_told_from_none(api: Api, dynamo: "Table") -> None:
    assert api.call(CUSTOMER, "order", id=ORDER_ID) == NOT_FOUND
    dynamo.put_item(Item=stored(confirmed(status="ASSIGNED", driver_id="driver-1")))
    for stranger in (OTHER_CUSTOMER, OTHER_DRIVER, OTHER_MERCHANT, NO_MERCHANT):
        assert api.call(stranger, "order", id=ORDER_ID) == NOT_FOUND


def test_an_order_without_a_driver_is_not_the_order_of_every_driver(api: Api, dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(confirmed()))
    assert api.call(DRIVER, "order", id=ORDER_ID) == NOT_FOUND


def numbered(number: int, **changes: Any) -> dict[str, Any]:
    """An order placed in minute `number`."""
    id_, placed = f"order-{number}", f"2026-01-05T18:{number:02}:00.000Z"
    return order(pk=f"ORDER#{id_}", order_id=id_, placed_at=placed, placed_key=f"{placed}#{id_}", **changes)


def pages(api: Api, who: Caller, field: str, **arguments: Any) -> list[list[str]]:
    """The ids of a list's nodes, page by page."""
    found, after = [], None
    while True:
        page = api.call(who, field, after=after, **arguments).value
        found.append([edge["node"]["id"] for edge in page["edges"]])
        assert [page["pageInfo"]["endCursor"]] == [edge["cursor"] for edge in page["edges"]][-1:] or not page["edges"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


LISTS = {
    "myOrders": (CUSTOMER, {}, {"customer_id": "customer-2"}),
    "myMerchantOrders": (MERCHANT, {}, {"merchant_id": "merchant-2"}),
    "orders": (OPERATOR, {"status": "PENDING"}, {"status": "CONFIRMED"}),
}


@pytest.mark.parametrize("field", LISTS)
def test_pages_hold_every_order_of_the_list_once_newest_first(api: Api, dynamo: "Table", field: str) -> None:
    who, arguments, elsewhere = LISTS[field]
    assert pages(api, who, field, first=2, **arguments) == [[]]
    for number in range(1, 6):
        dynamo.put_item(Item=stored(numbered(number)))
    dynamo.put_item(Item=stored(numbered(6, **elsewhere)))
    assert pages(api, who, field, first=2, **arguments) == [
        ["order-5", "order-4"],
        ["order-3", "order-2"],
        ["order-1"],
    ]
    assert pages(api, who, field, first=5, **arguments) == [[f"order-{number}" for number in (5, 4, 3, 2, 1)]]


def test_a_page_starts_after_its_predecessor_whatever_was_placed_or_ended_meanwhile(api: Api, dynamo: "Table") -> None:
    for number in (1, 2, 3):
        dynamo.put_item(Item=stored(numbered(number)))
    first = api.call(OPERATOR, "orders", status="PENDING", first=2).value
    dynamo.put_item(Item=stored(numbered(4)))
    dynamo.put_item(Item=stored(numbered(2, status="CANCELLED")))  # the cursor's own order leaves the list
    after = first["pageInfo"]["endCursor"]
    second = api.call(OPERATOR, "orders", status="PENDING", first=2, after=after).value
    assert [edge["node"]["id"] for edge in second["edges"]] == ["order-1"]


def test_a_page_that_dynamodb_cuts_at_1_mb_is_not_the_last(api: Api, dynamo: "Table") -> None:
    for number in range(1, 10):
        dynamo.put_item(Item=stored(numbered(number, note="n" * 200_000)))
    found = pages(api, CUSTOMER, "myOrders", first=9)
    assert len(found) > 1
    assert [id_ for page in found for id_ in page] == [f"order-{number}" for number in range(9, 0, -1)]


@pytest.mark.parametrize("field", LISTS)
@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_has_1_to_100_entries(api: Api, field: str, first: int) -> None:
    who, arguments, _ = LISTS[field]
    assert api.call(who, field, first=first, **arguments).error == "Invalid"


def test_a_merchant_sees_no_address_in_its_list(api: Api, dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(order()))
    [edge] = api.call(MERCHANT, "myMerchantOrders").value["edges"]
    assert edge["node"]["address"] is None
