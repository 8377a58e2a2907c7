"""Events of deliveries move their orders on."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events import Event
from delivery_events.failures import FailureQueue
from delivery_events.inbox import Inbox, Outcome

from services.orders.carrying import CONSUMES, follow_delivery
from services.orders.settings import InboxSettings
from services.orders.table import OrdersTable

Logger()
settings = InboxSettings.from_env()
table = OrdersTable(boto3.resource("dynamodb").Table(settings.table_name))


def follow(event: Event[Any]) -> Outcome:
    return follow_delivery(event, table, now=datetime.now(UTC))


inbox = Inbox(
    {model: follow for model in CONSUMES},  # noqa: C420 - reads as what it is: each of them is followed
    FailureQueue(boto3.client("sqs"), settings.failure_queue_url, "orders-inbox"),
)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return inbox.handle(event, context)
