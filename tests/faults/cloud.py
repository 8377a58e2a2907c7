"""The deployed platform as whoever breaks it and repairs it sees it."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import boto3
import httpx
from delivery_events import Event
from typer.testing import CliRunner

from infra import names
from local.cli import app
from local.environment.workspace import STATE_DIR_VARIABLE
from local.failures import queues
from local.failures.listing import list_failures
from local.failures.reasons import Failure
from local.simulator.accounts import Account, Accounts, Wanted
from local.trace.log_lines import read
from tests.deployed import Deployed
from tests.events import samples

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

PATIENCE = 120.0  # wall seconds for any step; each takes about one, and a cold start on a busy machine some more

T = TypeVar("T")


def until(ask: Callable[[], T], wanted: Callable[[T], bool]) -> T:
    """What `ask` answers once it is `wanted`; what it answered last, when that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not wanted(answer := ask()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return answer


def some_event(detail_type: str, order_id: str | None = None, *, sequence: int = 1, **values: Any) -> Event[Any]:
    """An event about an order and people that nobody else has heard of."""
    order_id = order_id or str(uuid4())
    about = {"order_id": order_id, "customer_id": f"customer-of-{order_id}", "driver_id": f"driver-of-{order_id}"}
    return samples.event(detail_type, sequence=sequence, occurred_at=datetime.now(UTC), **about, **values)


def event_id(event: Event[Any]) -> str:
    return str(event.metadata.event_id)


def envelope(event: Event[Any], **changes: Any) -> str:
    """What EventBridge puts into a queue."""
    content = {
        "source": event.data.SOURCE,
        "detail-type": event.detail_type,
        "detail": json.loads(event.model_dump_json(exclude_none=True)),
    }
    return json.dumps(content | changes)


@dataclass(frozen=True)
class Cloud:
    deployed: Deployed

    def client(self, service: str) -> Any:
        return self.deployed.platform.aws.client(service)

    @cached_property
    def sqs(self) -> Any:
        return self.client("sqs")

    # -- queues

    def url(self, queue: str) -> str:
        url: str = self.sqs.get_queue_url(QueueName=names.PREFIX + queue)["QueueUrl"]
        return url

    def send(self, queue: str, *bodies: str) -> None:
        """As one batch, in this order."""
        fifo = {"MessageGroupId": "zone"} if queue.endswith(names.FIFO) else {}
        entries = [
            {"Id": str(n), "MessageBody": body} | (fifo | {"MessageDeduplicationId": str(uuid4())} if fifo else {})
            for n, body in enumerate(bodies)
        ]
        assert not self.sqs.send_message_batch(QueueUrl=self.url(queue), Entries=entries).get("Failed")

    def failures(self, consumer: str) -> list[Failure]:
        """As `delivery failures list` has them, by reason."""
        (found,) = list_failures(self.deployed.platform.aws, [consumer])
        return sorted(found.failures, key=lambda failure: str(failure.reason))

    def take(self, consumer: str) -> list[queues.Message]:
        """What lies in a failure queue, taken out of it."""
        queue = next(each for each in queues.find(self.sqs) if each.consumer == consumer)
        messages = queues.receive(self.sqs, queue, hidden_s=60)
        for message in messages:
            self.sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=message.receipt)
        return messages

    def park(self, consumer: str, body: str) -> None:
        """Into a failure queue."""
        self.sqs.send_message(QueueUrl=self.url(consumer + names.FAILURES), MessageBody=body)

    # -- commands

    def run(self, *command: str) -> tuple[int, Any]:
        """`delivery …`: its exit code and what it printed as JSON."""
        state_dir = {STATE_DIR_VARIABLE: str(self.deployed.workspace.state_dir)}
        ended = CliRunner().invoke(app, [*command, "--json"], env=state_dir)
        assert ended.exit_code in (0, 1), ended.output
        return ended.exit_code, json.loads(ended.stdout)

    def redrive(self, consumer: str) -> tuple[int, Any]:
        """`delivery failures redrive`: its exit code and what it says of the queue."""
        code, queues_ = self.run("failures", "redrive", consumer, "--wait", str(PATIENCE))
        return code, queues_[0]

    # -- what happened

    def outcomes(self, function: str, event: Event[Any]) -> list[str]:
        """What a consumer's log says came of an event, each time that it was handled."""
        lines = read(self.client("logs"), names.log_group(f"{names.PREFIX}{function}"), f'"{event_id(event)}"', 0)
        return [line["outcome"] for _, line in lines if line.get("event_id") == event_id(event) and "outcome" in line]

    def published(self, text: str) -> list[dict[str, Any]]:
        """The `metadata` of every event on the bus that names `text`, as often as it was published."""
        return [event["detail"]["metadata"] for _, event in read(self.client("logs"), names.EVENT_LOG, f'"{text}"', 0)]

    def table(self, service: str) -> "Table":
        resource = boto3.resource(
            "dynamodb",
            endpoint_url=self.deployed.platform.cloud_url,
            region_name=self.deployed.platform.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        return resource.Table(names.of(service))

    def rows(self, service: str, partition: str) -> list[dict[str, Any]]:
        found = self.table(service).query(
            KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": partition}, ConsistentRead=True
        )
        return found["Items"]

    # -- the API

    def account(
        self, name: str, group: str, merchant_id: str | None = None, *, partner_id: str | None = None
    ) -> Account:
        platform = self.deployed.platform
        accounts = Accounts(
            self.client("cognito-idp"), user_pool_id=platform.user_pool_id, client_id=platform.client_id
        )
        return accounts.ensure([Wanted(name, group, merchant_id, partner_id)])[name]

    def ask(self, token: str | None, request: dict[str, Any] | bytes) -> dict[str, Any]:
        """The API's answer to a request, or to what stands in for one."""
        content = request if isinstance(request, bytes) else json.dumps(request).encode()
        headers = {"content-type": "application/json"} | ({"authorization": token} if token else {})
        url = self.deployed.platform.graphql_url
        answer: dict[str, Any] = httpx.post(url, content=content, headers=headers, timeout=60).json()
        return answer
