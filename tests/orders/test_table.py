"""The orders table's conditional writes, on both engines."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from delivery_events.orders import OrderReason

from services.orders.domain import Update
from services.orders.table import OrdersTable
from tests.orders.rows import ORDER_ID, confirmed, merchant, order, unjudged
from tests.tables import stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

NOW = datetime(2026, 1, 5, 18, 40, tzinfo=UTC)


def cancel(dynamo: "Table") -> bool:
    return OrdersTable(dynamo).cancel_unanswered(ORDER_ID, now=NOW, caused_by="timer")


def turn_down(dynamo: "Table") -> bool:
    return OrdersTable(dynamo).turn_down(ORDER_ID, reason=OrderReason.OUT_OF_AREA, now=NOW, caused_by="rule")


def row_of(dynamo: "Table") -> dict[str, Any]:
    row = OrdersTable(dynamo).order(ORDER_ID)
    assert row is not None
    return row


def test_a_pending_order_ends_once(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(order()))
    assert cancel(dynamo)
    assert not cancel(dynamo)
    row = row_of(dynamo)
    assert (row["status"], row["reason"], row["sequence"]) == ("CANCELLED", "MERCHANT_TIMEOUT", 2)
    assert "on_cancel" not in row


def test_an_order_that_breaks_a_rule_is_rejected(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(unjudged()))
    assert turn_down(dynamo)
    row = row_of(dynamo)
    assert (row["status"], row["reason"], row["sequence"]) == ("REJECTED", "OUT_OF_AREA", 2)


def test_an_order_is_admitted_without_being_a_step_of_it(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(unjudged()))
    assert OrdersTable(dynamo).admit(ORDER_ID)
    assert OrdersTable(dynamo).admit(ORDER_ID)
    assert row_of(dynamo) == order()


def test_of_two_judgements_the_first_stands(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(order()))
    assert not turn_down(dynamo)
    assert row_of(dynamo) == order()
    dynamo.put_item(Item=stored(unjudged()))
    turn_down(dynamo)
    assert not OrdersTable(dynamo).admit(ORDER_ID)
    assert "merchant_key" not in row_of(dynamo)


def test_an_order_that_its_customer_cancelled_meanwhile_is_admitted_and_not_turned_down(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(unjudged(status="CANCELLED", cancel_reason="CUSTOMER_REQUEST", sequence=2)))
    assert not turn_down(dynamo)
    assert OrdersTable(dynamo).admit(ORDER_ID)
    assert row_of(dynamo)["status"] == "CANCELLED"


def test_a_confirmed_order_is_not_ended_by_a_late_timer(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(confirmed()))
    assert not cancel(dynamo)


def test_an_order_that_does_not_exist_is_not_made_by_a_write(dynamo: "Table") -> None:
    assert [cancel(dynamo), turn_down(dynamo), OrdersTable(dynamo).admit(ORDER_ID)] == [False] * 3
    assert OrdersTable(dynamo).order(ORDER_ID) is None


def test_only_pending_orders_placed_before_the_limit_are_overdue(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(order()))
    dynamo.put_item(Item=stored(confirmed(pk="ORDER#2", order_id="2")))
    dynamo.put_item(Item=stored(order(pk="ORDER#3", order_id="3", placed_key="2026-01-05T18:50:00.000Z#3")))
    assert [row["order_id"] for row in OrdersTable(dynamo).pending_since(NOW)] == [ORDER_ID]


def test_a_write_on_an_order_that_changed_meanwhile_does_not_happen(dynamo: "Table") -> None:
    seen = confirmed()
    dynamo.put_item(Item=stored(confirmed(sequence=3)))
    update = Update({"status": "ASSIGNED"}, frozenset())
    assert not OrdersTable(dynamo).apply_delivery(seen, update, delivery_sequence=1, now=NOW, caused_by="e")


def test_following_a_delivery_sets_and_removes_what_it_says(dynamo: "Table") -> None:
    seen = confirmed(driver_id="driver-1", status="ASSIGNED")
    dynamo.put_item(Item=stored(seen))
    update = Update({"status": "CONFIRMED"}, frozenset({"driver_id"}))
    assert OrdersTable(dynamo).apply_delivery(seen, update, delivery_sequence=4, now=NOW, caused_by="e")
    row = OrdersTable(dynamo).order(ORDER_ID)
    assert row is not None
    assert (row["status"], row["sequence"], row["delivery_sequence"]) == ("CONFIRMED", 3, 4)
    assert "driver_id" not in row


def test_numbers_come_back_as_numbers(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(merchant(place={"lat": 40.44, "lng": -80})))
    found = OrdersTable(dynamo).merchant("merchant-1")
    assert found is not None
    assert found["place"] == {"lat": 40.44, "lng": -80}
