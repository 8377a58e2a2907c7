"""What both channels' providers have in common: which of SNS's answers are for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from delivery_events.notifications import AlertFailure, Channel

from services.notifications.domain import Alert, Contact, Result
from services.notifications.rendering import Message

CONNECT_S, READ_S = 2, 8
CALL_S = CONNECT_S + READ_S  # how long a call to SNS can take

# A publish is not idempotent, and after a time-out the SDK cannot know whether the message went out: it must not try
# again by itself. The queue does, and the alert's claim stands in between. A call is over well within a claim's lease.
SNS_CONFIG = Config(
    connect_timeout=CONNECT_S, read_timeout=READ_S, retries={"mode": "standard", "total_max_attempts": 1}
)


class Unavailable(Exception):  # noqa: N818 - it says what is the matter, as a queue's consumer reports it
    """The provider may take the message later. The text is an error code alone: SNS's own texts quote numbers."""


@dataclass(frozen=True)
class Outgoing:
    """What a provider is given. `lifetime_s`: for how many seconds from now it is worth delivering, more than 0."""

    alert: Alert
    contact: Contact
    message: Message
    lifetime_s: float


class Provider(Protocol):
    """Sends one channel's messages. Raises Unavailable when another attempt may succeed."""

    channel: Channel

    def send(self, outgoing: Outgoing) -> Result: ...


# The same request would get the same answer each time. Whatever is not in here is tried again, and ends in the failure
# queue if that does not help: throttling and outages, but also a permission or a platform application that is missing.
_FOR_GOOD: Mapping[str, AlertFailure] = {
    "InvalidParameter": AlertFailure.BAD_ADDRESS,
    "ParameterValueInvalid": AlertFailure.BAD_ADDRESS,
    "Validation": AlertFailure.BAD_ADDRESS,
    "EndpointDisabled": AlertFailure.BAD_ADDRESS,
    "OptedOut": AlertFailure.REFUSED,  # at the carrier, by answering STOP
}


def code(error: ClientError | BotoCoreError) -> str:
    """The error's code, which can be logged; its text cannot."""
    full = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    return full.removesuffix("Exception")


def failure(error: ClientError | BotoCoreError) -> AlertFailure:
    """Why the provider will never take the message. Raises Unavailable if it may."""
    reason = _FOR_GOOD.get(code(error))
    if reason is None:
        raise Unavailable(code(error)) from None
    return reason
