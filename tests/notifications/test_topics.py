"""Alerts on their way to the channel queues, through topics on moto."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from delivery_events.notifications import Audience, Channel
from moto import mock_aws

from services.notifications.domain import Alert
from services.notifications.topics import AlertTopics, NotPublished
from tests.notifications.made import alert

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

BOTH = [alert(Channel.SMS), alert(Channel.PUSH)]
OFFERED = [alert(channel, audience=Audience.DRIVER, recipient_id="driver-1") for channel in Channel]


@pytest.fixture
def sqs() -> "Iterator[SQSClient]":
    with mock_aws():
        yield boto3.client("sqs")


def topics(sqs: "SQSClient") -> AlertTopics:
    """A topic for each audience, and a queue for each channel of each, as stack.py subscribes them."""
    sns = boto3.client("sns")
    arns = {audience: sns.create_topic(Name=audience.lower())["TopicArn"] for audience in Audience}
    for audience, arn in arns.items():
        for channel in Channel:
            url = sqs.create_queue(QueueName=f"{audience}-{channel}")["QueueUrl"]
            queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            attributes = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"channel": [channel]})}
            sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue, Attributes=attributes)
    return AlertTopics(sns, arns)


def waiting(sqs: "SQSClient", audience: Audience, channel: Channel) -> list[Alert]:
    url = sqs.get_queue_url(QueueName=f"{audience}-{channel}")["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [Alert.model_validate_json(message["Body"]) for message in messages]


def test_each_alert_reaches_the_queue_of_its_channel_as_it_was(sqs: "SQSClient") -> None:
    topics(sqs).publish([*BOTH, *OFFERED])
    for audience, alerts in ((Audience.CUSTOMER, BOTH), (Audience.DRIVER, OFFERED)):
        for each in alerts:
            assert waiting(sqs, audience, each.channel) == [each]


def test_an_audience_without_alerts_is_not_bothered(sqs: "SQSClient") -> None:
    topics(sqs).publish(BOTH)
    assert waiting(sqs, Audience.DRIVER, Channel.SMS) == []


class Refusing:
    def publish_batch(self, **request: Any) -> dict[str, Any]:
        first, *others = request["PublishBatchRequestEntries"]
        failed = {"Id": first["Id"], "Code": "InternalError", "SenderFault": False}
        return {"Failed": [failed], "Successful": [{"Id": entry["Id"]} for entry in others]}


def test_an_alert_that_a_topic_did_not_take_is_an_error() -> None:
    refusing = AlertTopics(cast("SNSClient", Refusing()), {Audience.CUSTOMER: "arn:topic"})
    with pytest.raises(NotPublished, match="InternalError"):
        refusing.publish(BOTH)


def test_a_newer_inbox_may_say_more_than_a_sender_knows() -> None:
    newer = json.loads(BOTH[0].model_dump_json()) | {"campaign": "none"}
    assert Alert.model_validate_json(json.dumps(newer)) == BOTH[0]
