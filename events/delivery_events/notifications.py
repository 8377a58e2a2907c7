"""Events of the notifications service: who was told what. They name recipients by id, never by phone or token."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from delivery_events.envelope import EventData


class Channel(StrEnum):
    SMS = "SMS"
    PUSH = "PUSH"


class Audience(StrEnum):
    CUSTOMER = "CUSTOMER"
    DRIVER = "DRIVER"


class AlertFailure(StrEnum):
    """Why an alert did not go out."""

    BAD_ADDRESS = "BAD_ADDRESS"
    REFUSED = "REFUSED"
    TOO_LATE = "TOO_LATE"


class AlertData(EventData):
    SOURCE: ClassVar[str] = "delivery.notifications"

    alert_id: str = Field(description="Names the alert: one for an event, a recipient and a channel.")
    event_id: str = Field(description="The event that the recipient is told of.")
    order_id: str = Field(description="The order it is about.")
    recipient_id: str = Field(description="Who is told: the `sub` of an account.")
    audience: Audience = Field(description="In which role the recipient is told.")
    channel: Channel = Field(description="By which channel.")
    template: str = Field(description="Which message.", examples=["delivery_assigned"])


class AlertSent(AlertData):
    """The channel's provider took the message."""

    TYPE = "alert.sent"


class AlertFailed(AlertData):
    """The message did not go out and will not."""

    TYPE = "alert.failed"
    reason: AlertFailure = Field(description="Why it did not go out.")


class ContactOptedOut(EventData):
    """A recipient wants no more alerts, or no more of one channel."""

    TYPE = "contact.opted_out"
    SOURCE: ClassVar[str] = "delivery.notifications"

    recipient_id: str = Field(description="The `sub` of the account.")
    channels: list[Channel] = Field(description="The channels that are now off.")
