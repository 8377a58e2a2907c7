"""The events that an order's changes make."""

import pytest
from delivery_events.orders import OrderReason, OrderStatus

from services.orders.domain import IN_PREPARATION, TERMINAL, TRANSITIONS, events_for
from tests.orders.rows import PICKUP, confirmed, order, unjudged


def types(old: dict[str, object] | None, new: dict[str, object] | None) -> list[str]:
    return [event.detail_type for event in events_for(old, new)]


def test_a_new_order_is_placed() -> None:
    [event] = events_for(None, order())
    assert event.detail_type == "order.placed.v1"
    assert event.metadata.correlation_id == event.metadata.aggregate_id == order()["order_id"]
    assert event.metadata.causation_id == "request:test"


def test_the_same_change_makes_the_same_event_again() -> None:
    assert events_for(None, order()) == events_for(None, order())


def test_no_event_holds_the_address() -> None:
    [event] = events_for(None, order(address="1 Example Street", note="Ring twice"))
    assert "Example" not in event.model_dump_json()
    assert "Ring" not in event.model_dump_json()


def test_a_confirmation_says_where_and_when_to_pick_up() -> None:
    [event] = events_for(order(), confirmed())
    assert event.detail_type == "order.confirmed.v1"
    assert event.data.pickup.model_dump() == PICKUP
    assert event.data.expected_ready_at is not None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (order(), order(status="REJECTED", reason="OUT_OF_STOCK", sequence=2), "order.rejected.v1"),
        (order(), order(status="CANCELLED", cancel_reason="CUSTOMER_REQUEST", sequence=2), "order.cancelled.v1"),
        (confirmed(), confirmed(status="READY", ready_at="2026-01-05T18:50:00.000Z", sequence=3), "order.ready.v1"),
        (
            confirmed(),
            confirmed(cancel_requested_at="2026-01-05T18:35:00.000Z", cancel_reason="CUSTOMER_REQUEST", sequence=3),
            "order.cancel_requested.v1",
        ),
        (confirmed(status="PICKED_UP"), confirmed(status="DELIVERED", sequence=3), "order.completed.v1"),
        (confirmed(), confirmed(status="FAILED", reason="NO_DRIVER", sequence=3), "order.failed.v1"),
    ],
)
def test_each_milestone_has_its_event(old: dict[str, object], new: dict[str, object], expected: str) -> None:
    assert types(old, new) == [expected]


def test_an_order_cancelled_before_anyone_answered_says_who_wanted_it() -> None:
    [event] = events_for(order(), order(status="CANCELLED", cancel_reason="CUSTOMER_REQUEST", sequence=2))
    assert event.data.reason is OrderReason.CUSTOMER_REQUEST


def test_a_ready_order_names_the_driver_who_is_to_fetch_it() -> None:
    assigned = confirmed(status="ASSIGNED", driver_id="driver-1")
    [ready] = events_for(
        assigned, assigned | {"status": "READY", "ready_at": "2026-01-05T18:50:00.000Z", "sequence": 9}
    )
    assert (ready.metadata.type, ready.data.driver_id) == ("order.ready", "driver-1")


def test_a_driver_who_dropped_out_makes_no_second_confirmation() -> None:
    assert types(confirmed(status="ASSIGNED", driver_id="d"), confirmed(sequence=5)) == []


def test_a_technical_change_makes_no_event() -> None:
    assert types(unjudged(), order()) == []


def test_a_deleted_order_and_another_row_make_no_event() -> None:
    assert types(order(), None) == []
    assert types(None, {"pk": "MERCHANT#m", "sk": "MERCHANT"}) == []


def test_every_status_but_the_first_can_be_reached_and_terminal_ones_are_never_left() -> None:
    reached = set().union(*(transition.targets for transition in TRANSITIONS))
    assert reached == set(OrderStatus)
    assert not any(transition.sources & TERMINAL for transition in TRANSITIONS)


def test_every_terminal_status_publishes_an_event() -> None:
    for transition in TRANSITIONS:
        if transition.targets & TERMINAL:
            assert transition.event is not None, transition


def test_an_order_can_be_called_off_until_it_is_picked_up() -> None:
    sources = [t.sources for t in TRANSITIONS if t.trigger == "cancelOrder"]
    assert frozenset().union(*sources) == IN_PREPARATION | {OrderStatus.PENDING}
