"""Which alerts should go out, by the list of who is told what."""

from typing import Any

import pytest
from delivery_events import Event

from local.simulator.expected import Alert, Contact, expected_alerts
from tests.local.simulator.made import delivery_event, driver_event, order_event

REACHABLE = Contact(phone=True, device=True)
EVERYBODY = {"customer-of-o1": REACHABLE, "d1": REACHABLE}


def told(event: Event[Any], contacts: dict[str, Contact] | None = None) -> set[tuple[str, str]]:
    alerts = expected_alerts([event], EVERYBODY if contacts is None else contacts)
    assert {alert.event_id for alert in alerts} <= {str(event.metadata.event_id)}
    return {(alert.recipient_id, alert.channel) for alert in alerts}


@pytest.mark.parametrize(
    ("event", "channels"),
    [
        (order_event("confirmed"), {"PUSH"}),
        (order_event("rejected"), {"SMS", "PUSH"}),
        (order_event("cancelled"), {"SMS", "PUSH"}),
        (order_event("failed"), {"SMS", "PUSH"}),
        (order_event("completed"), {"PUSH"}),
        (delivery_event("assigned"), {"PUSH"}),
        (delivery_event("driver_dropped", reason="DRIVER_DROPPED_OUT"), {"PUSH"}),
        (delivery_event("picked_up"), {"SMS", "PUSH"}),
        (delivery_event("arrived_at_dropoff"), {"PUSH"}),
        (delivery_event("cancellation_refused"), {"PUSH"}),
    ],
    ids=lambda value: value.metadata.type if isinstance(value, Event) else None,
)
def test_customers_are_told(event: Event[Any], channels: set[str]) -> None:
    assert told(event) == {("customer-of-o1", channel) for channel in channels}


@pytest.mark.parametrize(
    "event",
    [
        order_event("placed"),
        order_event("ready"),
        order_event("cancel_requested"),
        delivery_event("requested"),
        delivery_event("offer_declined"),
        delivery_event("offer_expired"),
        delivery_event("arrived_at_pickup"),
        delivery_event("delivered"),
        delivery_event("unassigned"),
        delivery_event("cancelled", driver=None),
        driver_event("on_duty"),
        driver_event("moved"),
    ],
    ids=lambda event: event.metadata.type,
)
def test_nobody_is_told_of_the_rest(event: Event[Any]) -> None:
    assert told(event) == set()


@pytest.mark.parametrize(
    ("event", "channels"),
    [
        (delivery_event("offered"), {"SMS", "PUSH"}),
        (order_event("ready", driver_id="d1"), {"PUSH"}),
        (delivery_event("cancelled"), {"SMS", "PUSH"}),
    ],
    ids=lambda value: value.metadata.type if isinstance(value, Event) else None,
)
def test_drivers_are_told(event: Event[Any], channels: set[str]) -> None:
    assert told(event) == {("d1", channel) for channel in channels}


def test_of_a_driver_who_was_replaced_both_are_told_driver_and_customer() -> None:
    event = delivery_event("driver_dropped", reason="REASSIGNED")
    assert told(event) == {("d1", "PUSH"), ("customer-of-o1", "PUSH")}


@pytest.mark.parametrize(
    ("contact", "channels"),
    [
        (Contact(phone=True, device=False), {"SMS"}),
        (Contact(phone=False, device=True), {"PUSH"}),
        (Contact(phone=True, device=True, sms=False), {"PUSH"}),
        (Contact(phone=True, device=True, push=False), {"SMS"}),
        (Contact(phone=True, device=True, sms=False, push=False), set()),
    ],
)
def test_nobody_is_told_by_a_channel_they_cannot_or_do_not_want_to_be_reached_by(
    contact: Contact, channels: set[str]
) -> None:
    assert {channel for _, channel in told(order_event("failed"), {"customer-of-o1": contact})} == channels


def test_somebody_unknown_is_not_told() -> None:
    assert told(order_event("failed"), {}) == set()


def test_an_event_that_comes_twice_is_told_once() -> None:
    event = order_event("confirmed")
    alerts = expected_alerts([event, event], EVERYBODY)
    assert alerts == {Alert(str(event.metadata.event_id), "customer-of-o1", "PUSH")}
