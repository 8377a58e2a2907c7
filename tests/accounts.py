"""An AWS account on moto, with what a service's handlers are given."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from tests.tables import Index, moto_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

BUS = "delivery"


@dataclass(frozen=True)
class Account:
    """One service's part of an account: its table, its failure queue, and the bus."""

    table: "Table"
    sqs: "SQSClient"
    failures: str

    @property
    def environment(self) -> dict[str, str]:
        """What infra/constructs gives every function."""
        return {
            "TABLE_NAME": self.table.name,
            "BUS_NAME": BUS,
            "FAILURE_QUEUE_URL": self.failures,
            "GIVE_UP_AFTER": "300",
            "API_URL": "http://api.invalid/graphql",
        }

    def rows(self) -> list[dict[str, Any]]:
        return list(self.table.scan(ConsistentRead=True)["Items"])

    def queue(self, name: str) -> str:
        return self.sqs.create_queue(QueueName=name)["QueueUrl"]

    def waiting(self, url: str) -> "list[MessageTypeDef]":
        """The messages that a queue holds, ready or delayed; they are taken out of it."""
        received = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        return received.get("Messages", [])

    def parked(self) -> list[tuple[str, str]]:
        """Body and reason of everything in the failure queue."""
        return [(m["Body"], m["MessageAttributes"]["reason"]["StringValue"]) for m in self.waiting(self.failures)]

    def published(self) -> list[dict[str, Any]]:
        """What was put on the bus, as its rules deliver it."""
        url = self.sqs.get_queue_url(QueueName="bus")["QueueUrl"]
        return [json.loads(message["Body"]) for message in self.waiting(url)]


@contextmanager
def account(service: str, indexes: Sequence[Index] = ()) -> Iterator[Account]:
    with moto_table(f"delivery-{service}", indexes) as table:
        sqs = boto3.client("sqs")
        _record_bus(sqs)
        yield Account(table, sqs, sqs.create_queue(QueueName="failures")["QueueUrl"])


def _record_bus(sqs: "SQSClient") -> None:
    """Every event on the bus goes to the queue `bus`, too."""
    url = sqs.create_queue(QueueName="bus")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events = boto3.client("events")
    events.create_event_bus(Name=BUS)
    pattern = json.dumps({"source": [{"prefix": "delivery."}]})
    events.put_rule(Name="all", EventBusName=BUS, EventPattern=pattern)
    events.put_targets(Rule="all", EventBusName=BUS, Targets=[{"Id": "queue", "Arn": arn}])
