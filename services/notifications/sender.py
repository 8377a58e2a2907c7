"""One alert to its recipient, once: claim it, look the recipient up, send, record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aws_lambda_powertools import Logger

from services.notifications.domain import Alert, Contact, Limits, Result, decide
from services.notifications.provider import Outgoing, Provider
from services.notifications.rendering import render
from services.notifications.table import Claim

logger = Logger(child=True)


class Table(Protocol):
    def claim(self, alert: Alert, *, now: datetime, lease_s: float, memory_s: float) -> Claim: ...

    def contact(self, recipient_id: str) -> Contact | None: ...

    def record(self, alert: Alert, result: Result, *, now: datetime) -> bool: ...


class ClaimHeld(Exception):  # noqa: N818 - not an error: the queue delivers the alert again
    """Another sender is at this alert. If that one dies, its lease lapses and the alert is free again."""


@dataclass(frozen=True)
class Sender:
    """`lease_s` is longer than a sender's function may run, so that a lapsed lease means that its holder is gone."""

    table: Table
    provider: Provider
    limits: Limits
    lease_s: float
    now: Callable[[], datetime]

    def send(self, alert: Alert) -> Result | None:
        """How the alert ended; None if it had ended before.

        Raises ClaimHeld or Unavailable when it is to be delivered again; the claim that is left then lapses before the
        queue does so.

        A message may go out twice in two cases: the sender dies, or loses DynamoDB, after the provider took the message
        and before the outcome is recorded; or the provider takes it, and its answer does not come in time. SNS takes no
        idempotency key for a phone or a device, so the choice is between that and a message that is lost; whoever is
        sent something twice knows more than whoever waits.
        """
        claim = self.table.claim(alert, now=self.now(), lease_s=self.lease_s, memory_s=self.limits.memory_s)
        if claim is Claim.HELD:
            raise ClaimHeld(alert.alert_id)
        if claim is Claim.DONE:
            return None
        # Looked up only now: an opt-out counts from the moment it is stored.
        result = self._deliver(alert, self.table.contact(alert.recipient_id))
        if not self.table.record(alert, result, now=self.now()):
            logger.error("alert sent after its lease", extra={"alert_id": alert.alert_id, "outcome": result.state})
        return result

    def _deliver(self, alert: Alert, contact: Contact | None) -> Result:
        now = self.now()
        decided = decide(alert, contact, now=now, limits=self.limits)
        if decided or contact is None:
            assert decided  # noqa: S101 - without a contact there is a decision
            return decided
        lifetime = self.limits.deadline(alert) - now
        return self.provider.send(
            Outgoing(alert, contact, render(alert, contact.locale), lifetime_s=lifetime.total_seconds())
        )
