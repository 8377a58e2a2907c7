"""Delivers to what a partner reads on AWS: an event bus in its own account, or a queue that is kept here for it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from services.partners.domain import Answer, Result, Row
from services.partners.messages import text_of

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True)
class PartnerBus:
    """An event's source and type are on the partner's bus what they are on ours."""

    client: "EventBridgeClient"
    arn: str

    @classmethod
    def at(cls, arn: str) -> Self:
        """The bus's own region is asked: EventBridge takes nothing for a bus in another one."""
        return cls(boto3.client("events", region_name=arn.split(":")[3]), arn)

    def send(self, row: Row) -> Result:
        try:
            answer = self.client.put_events(
                Entries=[
                    {
                        "EventBusName": self.arn,
                        "Source": row["source"],
                        "DetailType": row["type"],
                        "Detail": text_of(row),
                        "Time": row["occurred_at"],
                        "Resources": [],
                    }
                ]
            )
        except (ClientError, BotoCoreError) as error:
            return _refused(error)
        [entry] = answer["Entries"]
        return Result(Answer.REFUSED, problem=entry["ErrorCode"]) if "ErrorCode" in entry else Result(Answer.TAKEN)


@dataclass(frozen=True)
class PartnerQueue:
    """A FIFO queue with one group an aggregate, so that the partner gets each order's events in their order."""

    client: "SQSClient"
    url: str

    def send(self, row: Row) -> Result:
        replay = row.get("replay_id", "live")
        try:
            self.client.send_message(
                QueueUrl=self.url,
                MessageBody=text_of(row),
                MessageGroupId=row["aggregate_id"],
                MessageDeduplicationId=f"{row['event_id']}:{replay}",
                MessageAttributes={"type": {"DataType": "String", "StringValue": row["type"]}},
            )
        except (ClientError, BotoCoreError) as error:
            return _refused(error)
        return Result(Answer.TAKEN)


def _refused(error: ClientError | BotoCoreError) -> Result:
    """By the error's code: its text names roles and accounts of ours, and the partner reads its log."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    return Result(Answer.REFUSED, problem=code)
