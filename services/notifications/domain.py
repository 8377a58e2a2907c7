"""Alerts and contacts: the states of an alert, who may be told, and the events their changes make. No AWS in here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from delivery_events import Event, EventData, new_event
from delivery_events.envelope import Timestamp
from delivery_events.notifications import (
    AlertData,
    AlertFailed,
    AlertFailure,
    AlertSent,
    Audience,
    Channel,
    ContactOptedOut,
)
from pydantic import BaseModel, ConfigDict

Row = Mapping[str, Any]


# -- alerts -----------------------------------------------------------------------------------------------------------

_ALERTS = uuid5(NAMESPACE_URL, "urn:delivery:alerts")


class Alert(BaseModel):
    """One thing to tell one recipient by one channel, as it travels from the inbox to a sender: by ids alone.

    `parameters` fill the template. `valid_until` is when the news is worth nothing any more, such as an offer's expiry.
    `final` marks news of how something ended.
    """

    model_config = ConfigDict(frozen=True)  # fields that a newer inbox adds are left aside

    event_id: str
    order_id: str
    recipient_id: str
    audience: Audience
    channel: Channel
    template: str
    parameters: dict[str, str]
    occurred_at: Timestamp
    valid_until: Timestamp | None = None
    final: bool = False

    @property
    def alert_id(self) -> str:
        """The same for every copy of an alert, so that however often it is asked for, there is one of it."""
        return str(uuid5(_ALERTS, f"{self.event_id}/{self.recipient_id}/{self.channel}"))


class AlertState(StrEnum):
    CLAIMED = "CLAIMED"
    SENT = "SENT"
    SUPPRESSED = "SUPPRESSED"
    FAILED = "FAILED"


CLAIMED, SENT, SUPPRESSED, FAILED = AlertState.CLAIMED, AlertState.SENT, AlertState.SUPPRESSED, AlertState.FAILED


@dataclass(frozen=True)
class Transition:
    """What may happen to an alert in the state `source` (None: nobody has taken it up yet)."""

    source: AlertState | None
    trigger: str
    target: AlertState
    written_by: str
    event: type[EventData] | None


# The whole life of an alert; nobody is told of it. The table's rows are held against this.
TRANSITIONS = (
    Transition(None, "a sender claims it", CLAIMED, "sender", None),
    Transition(CLAIMED, "its lease lapsed, another sender claims it", CLAIMED, "sender", None),
    Transition(CLAIMED, "the provider took it", SENT, "sender", AlertSent),
    Transition(CLAIMED, "the recipient cannot or does not want to be told", SUPPRESSED, "sender", None),
    Transition(CLAIMED, "it is too late, or the provider refuses it for good", FAILED, "sender", AlertFailed),
)


class Suppression(StrEnum):
    """Why an alert was not sent although nothing failed."""

    NO_CONTACT = "NO_CONTACT"
    NO_PHONE = "NO_PHONE"
    NO_DEVICE = "NO_DEVICE"
    OPTED_OUT = "OPTED_OUT"
    TURNED_OFF = "TURNED_OFF"
    NOT_CONFIGURED = "NOT_CONFIGURED"


@dataclass(frozen=True)
class Result:
    """How an alert ended. `message_id` is the provider's, when it took the message."""

    state: AlertState
    reason: str | None = None
    message_id: str | None = None


def sent(message_id: str) -> Result:
    return Result(SENT, message_id=message_id)


def suppressed(reason: Suppression) -> Result:
    return Result(SUPPRESSED, reason.value)


def failed(reason: AlertFailure) -> Result:
    return Result(FAILED, reason.value)


# -- contacts ---------------------------------------------------------------------------------------------------------


class Platform(StrEnum):
    """Whose push service reaches a device."""

    FCM = "FCM"
    APNS = "APNS"


@dataclass(frozen=True)
class Device:
    """A device that takes push messages. `endpoint_arn` is SNS's name for it, made for `endpoint_token`."""

    device_id: str
    platform: Platform
    token: str = field(repr=False)
    endpoint_arn: str | None = field(default=None, repr=False)
    endpoint_token: str | None = field(default=None, repr=False)

    @property
    def endpoint(self) -> str | None:
        """The endpoint that reaches the device; None while there is none for its current token."""
        return self.endpoint_arn if self.endpoint_token == self.token else None


@dataclass(frozen=True)
class Contact:
    """How a recipient can and wants to be reached. `devices` has the one registered last first."""

    recipient_id: str
    phone: str | None = field(default=None, repr=False)
    locale: str = "en"
    turned_off: frozenset[Channel] = frozenset()
    opted_out: frozenset[Channel] = frozenset()
    devices: tuple[Device, ...] = ()


_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def is_phone(number: str) -> bool:
    """Whether `number` is written as E.164 wants it."""
    return _E164.fullmatch(number) is not None


# -- decisions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """How old an alert may be when it is sent, in seconds since its event.

    What is overtaken by events is not worth sending late: "a driver is on the way" after the meal only confuses. How
    something ended stays news, so such an alert is sent however late; but never once its row, which is the memory that
    it was sent, may be gone.
    """

    max_age_s: float
    memory_s: float

    def deadline(self, alert: Alert) -> datetime:
        """The moment from which `alert` is too late."""
        age_s = self.memory_s if alert.final else self.max_age_s
        latest = alert.occurred_at + timedelta(seconds=age_s)
        return min(latest, alert.valid_until) if alert.valid_until else latest


def decide(alert: Alert, contact: Contact | None, *, now: datetime, limits: Limits) -> Result | None:
    """How the alert ends without being sent, or None: send it. What the recipient wants comes first."""
    if contact is None:
        return suppressed(Suppression.NO_CONTACT)
    if alert.channel in contact.opted_out:
        return suppressed(Suppression.OPTED_OUT)
    if alert.channel in contact.turned_off:
        return suppressed(Suppression.TURNED_OFF)
    if alert.channel is Channel.SMS and contact.phone is None:
        return suppressed(Suppression.NO_PHONE)
    if alert.channel is Channel.PUSH and not contact.devices:
        return suppressed(Suppression.NO_DEVICE)
    if now >= limits.deadline(alert):
        return failed(AlertFailure.TOO_LATE)
    if alert.channel is Channel.SMS and contact.phone is not None and not is_phone(contact.phone):
        return failed(AlertFailure.BAD_ADDRESS)
    return None


# -- events -----------------------------------------------------------------------------------------------------------

_EVENT_ON_ENTERING: Mapping[str, type[AlertData]] = {SENT: AlertSent, FAILED: AlertFailed}


def events_for(old: Row | None, new: Row | None) -> list[Event[Any]]:
    """The events of one change of an alert's or a contact's row. Other rows and technical changes make none."""
    if new is None or (old and old["sequence"] == new["sequence"]):
        return []
    if new["sk"] == "ALERT" and new["state"] in _EVENT_ON_ENTERING:
        kind = _EVENT_ON_ENTERING[new["state"]]
        data = kind(**{name: new[name] for name in kind.model_fields if name in new})
        return [_event(data, new, aggregate_id=new["alert_id"], correlation_id=new["order_id"])]
    if new["sk"] == "CONTACT" and _opted_out(new) - _opted_out(old or {}):
        who = new["recipient_id"]
        opted_out = ContactOptedOut(recipient_id=who, channels=[Channel(name) for name in sorted(_opted_out(new))])
        return [_event(opted_out, new, aggregate_id=who, correlation_id=who)]
    return []


def _opted_out(row: Row) -> frozenset[str]:
    return frozenset(row.get("opted_out", ()))


def _event(data: EventData, row: Row, *, aggregate_id: str, correlation_id: str) -> Event[Any]:
    return new_event(
        data,
        aggregate_id=aggregate_id,
        sequence=row["sequence"],
        occurred_at=datetime.fromisoformat(row["occurred_at"]),
        correlation_id=correlation_id,
        causation_id=row["caused_by"],
    )
