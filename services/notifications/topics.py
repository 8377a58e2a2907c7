"""Alerts to the SNS topics, one topic for each audience. The channel queues subscribe by message attribute."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from delivery_events.notifications import Audience

from services.notifications.domain import Alert

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import PublishBatchRequestEntryTypeDef

MAX_ENTRIES = 10  # a batch has no more; an event makes far fewer alerts


class NotPublished(Exception):  # noqa: N818 - it names what it holds
    """Some alerts did not reach their topic; the text has SNS's reason for each channel."""


class AlertTopics:
    def __init__(self, client: "SNSClient", topics: Mapping[Audience, str]) -> None:
        self._client = client
        self._topics = topics

    def publish(self, alerts: Sequence[Alert]) -> None:
        """Publish the alerts of one event. Raises NotPublished if any was not; all may then be published again, as a
        sender takes up each only once."""
        for audience, topic_arn in self._topics.items():
            entries = [_entry(alert) for alert in alerts if alert.audience is audience]
            for start in range(0, len(entries), MAX_ENTRIES):
                self._put(topic_arn, entries[start : start + MAX_ENTRIES])

    def _put(self, topic_arn: str, entries: "list[PublishBatchRequestEntryTypeDef]") -> None:
        answer = self._client.publish_batch(TopicArn=topic_arn, PublishBatchRequestEntries=entries)
        if failed := answer.get("Failed"):
            raise NotPublished({entry["Id"]: entry["Code"] for entry in failed})


def _entry(alert: Alert) -> "PublishBatchRequestEntryTypeDef":
    attributes = {"audience": alert.audience.value, "channel": alert.channel.value, "template": alert.template}
    return {
        "Id": alert.alert_id,
        "Message": alert.model_dump_json(exclude_none=True),
        "MessageAttributes": {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
    }
