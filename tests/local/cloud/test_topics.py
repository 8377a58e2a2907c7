"""SNS topics and the queues that subscribe to them."""

import json
from typing import Any

import pytest

from local.aws import Aws
from tests.local.cloud.resources import ACCOUNT_ARN, Queue

pytestmark = pytest.mark.local_cloud


@pytest.fixture
def topic(aws: Aws, name: str) -> str:
    arn: str = aws.client("sns").create_topic(Name=name)["TopicArn"]
    return arn


def subscribe(aws: Aws, topic: str, queue_arn: str, dead: Queue) -> None:
    redrive = json.dumps({"deadLetterTargetArn": dead.arn})
    attributes = {"RawMessageDelivery": "true", "RedrivePolicy": redrive}
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn, Attributes=attributes)


def publish(aws: Aws, topic: str) -> None:
    kind = {"channel": {"DataType": "String", "StringValue": "SMS"}}
    aws.client("sns").publish(TopicArn=topic, Message="hello", MessageAttributes=kind)


def assert_has_the_message(dead: Queue) -> None:
    letter: dict[str, Any] = dead.receive()
    assert letter["Body"] == "hello"
    assert letter["MessageAttributes"]["channel"]["StringValue"] == "SMS"


def test_a_message_for_a_missing_queue_becomes_a_dead_letter(aws: Aws, topic: str, name: str) -> None:
    """AWS: a subscriber that is gone is a client-side error: no retries, the message goes to the dead-letter queue."""
    dead = Queue(aws, name)
    subscribe(aws, topic, f"arn:aws:sqs:{ACCOUNT_ARN}:gone", dead)

    publish(aws, topic)

    assert_has_the_message(dead)


def test_a_message_for_a_queue_that_does_not_allow_it_becomes_a_dead_letter(aws: Aws, topic: str, name: str) -> None:
    """AWS: a policy that does not let the topic send is a client-side error, too."""
    closed = Queue(aws, f"{name}-closed", allow={"Principal": {"Service": "events.amazonaws.com"}})
    dead = Queue(aws, name)
    subscribe(aws, topic, closed.arn, dead)

    publish(aws, topic)

    assert_has_the_message(dead)
