"""The table's stream: tells where drivers are, and at which stops they arrived."""

from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events import Event
from delivery_events.failures import FailureQueue
from delivery_events.outbox import Change, Outbox
from delivery_events.publish import Publisher

from services.tracking.domain import events_for
from services.tracking.movement import Sensing
from services.tracking.settings import OutboxSettings

Logger()
settings = OutboxSettings.from_env()
sensing = Sensing(moved_every_s=settings.moved_every_s, geofence_m=settings.geofence_m)


def decide(change: Change) -> list[Event[Any]]:
    return events_for(change.old, change.new, sensing)


outbox = Outbox(
    Publisher(boto3.client("events"), bus=settings.bus_name, source="delivery.tracking"),
    FailureQueue(boto3.client("sqs"), settings.failure_queue_url, "tracking-outbox"),
    decide=decide,
    give_up_after=settings.give_up_after_s,
)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return outbox.handle(event)
