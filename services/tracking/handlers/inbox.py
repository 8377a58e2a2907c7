"""Events of orders and deliveries: an order's row, its timeline, its driver's next stop."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events import Event
from delivery_events.failures import FailureQueue
from delivery_events.inbox import Inbox, Outcome

from services.tracking.following import CONSUMES, follow_event
from services.tracking.settings import InboxSettings
from services.tracking.table import TrackingTable

Logger()
settings = InboxSettings.from_env()
table = TrackingTable(boto3.resource("dynamodb").Table(settings.table_name))


def follow(event: Event[Any]) -> Outcome:
    return follow_event(event, table, now=datetime.now(UTC), kept=settings.kept)


inbox = Inbox(
    {model: follow for model in CONSUMES},  # noqa: C420 - reads as what it is: each of them is followed
    FailureQueue(boto3.client("sqs"), settings.failure_queue_url, "tracking-inbox"),
)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return inbox.handle(event, context)
