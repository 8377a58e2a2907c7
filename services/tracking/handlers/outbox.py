"""The table's stream: tells where drivers are and at which stops they arrived, and what changed, to whoever watches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events import Event
from delivery_events.failures import FailureQueue
from delivery_events.outbox import Change, Outbox
from delivery_events.publish import Publisher
from delivery_events.pusher import Pusher, readable, signed_post

from services.tracking.coalescing import Latest
from services.tracking.domain import events_for, newly_watched
from services.tracking.movement import Sensing
from services.tracking.pushes import changes, movements
from services.tracking.settings import OutboxSettings
from services.tracking.table import TrackingTable

Logger()
settings = OutboxSettings.from_env()
sensing = Sensing(moved_every_s=settings.moved_every_s, geofence_m=settings.geofence_m)
table = TrackingTable(boto3.resource("dynamodb").Table(settings.table_name))
pusher = Pusher(signed_post(settings.api_url))
positions = Latest(pusher.push)


def decide(change: Change) -> list[Event[Any]]:
    return events_for(change.old, change.new, sensing)


def follow(change: Change, _events: Sequence[Event[Any]]) -> None:
    if (stop := newly_watched(change.old, change.new)) is not None:
        table.watch(stop)
    for movement in readable(lambda: movements(change, settings.speed_mps)):
        positions.add(movement, datetime.fromisoformat((change.new or {})["occurred_at"]))
    pusher.push(readable(lambda: changes(change)))


outbox = Outbox(
    Publisher(boto3.client("events"), bus=settings.bus_name, source="delivery.tracking"),
    FailureQueue(boto3.client("sqs"), settings.failure_queue_url, "tracking-outbox"),
    decide=decide,
    after=follow,
    give_up_after=settings.give_up_after_s,
)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    answer = outbox.handle(event)
    positions.flush()
    return answer
