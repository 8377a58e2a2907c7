"""The two queues by which dispatch asks itself for something: rounds of planning, and timers.

Rounds go through a FIFO queue, one group a zone: a zone has one round at a time. The deduplication id is zone and time
window, and the queue's own delay is at least a window, so that a round starts after all the asks of its window, and a
window has one round however often it is asked for. Timers go through a standard queue, as only that has a delay per
message. Both may deliver twice; who receives a message decides by what the table holds.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor
from typing import TYPE_CHECKING, Annotated, Any, Literal

from delivery_events.envelope import Model, Timestamp
from delivery_events.failures import FailureQueue
from pydantic import Field, TypeAdapter

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MOST_DELAY_S = 900  # SQS's limit


class Round(Model):
    """Plan this zone."""

    zone: str


class OfferExpiry(Model):
    """Take back this offer, if nobody answered it by `due`."""

    kind: Literal["offer_expiry"] = "offer_expiry"
    delivery_id: str
    offer_id: str
    due: Timestamp


class RoundAgain(Model):
    """Ask for another round of this zone at `due`: the last one left work open."""

    kind: Literal["round"] = "round"
    zone: str
    due: Timestamp


Timer = Annotated[OfferExpiry | RoundAgain, Field(discriminator="kind")]
read_timer = TypeAdapter[OfferExpiry | RoundAgain](Timer).validate_json


@dataclass(frozen=True)
class Rounds:
    client: "SQSClient"
    url: str
    window_s: float

    def ask(self, zone: str, now: datetime) -> None:
        """Ask for a round of `zone` after this time window."""
        self.client.send_message(
            QueueUrl=self.url,
            MessageBody=Round(zone=zone).model_dump_json(),
            MessageGroupId=zone,
            MessageDeduplicationId=f"{zone}:{floor(now.timestamp() / self.window_s)}",
        )

    def try_again_soon(self, receipt_handle: str) -> None:
        """Have a round that failed delivered again after a window."""
        self.client.change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=receipt_handle, VisibilityTimeout=ceil(self.window_s)
        )


@dataclass(frozen=True)
class Timers:
    client: "SQSClient"
    url: str

    def set(self, timer: OfferExpiry | RoundAgain, now: datetime) -> None:
        """Have `timer` delivered when it is due; if that is more than 15 minutes away, then for its next leg."""
        wait_s = ceil((timer.due - now).total_seconds())
        self.client.send_message(
            QueueUrl=self.url,
            MessageBody=timer.model_dump_json(),
            DelaySeconds=min(MOST_DELAY_S, max(0, wait_s)),
        )


@dataclass(frozen=True)
class RoundFailures(FailureQueue):
    """The failure queue of rounds, FIFO like the queue it serves. One group a message: none waits for another."""

    def park(self, body: str | dict[str, Any], reason: str, *, message_id: str = "") -> None:
        """`message_id` is the SQS id of what is parked; parking it again within five minutes changes nothing."""
        self.client.send_message(
            QueueUrl=self.url,
            MessageBody=body if isinstance(body, str) else json.dumps(body, default=str),
            MessageGroupId=message_id,
            MessageDeduplicationId=message_id,
            MessageAttributes={
                "reason": {"DataType": "String", "StringValue": reason[:1000]},
                "source": {"DataType": "String", "StringValue": self.source},
            },
        )
