"""Every mutation of an existing order is one conditional write, held against domain.TRANSITIONS."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from delivery_events import Event
from delivery_events.envelope import rfc3339
from delivery_events.orders import (
    OrderCancelled,
    OrderCancelRequested,
    OrderConfirmed,
    OrderReady,
    OrderRejected,
    OrderStatus,
)
from delivery_events.outbox import Change

from local.appsync.callers import Caller
from services.orders.domain import TRANSITIONS
from services.orders.placing import Placing
from services.orders.pushes import pushes_for
from services.orders.table import OrdersTable
from tests.api import Api
from tests.orders.callers import CUSTOMER, MERCHANT, NO_MERCHANT, OPERATOR, OTHER_CUSTOMER, OTHER_MERCHANT
from tests.orders.rows import ORDER_ID, confirmed, merchant, order
from tests.tables import contents, stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SOON = rfc3339(datetime.now(UTC) + timedelta(hours=10))
LATER = rfc3339(datetime.now(UTC) + timedelta(hours=11))
PROMISED = rfc3339(datetime.now(UTC) + timedelta(hours=10, minutes=30))
TOO_LATE = rfc3339(datetime.now(UTC) + timedelta(hours=25))
DAYS_LATER = rfc3339(datetime.now(UTC) + timedelta(hours=35))
KEY = (f"ORDER#{ORDER_ID}", "ORDER")


@dataclass(frozen=True)
class Call:
    """A call, the trigger it is in domain.TRANSITIONS, and who may not make it."""

    who: Caller
    mutation: str
    trigger: str
    arguments: dict[str, Any] = field(default_factory=dict)
    stranger: Caller | None = None

    def __str__(self) -> str:
        return f"{self.mutation} {self.arguments.get('status', '')}".strip()

    @property
    def sources(self) -> set[OrderStatus]:
        return {source for each in TRANSITIONS if each.trigger == self.trigger for source in each.sources}


CONFIRM = Call(MERCHANT, "confirmOrder", "confirmOrder", {"expectedReadyAt": SOON}, OTHER_MERCHANT)
PROMISE = Call(
    MERCHANT, "confirmOrder", "confirmOrder", {"expectedReadyAt": SOON, "promisedAt": PROMISED}, OTHER_MERCHANT
)
REJECT = Call(MERCHANT, "rejectOrder", "rejectOrder", {"reason": "OUT_OF_STOCK"}, OTHER_MERCHANT)
MARK_READY = Call(MERCHANT, "markOrderReady", "markOrderReady", stranger=OTHER_MERCHANT)
CANCEL = Call(CUSTOMER, "cancelOrder", "cancelOrder", stranger=OTHER_CUSTOMER)
OPERATORS = {
    "CONFIRMED": Call(OPERATOR, "updateOrderStatus", "confirmOrder", {"status": "CONFIRMED", "expectedReadyAt": SOON}),
    "REJECTED": Call(OPERATOR, "updateOrderStatus", "rejectOrder", {"status": "REJECTED"}),
    "READY": Call(OPERATOR, "updateOrderStatus", "markOrderReady", {"status": "READY"}),
    "CANCELLED": Call(OPERATOR, "updateOrderStatus", "cancelOrder", {"status": "CANCELLED"}),
}
OPERATORS_PROMISE = Call(
    OPERATOR,
    "updateOrderStatus",
    "confirmOrder",
    {"status": "CONFIRMED", "expectedReadyAt": SOON, "promisedAt": PROMISED},
)
OWNED = (CONFIRM, PROMISE, REJECT, MARK_READY, CANCEL)
ALL = (*OWNED, *OPERATORS.values())


def make(api: Api, change: Call, who: Caller | None = None) -> Any:
    return api.call(who or change.who, change.mutation, orderId=ORDER_ID, **change.arguments)


def in_status(status: OrderStatus) -> dict[str, Any]:
    driver = "driver-1" if status is OrderStatus.ASSIGNED else None
    return order() if status is OrderStatus.PENDING else confirmed(status=status.value, driver_id=driver)


def events_of(dynamo: "Table", before: dict[str, Any], after: dict[str, Any]) -> list[Event[Any]]:
    """What the outbox makes of a change."""
    return Placing(OrdersTable(dynamo), now=lambda: datetime.now(UTC)).decide(Change(before, after))


@pytest.mark.parametrize(
    ("change", "before", "written", "event"),
    [
        (CONFIRM, order(), {"status": "CONFIRMED", "expected_ready_at": SOON}, OrderConfirmed),
        (PROMISE, order(), {"status": "CONFIRMED", "expected_ready_at": SOON, "promised_at": PROMISED}, OrderConfirmed),
        (REJECT, order(), {"status": "REJECTED", "reason": "OUT_OF_STOCK"}, OrderRejected),
        (MARK_READY, confirmed(), {"status": "READY"}, OrderReady),
        (MARK_READY, confirmed(status="ASSIGNED", driver_id="driver-1"), {"status": "READY"}, OrderReady),
        (CANCEL, order(), {"status": "CANCELLED", "cancel_reason": "CUSTOMER_REQUEST"}, OrderCancelled),
        (CANCEL, confirmed(), {"status": "CONFIRMED", "cancel_reason": "CUSTOMER_REQUEST"}, OrderCancelRequested),
        (OPERATORS["CONFIRMED"], order(), {"status": "CONFIRMED", "expected_ready_at": SOON}, OrderConfirmed),
        (OPERATORS["REJECTED"], order(), {"status": "REJECTED", "reason": "OPERATOR_REQUEST"}, OrderRejected),
        (OPERATORS["READY"], confirmed(), {"status": "READY"}, OrderReady),
        (OPERATORS["CANCELLED"], order(), {"status": "CANCELLED", "cancel_reason": "OPERATOR_REQUEST"}, OrderCancelled),
    ],
    ids=lambda value: str(value) if isinstance(value, Call) else "",
)
def test_a_change_is_written_once_and_makes_its_event(
    api: Api, dynamo: "Table", change: Call, before: dict[str, Any], written: dict[str, Any], event: type
) -> None:
    dynamo.put_item(Item=stored(before))
    dynamo.put_item(Item=stored(merchant()))
    answer = make(api, change)
    after = contents(dynamo)[KEY]
    assert answer.value is not None, answer
    assert {name: after[name] for name in written} == written
    assert (answer.value["status"], answer.value["sequence"]) == (written["status"], before["sequence"] + 1)
    assert "on_cancel" not in after
    assert after["caused_by"].startswith("request:")
    assert [type(each.data) for each in events_of(dynamo, before, after)] == [event]


@pytest.mark.parametrize("change", ALL, ids=str)
def test_in_any_other_status_it_is_a_conflict_and_nothing_is_written(api: Api, dynamo: "Table", change: Call) -> None:
    for status in set(OrderStatus) - change.sources:
        before = in_status(status)
        dynamo.put_item(Item=stored(before))
        answer = make(api, change)
        assert (status, answer.error) == (status, "Conflict")
        assert f"The order is {status.value};" in answer.message
        assert contents(dynamo) == {KEY: before}


@pytest.mark.parametrize("change", [*ALL, OPERATORS_PROMISE], ids=str)
def test_asking_again_changes_nothing_and_gets_the_same_answer(api: Api, dynamo: "Table", change: Call) -> None:
    first_source = OrderStatus.PENDING if OrderStatus.PENDING in change.sources else OrderStatus.CONFIRMED
    dynamo.put_item(Item=stored(in_status(first_source)))
    first = make(api, change)
    after = contents(dynamo)
    assert first.error is None
    assert make(api, change) == first
    assert contents(dynamo) == after


def test_marking_ready_again_leaves_a_driver_who_was_assigned_since(api: Api, dynamo: "Table") -> None:
    assigned = confirmed(status="ASSIGNED", driver_id="driver-1", ready_at="2026-01-05T18:45:00.000Z")
    dynamo.put_item(Item=stored(assigned))
    answer = make(api, MARK_READY).value
    assert (answer["status"], answer["readyAt"]) == ("ASSIGNED", "2026-01-05T18:45:00.000Z")
    assert contents(dynamo) == {KEY: assigned}


@pytest.mark.parametrize(
    "again",
    [
        Call(MERCHANT, "confirmOrder", "", {"expectedReadyAt": LATER}),
        PROMISE,
        Call(MERCHANT, "rejectOrder", "", {"reason": "OUT_OF_STOCK"}),
        Call(OPERATOR, "updateOrderStatus", "", {"status": "REJECTED"}),
    ],
    ids=str,
)
def test_asking_for_something_else_afterwards_is_a_conflict(api: Api, dynamo: "Table", again: Call) -> None:
    dynamo.put_item(Item=stored(order()))
    make(api, CONFIRM)
    assert make(api, again).error == "Conflict"


@pytest.mark.parametrize("who", [MERCHANT, OPERATOR], ids=["merchant", "operator"])
def test_what_was_promised_is_told_to_all_whom_the_order_concerns(api: Api, dynamo: "Table", who: Caller) -> None:
    dynamo.put_item(Item=stored(order()))
    dynamo.put_item(Item=stored(merchant()))
    make(api, PROMISE if who is MERCHANT else OPERATORS_PROMISE)
    row = contents(dynamo)[KEY]
    [event] = events_of(dynamo, order(), row)
    assert event.data.promised_at is not None
    assert rfc3339(event.data.promised_at) == PROMISED
    assert api.call(CUSTOMER, "order", id=ORDER_ID).value["promisedAt"] == PROMISED
    [push] = pushes_for(Change(order(), row), [event])
    assert push.input["promisedAt"] == PROMISED


@pytest.mark.parametrize("change", OWNED, ids=str)
def test_anothers_order_cannot_be_told_from_none(api: Api, dynamo: "Table", change: Call) -> None:
    none = make(api, change, change.stranger)
    before = in_status(min(change.sources))
    dynamo.put_item(Item=stored(before))
    anothers = make(api, change, change.stranger)
    assert none == anothers
    assert (anothers.error, anothers.message) == ("NotFound", "Order not found")
    assert contents(dynamo) == {KEY: before}


@pytest.mark.parametrize("change", OPERATORS.values(), ids=str)
def test_an_operator_does_not_make_an_order_by_changing_it(api: Api, dynamo: "Table", change: Call) -> None:
    assert make(api, change).error == "NotFound"
    assert contents(dynamo) == {}


@pytest.mark.parametrize("change", [CONFIRM, REJECT, MARK_READY], ids=str)
def test_a_merchants_account_without_a_merchant_changes_nothing(api: Api, dynamo: "Table", change: Call) -> None:
    dynamo.put_item(Item=stored(order()))
    assert make(api, change, NO_MERCHANT).error == "Unauthorized"
    assert contents(dynamo) == {KEY: order()}


@pytest.mark.parametrize(
    "change",
    [
        Call(MERCHANT, "confirmOrder", "", {"expectedReadyAt": TOO_LATE}),
        Call(MERCHANT, "confirmOrder", "", {"expectedReadyAt": LATER, "promisedAt": LATER}),
        Call(MERCHANT, "confirmOrder", "", {"expectedReadyAt": SOON, "promisedAt": DAYS_LATER}),
        Call(MERCHANT, "confirmOrder", "", {"expectedReadyAt": SOON, "promisedAt": PROMISED.replace("Z", "+05:30:15")}),
        Call(OPERATOR, "updateOrderStatus", "", {"status": "CONFIRMED"}),
        Call(OPERATOR, "updateOrderStatus", "", {"status": "CONFIRMED", "expectedReadyAt": TOO_LATE}),
    ],
    ids=str,
)
def test_bad_input_is_refused_before_anything_is_written(api: Api, dynamo: "Table", change: Call) -> None:
    dynamo.put_item(Item=stored(order()))
    assert make(api, change).error == "Invalid"
    assert contents(dynamo) == {KEY: order()}


@pytest.mark.parametrize("promised", [SOON, DAYS_LATER], ids=["too early", "too late"])
def test_a_promise_that_is_too_early_or_too_late_is_refused_with_what_is_right(
    api: Api, dynamo: "Table", promised: str
) -> None:
    dynamo.put_item(Item=stored(order()))
    answer = make(api, Call(MERCHANT, "confirmOrder", "", {"expectedReadyAt": SOON, "promisedAt": promised}))
    allowed = "allowed is after expectedReadyAt, and at most 24 hours after it"
    assert (answer.error, answer.message) == ("Invalid", f"promisedAt is {promised}; {allowed}")


def test_an_order_may_be_expected_ready_now_but_not_before(api: Api, dynamo: "Table") -> None:
    for seconds, error in ((-90, "Invalid"), (-30, None)):  # a minute for a clock that is behind
        dynamo.put_item(Item=stored(order()))
        ready = {"expectedReadyAt": rfc3339(datetime.now(UTC) + timedelta(seconds=seconds))}
        assert make(api, Call(MERCHANT, "confirmOrder", "", ready)).error == error


@pytest.mark.parametrize("who", [MERCHANT, OPERATOR], ids=["merchant", "operator"])
def test_a_time_that_is_no_moment_to_the_runtime_is_refused_with_what_is_right(
    api: Api, dynamo: "Table", who: Caller
) -> None:
    dynamo.put_item(Item=stored(order()))
    ready = {"expectedReadyAt": SOON.removesuffix("Z") + "+05:30:15"}
    mutation, status = ("confirmOrder", {}) if who is MERCHANT else ("updateOrderStatus", {"status": "CONFIRMED"})
    answer = make(api, Call(who, mutation, "", ready | status))
    assert (answer.error, "allowed is a time such as" in answer.message) == ("Invalid", True)
    assert contents(dynamo) == {KEY: order()}


@pytest.mark.parametrize(
    ("sent", "believed"),
    [
        ("8b1e6a0c-3f52-4d8e-9a53-0d6f3f1c2b7a", True),
        ("order-1", False),
        (["8b1e6a0c-3f52-4d8e-9a53-0d6f3f1c2b7a", "x"], False),
        (None, False),
    ],
)
def test_a_change_names_the_request_by_an_id_that_looks_like_one(
    api: Api, dynamo: "Table", sent: str | list[str] | None, believed: bool
) -> None:
    dynamo.put_item(Item=stored(confirmed()))
    mutation = f'mutation {{ markOrderReady(orderId: "{ORDER_ID}") {{ id }} }}'
    api.execute(MERCHANT, mutation, headers={"x-amzn-requestid": sent} if sent else {})
    kind, _, id_ = contents(dynamo)[KEY]["caused_by"].partition(":")
    assert (kind, str(UUID(id_)), id_ == sent) == ("request", id_, believed)


@pytest.mark.parametrize("change", [CONFIRM, REJECT, MARK_READY], ids=str)
def test_a_merchant_does_not_see_where_the_order_that_it_changes_goes(api: Api, dynamo: "Table", change: Call) -> None:
    dynamo.put_item(Item=stored(in_status(min(change.sources - {OrderStatus.ASSIGNED}))))
    for shown in (make(api, change).value, make(api, change).value):  # and not when it asks again
        assert (shown["address"], shown["dropoff"]) == (None, None)


@pytest.mark.parametrize("change", ALL, ids=str)
def test_an_id_that_is_longer_than_any_is_not_found(api: Api, dynamo: "Table", change: Call) -> None:
    answer = api.call(change.who, change.mutation, orderId="o" * 5000, **change.arguments)
    assert (answer.error, answer.message) == ("NotFound", "Order not found")


def test_cancelling_again_keeps_the_time_of_the_first_request(api: Api, dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(confirmed()))
    first, second = make(api, CANCEL).value, make(api, CANCEL).value
    assert first["cancelRequestedAt"] == second["cancelRequestedAt"]
    assert second["sequence"] == first["sequence"] + 1
