"""Who sees which order, and lists that show every order once."""

from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.orders import OrderStatus

from local.appsync.callers import Caller
from services.orders.domain import TERMINAL
from services.orders.table import OrdersTable
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
from tests.orders.rows import ORDER_ID, confirmed, order, unjudged
from tests.tables import stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

NOT_FOUND = Answer(None, "NotFound", "Order not found")
WHERE, NOWHERE = ("1 Example Street", {"lat": 40.45, "lng": -80.0}), (None, None)


@pytest.mark.parametrize(
    ("who", "where"),
    [(CUSTOMER, WHERE), (DRIVER, WHERE), (OPERATOR, WHERE), (MERCHANT, NOWHERE)],
    ids=["customer", "driver", "operator", "merchant"],
)
def test_an_order_is_shown_to_those_it_concerns(api: Api, dynamo: "Table", who: Caller, where: Any) -> None:
    dynamo.put_item(Item=stored(confirmed(status="ASSIGNED", driver_id="driver-1", note="Ring twice")))
    shown = api.call(who, "order", id=ORDER_ID).value
    assert (shown["id"], shown["status"], shown["note"]) == (ORDER_ID, "ASSIGNED", "Ring twice")
    assert (shown["address"], shown["dropoff"]) == where


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_a_driver_forgets_where_an_order_went_once_it_has_ended(api: Api, dynamo: "Table", status: OrderStatus) -> None:
    dynamo.put_item(Item=stored(confirmed(status=status.value, driver_id="driver-1", note="Ring twice")))
    shown = api.call(DRIVER, "order", id=ORDER_ID).value
    assert (shown["status"], shown["note"], shown["address"], shown["dropoff"]) == (status, None, *NOWHERE)
    for who in (CUSTOMER, OPERATOR):
        shown = api.call(who, "order", id=ORDER_ID).value
        assert (shown["note"], shown["address"], shown["dropoff"]) == ("Ring twice", *WHERE)


def test_a_merchant_gets_an_order_once_it_is_held_to_meet_the_rules(api: Api, dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(unjudged()))
    assert api.call(MERCHANT, "order", id=ORDER_ID) == NOT_FOUND
    assert pages(api, MERCHANT, "myMerchantOrders") == [[]]
    assert pages(api, CUSTOMER, "myOrders") == [[ORDER_ID]]
    OrdersTable(dynamo).admit(ORDER_ID)
    assert api.call(MERCHANT, "order", id=ORDER_ID).value["status"] == "PENDING"
    assert pages(api, MERCHANT, "myMerchantOrders") == [[ORDER_ID]]


def test_an_id_that_is_longer_than_any_is_not_found(api: Api, dynamo: "Table") -> None:
    assert api.call(CUSTOMER, "order", id="o" * 5000) == NOT_FOUND


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
    key = f"{placed}#{id_}"
    return order(pk=f"ORDER#{id_}", order_id=id_, placed_at=placed, placed_key=key, merchant_key=key, **changes)


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


@pytest.mark.parametrize("field", LISTS)
@pytest.mark.parametrize("after", ["2" * 201, "2026-01-05T18:30:00.000Z#\N{SNOWMAN}", "2" * 5000])
def test_what_cannot_be_a_cursor_is_refused(api: Api, field: str, after: str) -> None:
    who, arguments, _ = LISTS[field]
    answer = api.call(who, field, after=after, **arguments)
    assert (answer.error, answer.message) == ("Invalid", "after is not a cursor of this list")


def test_a_merchant_sees_in_its_list_not_where_orders_go(api: Api, dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(order()))
    [edge] = api.call(MERCHANT, "myMerchantOrders").value["edges"]
    assert (edge["node"]["address"], edge["node"]["dropoff"]) == NOWHERE
