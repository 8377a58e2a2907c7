"""Each event of a delivery does to its order what domain.TRANSITIONS says."""

import pytest
from delivery_events.dispatch import (
    DeliveryCancellationRefused,
    DeliveryCancelled,
    DeliveryReturned,
    DeliveryUnassigned,
)
from delivery_events.envelope import rfc3339
from delivery_events.inbox import Outcome
from delivery_events.orders import OrderStatus

from services.orders.carrying import CONSUMES
from services.orders.domain import TRANSITIONS, Transition, events_for
from tests.orders.deliveries import ASSIGNED, DELIVERED, DROPPED, NOW, PICKED_UP, FakeTable, delivery, follow
from tests.orders.rows import confirmed

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
