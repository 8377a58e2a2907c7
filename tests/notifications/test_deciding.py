"""Whether an alert is sent, and the events that alerts and contacts make. Pure."""

from datetime import datetime
from typing import Any

import pytest
from delivery_events.notifications import AlertFailure, Channel

from services.notifications.domain import (
    CLAIMED,
    SENT,
    TRANSITIONS,
    AlertState,
    Suppression,
    decide,
    events_for,
    failed,
    suppressed,
)
from tests.notifications.made import LIMITS, after, alert, alert_row, contact, contact_row

BOTH = frozenset(Channel)


@pytest.mark.parametrize("channel", Channel)
def test_whoever_can_and_wants_to_be_told_is_told(channel: Channel) -> None:
    assert decide(alert(channel), contact(), now=after(10), limits=LIMITS) is None


@pytest.mark.parametrize(
    ("channel", "known", "reason"),
    [
        (Channel.SMS, None, Suppression.NO_CONTACT),
        (Channel.SMS, contact(opted_out=frozenset({Channel.SMS})), Suppression.OPTED_OUT),
        (Channel.PUSH, contact(opted_out=frozenset({Channel.PUSH})), Suppression.OPTED_OUT),
        (Channel.SMS, contact(turned_off=frozenset({Channel.SMS})), Suppression.TURNED_OFF),
        (Channel.PUSH, contact(turned_off=frozenset({Channel.PUSH})), Suppression.TURNED_OFF),
        (Channel.SMS, contact(phone=None), Suppression.NO_PHONE),
        (Channel.PUSH, contact(devices=()), Suppression.NO_DEVICE),
        # An opt-out is the stronger word, whatever else is the matter.
        (Channel.SMS, contact(opted_out=BOTH, turned_off=BOTH, phone=None), Suppression.OPTED_OUT),
    ],
)
def test_whoever_cannot_or_does_not_want_to_be_told_is_not(channel: Channel, known: Any, reason: Suppression) -> None:
    assert decide(alert(channel), known, now=after(10), limits=LIMITS) == suppressed(reason)


def test_what_one_channel_is_told_says_nothing_of_the_other() -> None:
    no_sms = contact(opted_out=frozenset({Channel.SMS}), phone=None)
    assert decide(alert(Channel.PUSH), no_sms, now=after(10), limits=LIMITS) is None


@pytest.mark.parametrize(
    ("changes", "deadline"),
    [
        ({}, after(900)),
        ({"final": True}, after(86_400)),
        ({"valid_until": after(45)}, after(45)),
        ({"valid_until": after(9_000)}, after(900)),
    ],
)
def test_news_that_is_too_old_is_not_sent(changes: dict[str, Any], deadline: datetime) -> None:
    late = alert(**changes)
    assert LIMITS.deadline(late) == deadline
    assert decide(late, contact(), now=deadline, limits=LIMITS) == failed(AlertFailure.TOO_LATE)


def test_a_phone_number_that_is_none_is_not_tried() -> None:
    wrong = contact(phone="12025550100")
    assert decide(alert(), wrong, now=after(1), limits=LIMITS) == failed(AlertFailure.BAD_ADDRESS)


def test_the_devices_and_numbers_of_a_contact_are_not_in_its_text() -> None:
    assert "+1202" not in repr(contact())
    assert "token-1" not in repr(contact())


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (alert_row("CLAIMED"), []),
        (alert_row("SENT", message_id="m-1"), ["alert.sent"]),
        (alert_row("FAILED", reason="REFUSED"), ["alert.failed"]),
        (alert_row("SUPPRESSED", reason="OPTED_OUT"), []),
    ],
)
def test_the_outcome_of_an_alert_is_an_event_of_its_order(new: dict[str, Any], expected: list[str]) -> None:
    events = events_for(alert_row("CLAIMED") if new["sequence"] == 2 else None, new)
    assert [event.metadata.type for event in events] == expected
    for event in events:
        assert (event.metadata.correlation_id, event.metadata.causation_id) == ("order-1", "event-1")
        assert event.metadata.aggregate_id == "alert-1"


def test_the_states_of_an_alert_are_those_of_its_table() -> None:
    assert {transition.target for transition in TRANSITIONS} == set(AlertState)
    assert {transition.source for transition in TRANSITIONS} == {None, CLAIMED}, "what has ended stays so"
    for transition in TRANSITIONS:
        new = alert_row(transition.target, reason="REFUSED")
        made = [
            type(event.data) for event in events_for(alert_row(transition.source) if transition.source else None, new)
        ]
        assert made == ([transition.event] if transition.event else []), transition


def test_a_claim_taken_over_and_an_expiry_that_is_set_make_no_event() -> None:
    assert events_for(alert_row("CLAIMED"), alert_row("CLAIMED", lease_until="later")) == []
    assert events_for(alert_row(SENT), alert_row(SENT, expires_at=1)) == []
    assert events_for(alert_row(SENT), None) == []


def test_an_opt_out_is_an_event_and_neither_it_nor_any_other_holds_the_phone() -> None:
    [event] = events_for(contact_row(), contact_row(opted_out={"SMS"}, sequence=2))
    assert event.metadata.type == "contact.opted_out"
    assert event.data.channels == [Channel.SMS]
    assert "+1202" not in event.model_dump_json()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (contact_row(), contact_row(locale="es", sequence=2)),
        (contact_row(opted_out={"SMS"}), contact_row(opted_out={"SMS"}, locale="es", sequence=2)),
        (contact_row(opted_out={"SMS", "PUSH"}), contact_row(opted_out={"SMS"}, sequence=2)),
    ],
)
def test_what_is_no_opt_out_makes_no_event(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert events_for(old, new) == []
