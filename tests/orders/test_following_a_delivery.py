"""How an order follows its delivery, whatever order the events come in."""

import pytest
from delivery_events.dispatch import (
    DeliveryCancellationRefused,
    DeliveryCancelled,
    DeliveryReturned,
    DeliveryUnassigned,
)
from delivery_events.inbox import Outcome

from services.orders.carrying import ATTEMPTS, ChangedMeanwhile
from tests.orders.deliveries import ASSIGNED, DELIVERED, DROPPED, PICKED_UP, FakeTable, delivery, follow
from tests.orders.rows import confirmed, order


def test_the_way_of_an_order_that_is_delivered() -> None:
    table = FakeTable(confirmed())
    assert follow(table, ASSIGNED, PICKED_UP, DELIVERED) == [Outcome.APPLIED] * 3
    assert table.row is not None
    assert table.row["status"] == "DELIVERED"
    assert table.row["driver_id"] == "driver-1"
    assert table.row["caused_by"] == str(DELIVERED.metadata.event_id)


def test_an_event_that_comes_twice_changes_nothing_twice() -> None:
    table = FakeTable(confirmed())
    assert follow(table, ASSIGNED, ASSIGNED) == [Outcome.APPLIED, Outcome.STALE]
    assert table.row is not None
    assert table.row["sequence"] == 3


def test_a_late_event_moves_nothing_backwards_and_the_early_one_brought_all_it_said() -> None:
    table = FakeTable(confirmed())
    assert follow(table, PICKED_UP, ASSIGNED) == [Outcome.APPLIED, Outcome.STALE]
    assert table.row is not None
    assert table.row["status"] == "PICKED_UP"
    assert table.row["driver_id"] == "driver-1"


def test_a_driver_who_drops_out_leaves_the_order_confirmed_without_a_driver() -> None:
    table = FakeTable(confirmed())
    follow(table, ASSIGNED, DROPPED)
    assert table.row is not None
    assert table.row["status"] == "CONFIRMED"
    assert "driver_id" not in table.row


def test_an_order_that_is_ready_stays_ready_when_its_driver_drops_out() -> None:
    table = FakeTable(confirmed(status="READY", ready_at="2026-01-05T18:35:00.000Z", sequence=3))
    follow(table, ASSIGNED, DROPPED)
    assert table.row is not None
    assert table.row["status"] == "READY"


@pytest.mark.parametrize(
    ("ready_at", "shown"), [("2026-01-05T18:39:00.000Z", "ASSIGNED"), ("2026-01-05T18:41:00.000Z", "READY")]
)
def test_the_later_milestone_of_ready_and_assigned_is_shown(ready_at: str, shown: str) -> None:
    table = FakeTable(confirmed(status="READY", ready_at=ready_at, sequence=3))
    follow(table, ASSIGNED)
    assert table.row is not None
    assert table.row["status"] == shown


def test_an_order_nobody_carries_fails_and_says_why() -> None:
    table = FakeTable(confirmed())
    follow(table, delivery(DeliveryUnassigned, "UNASSIGNED", sequence=9, reason="NO_DRIVER"))
    assert table.row is not None
    assert (table.row["status"], table.row["reason"]) == ("FAILED", "NO_DRIVER")


def test_an_order_that_comes_back_fails_and_says_why() -> None:
    table = FakeTable(confirmed(status="PICKED_UP"))
    returned = delivery(DeliveryReturned, "RETURNED", sequence=9, driver_id="driver-1", reason="RECIPIENT_ABSENT")
    follow(table, returned)
    assert table.row is not None
    assert (table.row["status"], table.row["reason"]) == ("FAILED", "RETURNED")


def test_a_cancelled_delivery_cancels_its_order_for_the_reason_that_was_asked() -> None:
    asked = confirmed(cancel_requested_at="2026-01-05T18:35:00.000Z", cancel_reason="CUSTOMER_REQUEST", sequence=3)
    table = FakeTable(asked)
    follow(table, delivery(DeliveryCancelled, "CANCELLED", sequence=2, reason="CANCEL_REQUESTED"))
    assert table.row is not None
    assert (table.row["status"], table.row["reason"]) == ("CANCELLED", "CUSTOMER_REQUEST")


def test_a_refused_cancellation_leaves_the_order_on_its_way() -> None:
    asked = confirmed(cancel_requested_at="2026-01-05T18:35:00.000Z", cancel_reason="CUSTOMER_REQUEST", sequence=3)
    table = FakeTable(asked)
    refused = delivery(
        DeliveryCancellationRefused, "PICKED_UP", sequence=7, driver_id="driver-1", reason="ALREADY_PICKED_UP"
    )
    follow(table, refused)
    assert table.row is not None
    assert table.row["status"] == "PICKED_UP"
    assert "cancel_requested_at" not in table.row


def test_an_order_that_has_ended_is_left_alone() -> None:
    table = FakeTable(order(status="CANCELLED", cancel_reason="CUSTOMER_REQUEST"))
    assert follow(table, ASSIGNED) == [Outcome.STALE]


def test_a_delivery_without_an_order_is_none_of_ours() -> None:
    assert follow(FakeTable(None), ASSIGNED) == [Outcome.IGNORED]


def test_an_order_that_changed_in_between_is_read_again() -> None:
    table = FakeTable(confirmed())
    table.changes_meanwhile = ATTEMPTS - 1
    assert follow(table, ASSIGNED) == [Outcome.APPLIED]
    assert table.row is not None
    assert (table.row["status"], table.row["sequence"]) == ("ASSIGNED", 2 + ATTEMPTS)


def test_an_order_that_keeps_changing_has_the_event_delivered_again() -> None:
    table = FakeTable(confirmed())
    table.changes_meanwhile = ATTEMPTS
    with pytest.raises(ChangedMeanwhile):
        follow(table, ASSIGNED)
