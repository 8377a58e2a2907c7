"""What goes from one function of this service to another, and what a partner is sent."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from delivery_events import Event
from delivery_events.envelope import Model
from delivery_events.failures import FailureQueue
from delivery_events.public import public_detail
from pydantic import ConfigDict, Field

from services.partners.domain import Row

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class Turn(Model):
    """It is this event's turn to be delivered; the partner's queue has one group an aggregate."""

    model_config = ConfigDict(populate_by_name=True)

    detail_type: str = Field(alias="detail-type")
    event_id: str
    aggregate_id: str
    event_sequence: int

    @classmethod
    def of(cls, row: Row) -> "Turn":
        return cls(
            detail_type=row["type"],
            event_id=row["event_id"],
            aggregate_id=row["aggregate_id"],
            event_sequence=row["event_sequence"],
        )


class ReplayTurn(Model):
    """Go on with a replay, after the delivery at `cursor`; `count` are queued already."""

    partner_id: str
    replay_id: str
    cursor: str | None = None
    count: int = 0


class Deliveries:
    """The partners' own queues."""

    def __init__(self, client: "SQSClient", prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._urls: dict[str, str] = {}

    def queue(self, partner_id: str, row: Row, *, once: str) -> None:
        """Have a delivery attempted. SQS drops a second message with the same `once` within five minutes."""
        self._client.send_message(
            QueueUrl=self._url(partner_id),
            MessageBody=Turn.of(row).model_dump_json(by_alias=True),
            MessageGroupId=row["aggregate_id"],
            MessageDeduplicationId=once,
        )

    def _url(self, partner_id: str) -> str:
        if partner_id not in self._urls:
            name = f"{self._prefix}{partner_id}.fifo"
            self._urls[partner_id] = self._client.get_queue_url(QueueName=name)["QueueUrl"]
        return self._urls[partner_id]


class DeliveryFailures(FailureQueue):
    """A partner's failure queue, FIFO like the queue it serves. One group a message: none waits for another."""

    def park(self, body: str | dict[str, Any], reason: str, *, once: str = "") -> None:
        """Parking the same again within five minutes changes nothing, if `once` is the same."""
        self.client.send_message(
            QueueUrl=self.url,
            MessageBody=body if isinstance(body, str) else json.dumps(body, default=str),
            MessageGroupId=once,
            MessageDeduplicationId=once,
            MessageAttributes={
                "reason": {"DataType": "String", "StringValue": reason[:1000]},
                "source": {"DataType": "String", "StringValue": self.source},
            },
        )


def document(event: Event[Any]) -> dict[str, Any]:
    """What a partner is sent of an event: as Standard Webhooks recommends it, and `delivery_events.parse_public` reads
    it. Nothing internal is in it."""
    public = public_detail(event)
    return {"type": event.detail_type, "timestamp": public["metadata"]["occurred_at"], **public}


def text_of(row: Row) -> str:
    """The document of a delivery as it is sent; a replayed one names its replay."""
    content: Mapping[str, Any] = json.loads(row["document"])
    marked = {**content, "replay": row["replay_id"]} if "replay_id" in row else content
    return json.dumps(marked, separators=(",", ":"), ensure_ascii=False)
