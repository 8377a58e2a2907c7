"""The table's stream: publishes the events of every change, then asks for rounds, sets timers, finds drivers' zones,
and tells drivers of their offers and operators of the fleet."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events import Event
from delivery_events.failures import FailureQueue
from delivery_events.outbox import Change, Outbox
from delivery_events.publish import Publisher
from delivery_events.pusher import Pusher, readable, signed_post

from services.dispatch.consequences import Consequences
from services.dispatch.domain import events_for
from services.dispatch.fleet import Fleet
from services.dispatch.pushes import fleet_pushes, offer_pushes
from services.dispatch.queues import Rounds, Timers
from services.dispatch.settings import OutboxSettings
from services.dispatch.table import DispatchTable

Logger()
settings = OutboxSettings.from_env()
sqs = boto3.client("sqs")
pusher = Pusher(signed_post(settings.api_url))
table = DispatchTable(boto3.resource("dynamodb").Table(settings.table_name))
fleet = Fleet(pusher.push, table.fleet_watched_until, now=lambda: datetime.now(UTC))
consequences = Consequences(
    table,
    Rounds(sqs, settings.rounds_queue.url, settings.rounds_queue.window_s),
    Timers(sqs, settings.timers_queue_url),
    now=lambda: datetime.now(UTC),
    time_scale=settings.time_scale,
)


def decide(change: Change) -> list[Event[Any]]:
    return events_for(change.old, change.new)


def follow(change: Change, events: Sequence[Event[Any]]) -> None:
    consequences.follow(change, events)
    pusher.push(readable(lambda: offer_pushes(change)))
    for push in readable(lambda: fleet_pushes(change, events)):
        fleet.add(push)


outbox = Outbox(
    Publisher(boto3.client("events"), bus=settings.bus_name, source="delivery.dispatch"),
    FailureQueue(sqs, settings.failure_queue_url, "dispatch-outbox"),
    decide=decide,
    after=follow,
    give_up_after=settings.give_up_after_s,
)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    answer = outbox.handle(event)
    fleet.flush()
    return answer
