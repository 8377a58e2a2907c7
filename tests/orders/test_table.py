"""The orders table's conditional writes, on both engines."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from delivery_events.orders import OrderReason

from services.orders.domain import Update
from services.orders.table import OrdersTable
from tests.orders.rows import ORDER_ID, confirmed, merchant, order
from tests.tables import stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

NOW = datetime(2026, 1, 5, 18, 40, tzinfo=UTC)


def end(dynamo: "Table", reason: OrderReason) -> bool:
    return OrdersTable(dynamo).end_pending(ORDER_ID, reason=reason, now=NOW, caused_by="timer")


def test_a_pending_order_ends_once(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(order()))
    assert end(dynamo, OrderReason.MERCHANT_TIMEOUT)
    assert not end(dynamo, OrderReason.MERCHANT_TIMEOUT)
    row = OrdersTable(dynamo).order(ORDER_ID)
    assert row is not None
    assert (row["status"], row["reason"], row["sequence"]) == ("CANCELLED", "MERCHANT_TIMEOUT", 2)
    assert "on_cancel" not in row


def test_an_order_that_breaks_a_rule_is_rejected(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(order()))
    assert end(dynamo, OrderReason.OUT_OF_AREA)
    row = OrdersTable(dynamo).order(ORDER_ID)
    assert row is not None
    assert row["status"] == "REJECTED"


def test_a_confirmed_order_is_not_ended_by_a_late_timer(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(confirmed()))
    assert not end(dynamo, OrderReason.MERCHANT_TIMEOUT)


def test_an_order_that_does_not_exist_is_not_made_by_ending_it(dynamo: "Table") -> None:
    assert not end(dynamo, OrderReason.MERCHANT_TIMEOUT)
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
