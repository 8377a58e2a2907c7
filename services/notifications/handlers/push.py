"""The queue of push messages: sends each alert to its recipient's devices."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events.failures import FailureQueue

from services.notifications.channel_queue import ChannelQueue
from services.notifications.mobile_push import MobilePush
from services.notifications.provider import SNS_CONFIG
from services.notifications.sender import Sender
from services.notifications.settings import PushSettings, SenderSettings
from services.notifications.table import NotificationsTable

Logger()
settings = SenderSettings.from_env()
table = NotificationsTable(boto3.resource("dynamodb").Table(settings.table_name))

queue = ChannelQueue(
    Sender(
        table=table,
        provider=MobilePush(boto3.client("sns", config=SNS_CONFIG), table, PushSettings.from_env().applications),
        limits=settings.limits,
        lease_s=settings.lease_s,
        now=lambda: datetime.now(UTC),
    ),
    FailureQueue(boto3.client("sqs"), settings.failure_queue_url, "notifications-push"),
)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return queue.handle(event, context)
