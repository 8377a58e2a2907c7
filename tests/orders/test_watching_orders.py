"""Subscription.onOrderStatusChanged, from who may subscribe to who is told what."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events import Event
from delivery_events.outbox import Change

from local.appsync.callers import Caller
from services.orders.domain import events_for
from services.orders.pushes import pushes_for
from tests.api import Answer, Api, Watching
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

FIELD = "onOrderStatusChanged"
BY_ORDER = {"orderId": ORDER_ID}
ASSIGNED = confirmed(status="ASSIGNED", driver_id="driver-1", sequence=3, occurred_at="2026-01-05T18:33:00.000Z")
DROPPED = confirmed(sequence=4, occurred_at="2026-01-05T18:34:00.000Z")
AGAIN = confirmed(status="ASSIGNED", driver_id="driver-2", sequence=5, occurred_at="2026-01-05T18:35:00.000Z")
PICKED_UP = AGAIN | {"status": "PICKED_UP", "sequence": 6}


def watch(api: Api, who: Caller, **arguments: str) -> Watching:
    watching = api.subscribe(who, FIELD, **arguments)
    assert isinstance(watching, Watching), watching
    return watching


def tell(api: Api, *rows: dict[str, Any] | None) -> None:
    """What the outbox does for each change from one of these rows to the next."""
    for old, new in pairwise(rows):
        events: list[Event[Any]] = events_for(old, new) if old or "merchant_key" in (new or {}) else []
        for push in pushes_for(Change(old, new), events):
            api.publish(push)


@pytest.mark.parametrize(
    ("who", "arguments"),
    [
        (CUSTOMER, BY_ORDER),
        (CUSTOMER, {"customerId": "customer-1"}),
        (MERCHANT, BY_ORDER),
        (MERCHANT, {"merchantId": "merchant-1"}),
        (OPERATOR, BY_ORDER),
        (OPERATOR, {"customerId": "customer-1"}),
        (OPERATOR, {"merchantId": "merchant-1"}),
    ],
)
def test_whom_an_order_concerns_hears_of_each_of_its_changes(
    api: Api, dynamo: "Table", who: Caller, arguments: dict[str, str]
) -> None:
    dynamo.put_item(Item=stored(order()))
    watching = watch(api, who, **arguments)
    tell(api, None, order(), confirmed(), ASSIGNED, DROPPED, AGAIN, PICKED_UP)
    assert [each["status"] for each in watching.received] == [
        *("PENDING", "CONFIRMED", "ASSIGNED", "CONFIRMED", "ASSIGNED", "PICKED_UP"),
    ]
    assert [each["sequence"] for each in watching.received] == [1, 2, 3, 4, 5, 6]
    assert watching.received[2] | BY_ORDER == {
        **BY_ORDER,
        "status": "ASSIGNED",
        "reason": None,
        "customerId": "customer-1",
        "merchantId": "merchant-1",
        "driverId": "driver-1",
        "formerDriverId": None,
        "at": "2026-01-05T18:33:00.000Z",
        "expectedReadyAt": "2026-01-05T18:50:00.000Z",
        "readyAt": None,
        "promisedAt": None,
        "cancelRequestedAt": None,
        "sequence": 3,
    }


def test_nobody_hears_of_other_orders(api: Api, dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(order()))
    watching = [watch(api, CUSTOMER, **BY_ORDER), watch(api, OTHER_CUSTOMER, customerId="customer-2")]
    other = {"pk": "ORDER#other", "order_id": "other", "customer_id": "customer-3"}
    tell(api, order() | other, confirmed() | other)
    assert [each.received for each in watching] == [[], []]


@pytest.mark.parametrize("arguments", [BY_ORDER, {"driverId": "driver-1"}])
def test_a_driver_hears_of_an_order_until_it_is_somebody_elses(
    api: Api, dynamo: "Table", arguments: dict[str, str]
) -> None:
    dynamo.put_item(Item=stored(ASSIGNED))
    watching = watch(api, DRIVER, **arguments)
    tell(api, confirmed(), ASSIGNED, DROPPED, AGAIN, PICKED_UP)
    assert [each["status"] for each in watching.received] == ["ASSIGNED", "CONFIRMED"]
    assert watching.received[-1]["formerDriverId"] == "driver-1"
    assert watching.ended is (arguments == BY_ORDER)  # another order may be the driver's next


NOT_FOUND = {
    "orderId": Answer(None, "NotFound", "Order not found"),
    "driverId": Answer(None, "NotFound", "Driver not found"),
    "customerId": Answer(None, "NotFound", "Customer not found"),
    "merchantId": Answer(None, "NotFound", "Merchant not found"),
}


@pytest.mark.parametrize("who", [OTHER_CUSTOMER, OTHER_DRIVER, OTHER_MERCHANT, NO_MERCHANT])
def test_strangers_are_refused_as_if_there_were_nothing(api: Api, dynamo: "Table", who: Caller) -> None:
    theirs = BY_ORDER | {"driverId": "driver-1", "customerId": "customer-1", "merchantId": "merchant-1"}
    for name, value in theirs.items():
        assert api.subscribe(who, FIELD, **{name: value}) == NOT_FOUND[name]
    dynamo.put_item(Item=stored(ASSIGNED))
    for name, value in theirs.items():
        assert api.subscribe(who, FIELD, **{name: value}) == NOT_FOUND[name]
    assert api.subscribe(who, FIELD, orderId="o" * 5000) == NOT_FOUND["orderId"]


def test_exactly_one_argument_is_taken(api: Api) -> None:
    for arguments in ({}, {"orderId": None}, {"orderId": ORDER_ID, "customerId": "customer-1"}):
        answer = api.subscribe(CUSTOMER, FIELD, **arguments)
        assert isinstance(answer, Answer)
        assert answer.error == "Invalid"
        assert "exactly one of orderId, driverId, customerId, merchantId is needed" in answer.message


def test_a_merchant_never_hears_of_an_order_that_broke_a_rule_and_its_customer_does(api: Api, dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(unjudged()))
    assert api.subscribe(MERCHANT, FIELD, **BY_ORDER) == NOT_FOUND["orderId"]
    merchant, customer = watch(api, MERCHANT, merchantId="merchant-1"), watch(api, CUSTOMER, **BY_ORDER)
    rejected = unjudged(status="REJECTED", reason="OUT_OF_AREA", sequence=2)
    tell(api, None, unjudged(), rejected)
    assert merchant.received == []
    assert [(each["status"], each["reason"], each["merchantId"]) for each in customer.received] == [
        ("REJECTED", "OUT_OF_AREA", None)
    ]


def test_technical_changes_are_no_news() -> None:
    assert pushes_for(Change(unjudged(), order()), []) == []
    assert pushes_for(Change(order(), None), []) == []
    assert pushes_for(Change(None, {"pk": "MERCHANT#m", "sk": "MERCHANT"}), []) == []


def test_a_cancelled_order_says_why() -> None:
    ended = order(status="CANCELLED", cancel_reason="CUSTOMER_REQUEST", sequence=2)
    [push] = pushes_for(Change(order(), ended), [])
    assert push.input["reason"] == "CUSTOMER_REQUEST"
