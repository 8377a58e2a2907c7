"""Which changes reach the outbox: all that make an event, and none of a claim, a suppressed alert or a device."""

from typing import Any

import pytest

from services.notifications.domain import events_for
from services.notifications.stack import MAKES_EVENTS
from tests.notifications.made import alert_row, contact_row, device_row
from tests.stream_filters import reaches

CLAIMED = alert_row("CLAIMED")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CLAIMED, alert_row("SENT", message_id="message-1", sent_at="2026-01-05T18:30:01.000Z")),
        (CLAIMED, alert_row("FAILED", reason="TOO_LATE")),
        (contact_row(), contact_row(opted_out={"SMS"}, sequence=2)),
    ],
    ids=["sent", "failed", "opted out"],
)
def test_what_makes_an_event_reaches_the_outbox(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert events_for(old, new)
    assert reaches(MAKES_EVENTS, old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [(None, CLAIMED), (CLAIMED, alert_row("SUPPRESSED", reason="NO_PHONE")), (None, device_row())],
    ids=["claimed", "suppressed", "a device"],
)
def test_what_makes_none_does_not(old: dict[str, Any] | None, new: dict[str, Any]) -> None:
    assert not reaches(MAKES_EVENTS, old, new)
