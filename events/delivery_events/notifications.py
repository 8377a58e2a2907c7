"""Events of the notifications service: who was told what. They name recipients by id, never by phone or token."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from delivery_events.envelope import EventData
from delivery_events.values import CustomerId, OrderId


class Channel(StrEnum):
    """How a message travels."""

    SMS = "SMS"
    PUSH = "PUSH"


class Audience(StrEnum):
    """In which role somebody is told."""

    CUSTOMER = "CUSTOMER"
    DRIVER = "DRIVER"


class AlertFailure(StrEnum):
    """Why an alert did not go out."""

    BAD_ADDRESS = "BAD_ADDRESS"
    REFUSED = "REFUSED"
    TOO_LATE = "TOO_LATE"


class AlertData(EventData):
    """One message to one recipient by one channel."""

    SOURCE: ClassVar[str] = "delivery.notifications"

    alert_id: str = Field(
        description="Names the alert: one for an event, a recipient and a channel.",
        examples=["2f9d64a7-0c83-5b1e-9f72-d4a8c6e1b530"],
    )
    event_id: str = Field(
        description="The event that the recipient is told of.", examples=["7c3e8f10-5b2d-5e94-8a6f-1d0c9b7e4a35"]
    )
    order_id: OrderId = Field(description="The order it is about.")
    recipient_id: CustomerId = Field(description="Who is told: the `sub` of an account.")
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

    recipient_id: CustomerId = Field(description="The `sub` of the account.")
    channels: list[Channel] = Field(description="The channels that are now off.")
