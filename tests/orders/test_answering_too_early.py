"""Nobody answers an order before the outbox held it against the rules; its customer may call it off all the same."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.envelope import rfc3339
from delivery_events.outbox import Change

from local.appsync.callers import Caller
from services.orders.placing import Placing
from services.orders.table import OrdersTable
from tests.api import Answer, Api
from tests.orders.callers import CUSTOMER, MERCHANT, OPERATOR
from tests.orders.rows import ORDER_ID, merchant, unjudged
from tests.tables import contents, stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

KEY = (f"ORDER#{ORDER_ID}", "ORDER")
SOON = {"expectedReadyAt": rfc3339(datetime.now(UTC) + timedelta(hours=10))}
TOO_EARLY = Answer(None, "Conflict", "The order was not yet held against the rules; try again")

ANSWERS = [
    (MERCHANT, "confirmOrder", SOON),
    (MERCHANT, "rejectOrder", {"reason": "OUT_OF_STOCK"}),
    (OPERATOR, "updateOrderStatus", {"status": "CONFIRMED", **SOON}),
    (OPERATOR, "updateOrderStatus", {"status": "REJECTED"}),
]


def judge(dynamo: "Table", profile: dict[str, Any]) -> list[str]:
    """What the outbox announces when the stream brings it the new order."""
    dynamo.put_item(Item=stored(profile))
    events = Placing(OrdersTable(dynamo), now=lambda: datetime.now(UTC)).decide(Change(None, unjudged()))
    return [event.metadata.type for event in events]


@pytest.mark.parametrize(("who", "mutation", "arguments"), ANSWERS)
def test_an_answer_that_comes_before_the_judgement_is_refused_and_holds_after_it(
    api: Api, dynamo: "Table", who: Caller, mutation: str, arguments: dict[str, Any]
) -> None:
    dynamo.put_item(Item=stored(unjudged()))
    assert api.call(who, mutation, orderId=ORDER_ID, **arguments) == TOO_EARLY
    assert contents(dynamo) == {KEY: unjudged()}
    assert judge(dynamo, merchant()) == ["order.placed"]
    assert api.call(who, mutation, orderId=ORDER_ID, **arguments).error is None
    assert judge(dynamo, merchant(accepting=False)) == ["order.placed"]  # the same event: the stream came twice


@pytest.mark.parametrize(("who", "mutation", "arguments"), ANSWERS[:3])
def test_an_order_that_broke_a_rule_cannot_be_answered_any_more(
    api: Api, dynamo: "Table", who: Caller, mutation: str, arguments: dict[str, Any]
) -> None:
    dynamo.put_item(Item=stored(unjudged()))
    assert judge(dynamo, merchant(delivery_radius_m=1)) == []
    assert api.call(who, mutation, orderId=ORDER_ID, **arguments).error == "Conflict"
    assert judge(dynamo, merchant()) == []
    assert contents(dynamo)[KEY]["reason"] == "OUT_OF_AREA"


@pytest.mark.parametrize(
    ("who", "mutation", "arguments"),
    [(CUSTOMER, "cancelOrder", {}), (OPERATOR, "updateOrderStatus", {"status": "CANCELLED"})],
)
def test_an_order_can_be_called_off_before_the_judgement(
    api: Api, dynamo: "Table", who: Caller, mutation: str, arguments: dict[str, Any]
) -> None:
    dynamo.put_item(Item=stored(unjudged()))
    assert api.call(who, mutation, orderId=ORDER_ID, **arguments).value["status"] == "CANCELLED"
    assert judge(dynamo, merchant()) == ["order.placed"]  # its end is told by an event of its own
    assert contents(dynamo)[KEY]["status"] == "CANCELLED"
