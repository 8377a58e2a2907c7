"""Events of orders open, date and cancel deliveries; events of tracking say where drivers are and what they reached."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events.failures import FailureQueue
from delivery_events.inbox import Inbox

from services.dispatch.following import Following
from services.dispatch.settings import InboxSettings
from services.dispatch.table import DispatchTable

Logger()
settings = InboxSettings.from_env()
following = Following(
    DispatchTable(boto3.resource("dynamodb").Table(settings.table_name)),
    now=lambda: datetime.now(UTC),
)
inbox = Inbox(following.handlers(), FailureQueue(boto3.client("sqs"), settings.failure_queue_url, "dispatch-inbox"))


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return inbox.handle(event, context)
