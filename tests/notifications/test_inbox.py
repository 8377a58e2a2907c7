"""The inbox handler on moto: from events to the topics."""

from collections.abc import Iterator

import boto3
import pytest

from services.notifications.domain import Alert
from tests.accounts import Account, account
from tests.events.samples import event
from tests.lambdas import Function, delivered

HANDLER = "services.notifications.handlers.inbox"


@pytest.fixture
def aws() -> Iterator[Account]:
    with account("notifications") as each:
        yield each


class Inbox:
    """The inbox with its topics, each of which has a queue that takes everything."""

    def __init__(self, aws: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        self._aws, self._sns = aws, boto3.client("sns")
        self.topics = {name: self._topic(name) for name in ("CUSTOMER", "DRIVER")}
        environment = {f"{name}_ALERTS_TOPIC_ARN": arn for name, arn in self.topics.items()}
        self.function = Function(
            "services.notifications.handlers.inbox", {**aws.environment, **environment}, monkeypatch
        )

    def _topic(self, name: str) -> str:
        arn = self._sns.create_topic(Name=name)["TopicArn"]
        queue = self._aws.sqs.get_queue_attributes(QueueUrl=self._aws.queue(name), AttributeNames=["QueueArn"])
        raw = {"RawMessageDelivery": "true"}
        self._sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue["Attributes"]["QueueArn"], Attributes=raw)
        return arn

    def told(self, audience: str) -> list[tuple[str, str, str]]:
        url = self._aws.queue(audience)
        found = [Alert.model_validate_json(message["Body"]) for message in self._aws.waiting(url)]
        return sorted((each.template, each.recipient_id, each.channel.value) for each in found)


def test_events_become_alerts_and_the_unreadable_are_parked(aws: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = Inbox(aws, monkeypatch)
    known = [
        event("delivery.picked_up.v1"),
        event("delivery.offered.v1"),
        event("delivery.cancelled.v1", driver_id=None),
    ]
    foreign = delivered(event("order.placed.v1"))
    assert inbox.function.messages("{}", foreign, *map(delivered, known)) == []
    assert inbox.told("CUSTOMER") == [
        ("delivery_picked_up", "customer-1", "PUSH"),
        ("delivery_picked_up", "customer-1", "SMS"),
    ]
    assert inbox.told("DRIVER") == [
        ("delivery_offered", "driver-1", "PUSH"),
        ("delivery_offered", "driver-1", "SMS"),
    ]
    assert [body for body, _ in aws.parked()] == ["{}", foreign]


def test_an_event_whose_topic_is_out_of_reach_is_delivered_again(aws: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = Inbox(aws, monkeypatch)
    boto3.client("sns").delete_topic(TopicArn=inbox.topics["DRIVER"])
    events = [event("delivery.offered.v1"), event("delivery.picked_up.v1")]
    assert inbox.function.messages(*map(delivered, events)) == ["0"]
    assert len(inbox.told("CUSTOMER")) == 2
