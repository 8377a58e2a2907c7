"""How an order follows its delivery, whatever order the events come in."""

from datetime import datetime
from typing import Any

import pytest
from delivery_events.dispatch import (
    DeliveryAssigned,
    DeliveryCancellationRefused,
    DeliveryCancelled,
    DeliveryDelivered,
    DeliveryDriverDropped,
    DeliveryPickedUp,
    DeliveryReturned,
    DeliveryUnassigned,
)
from delivery_events.envelope import rfc3339
from delivery_events.inbox import Outcome
from delivery_events.orders import OrderStatus

from services.orders.carrying import ATTEMPTS, CONSUMES, ChangedMeanwhile, follow_delivery
from services.orders.domain import TRANSITIONS, Transition, Update, events_for
from tests.orders.deliveries import NOW, delivery
from tests.orders.rows import ORDER_ID, confirmed, order

ASSIGNED = delivery(DeliveryAssigned, "ASSIGNED", sequence=3, driver_id="driver-1", assigned_at=NOW)
DROPPED = delivery(DeliveryDriverDropped, "SEARCHING", sequence=4, driver_id="driver-1", reason="DRIVER_DROPPED_OUT")
PICKED_UP = delivery(DeliveryPickedUp, "PICKED_UP", sequence=5, driver_id="driver-1", assigned_at=NOW)
DELIVERED = delivery(DeliveryDelivered, "DELIVERED", sequence=6, driver_id="driver-1", assigned_at=NOW)


class FakeTable:
    """Holds one order and writes as the real table does."""

    def __init__(self, row: dict[str, Any] | None) -> None:
        self.row = row
        self.changes_meanwhile = 0  # how many writes are still to come second

    def order(self, order_id: str) -> dict[str, Any] | None:
        assert order_id == ORDER_ID
        return self.row

    def apply_delivery(
        self, order: dict[str, Any], update: Update, *, delivery_sequence: int, now: datetime, caused_by: str
    ) -> bool:
        if self.changes_meanwhile:
            self.changes_meanwhile -= 1
            assert self.row is not None
            self.row = self.row | {"sequence": self.row["sequence"] + 1}
            return False
        assert order == self.row
        kept = {name: value for name, value in order.items() if name not in update.remove}
        stamp = {"sequence": order["sequence"] + 1, "delivery_sequence": delivery_sequence, "caused_by": caused_by}
        self.row = kept | dict(update.set) | stamp
        return True


def follow(table: FakeTable, *events: Any) -> list[Outcome]:
    return [follow_delivery(event, table, now=NOW) for event in events]


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


BEFORE, AFTER = "2026-01-05T18:39:00.000Z", "2026-01-05T18:41:00.000Z"  # the driver was assigned in between
CARRIED = {"driver_id": "driver-1"}
ROWS = {
    OrderStatus.CONFIRMED: (confirmed(),),
    OrderStatus.READY: (confirmed(status="READY", ready_at=BEFORE), confirmed(status="READY", ready_at=AFTER)),
    OrderStatus.ASSIGNED: (
        confirmed(status="ASSIGNED", **CARRIED),
        confirmed(status="ASSIGNED", ready_at=BEFORE, **CARRIED),
    ),
    OrderStatus.PICKED_UP: (confirmed(status="PICKED_UP", **CARRIED),),
}
EVENTS = {
    event.metadata.type: event
    for event in (
        *(ASSIGNED, DROPPED, PICKED_UP, DELIVERED),
        delivery(DeliveryUnassigned, "UNASSIGNED", sequence=9, reason="NO_DRIVER"),
        delivery(DeliveryReturned, "RETURNED", sequence=9, driver_id="driver-1", reason="RECIPIENT_ABSENT"),
        delivery(DeliveryCancelled, "CANCELLED", sequence=9, reason="CANCEL_REQUESTED"),
        delivery(
            DeliveryCancellationRefused, "PICKED_UP", sequence=9, driver_id="driver-1", reason="ALREADY_PICKED_UP"
        ),
    )
}
FOLLOWING = [each for each in TRANSITIONS if each.written_by == "inbox"]


@pytest.mark.parametrize("transition", FOLLOWING, ids=lambda each: each.trigger)
def test_each_event_leads_where_the_transitions_say_and_publishes_what_they_say(transition: Transition) -> None:
    reached = set()
    for before in (row for source in transition.sources for row in ROWS[source]):
        table = FakeTable(before)
        assert follow(table, EVENTS[transition.trigger]) == [Outcome.APPLIED]
        assert table.row is not None
        reached.add(table.row["status"])
        after = table.row | {"occurred_at": rfc3339(NOW)}
        assert [type(event.data) for event in events_for(before, after)] == [transition.event] * bool(transition.event)
    assert reached == transition.targets


def test_every_event_that_is_followed_has_its_transition() -> None:
    assert {each.trigger for each in FOLLOWING} == {kind.TYPE for kind in CONSUMES}
