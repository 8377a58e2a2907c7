"""The queue of text messages: sends each alert to its recipient's phone."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events.failures import FailureQueue

from services.notifications.channel_queue import ChannelQueue
from services.notifications.provider import SNS_CONFIG
from services.notifications.sender import Sender
from services.notifications.settings import SenderSettings, SmsSettings
from services.notifications.table import NotificationsTable
from services.notifications.text_messages import TextMessages

Logger()
settings = SenderSettings.from_env()
sms = SmsSettings.from_env()

queue = ChannelQueue(
    Sender(
        table=NotificationsTable(boto3.resource("dynamodb").Table(settings.table_name)),
        provider=TextMessages(
            boto3.client("sns", config=SNS_CONFIG), max_price_usd=sms.max_price_usd, sender_id=sms.sender_id
        ),
        limits=settings.limits,
        lease_s=settings.lease_s,
        now=lambda: datetime.now(UTC),
    ),
    FailureQueue(boto3.client("sqs"), settings.failure_queue_url, "notifications-sms"),
)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return queue.handle(event, context)
