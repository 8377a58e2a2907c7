"""Which alerts should have gone out in a run, and which did."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from delivery_events import Event

from local.simulator.evidence import Records, Run, SentAlert
from local.simulator.expected import Alert, expected_alerts


def alert_figures(run: Run, records: Records, events: Sequence[Event[Any]]) -> dict[str, int]:
    """A message counts as sent when the provider's record has it and an alert's row owns it. It is the run's when the
    row is about one of its orders or events: what was sent for an event that no log holds is unexpected."""
    expected = expected_alerts(events, records.contacts)
    about = {str(event.metadata.event_id) for event in events}
    new = [message for message in records.messages if message not in run.earlier_messages]
    owners = {row.message_id: row for row in records.alerts if row.message_id is not None}
    owning = [owners[message] for message in new if message in owners]
    own = Counter(row.alert for row in owning if row.order_id in run.order_ids or row.alert.event_id in about)
    ownerless = sum(message not in owners for message in new)
    late = _too_late(expected - own.keys(), records.alerts, events)
    return {
        "alerts_expected": len(expected),
        "alerts_sent": own.total(),
        "alerts_duplicated": own.total() - len(own) + ownerless,
        "alerts_missing": len(expected - own.keys() - late),
        "alerts_unexpected": len(own.keys() - expected),
        "alerts_too_late": len(late),
    }


def _too_late(unsent: Iterable[Alert], rows: Iterable[SentAlert], events: Iterable[Event[Any]]) -> set[Alert]:
    """Unsent alerts about offers that had ended by the time they were to be sent: right to be left out."""
    expiry = {
        str(e.metadata.event_id): e.data.offer.expires_at for e in events if e.metadata.type == "delivery.offered"
    }
    decided = {row.alert: row.decided_at for row in rows if row.reason == "TOO_LATE" and row.decided_at}
    return {
        alert
        for alert in unsent
        if alert in decided and alert.event_id in expiry and decided[alert] >= expiry[alert.event_id]
    }
