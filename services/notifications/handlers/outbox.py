"""The table's stream: publishes what became of alerts, and who opted out."""

from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events.failures import FailureQueue
from delivery_events.outbox import Outbox
from delivery_events.publish import Publisher

from services.notifications.domain import events_for
from services.notifications.settings import OutboxSettings

Logger()
settings = OutboxSettings.from_env()

outbox = Outbox(
    Publisher(boto3.client("events"), bus=settings.bus_name, source="delivery.notifications"),
    FailureQueue(boto3.client("sqs"), settings.failure_queue_url, "notifications-outbox"),
    decide=lambda change: events_for(change.old, change.new),
    give_up_after=settings.give_up_after_s,
)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return outbox.handle(event)
