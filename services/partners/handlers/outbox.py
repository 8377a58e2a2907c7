"""The table's stream: publishes which partners were disabled or enabled, and starts replays that were asked for."""

from collections.abc import Sequence
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events import Event
from delivery_events.failures import FailureQueue
from delivery_events.outbox import Change, Outbox
from delivery_events.publish import Publisher

from services.partners.domain import events_for
from services.partners.messages import ReplayTurn
from services.partners.settings import OutboxSettings

Logger()
settings = OutboxSettings.from_env()
sqs = boto3.client("sqs")


def start_replay(change: Change, _events: Sequence[Event[Any]]) -> None:
    if change.old is None and change.new is not None and change.new["sk"].startswith("REPLAY#"):
        turn = ReplayTurn(partner_id=change.new["partner_id"], replay_id=change.new["replay_id"])
        sqs.send_message(QueueUrl=settings.replay_queue_url, MessageBody=turn.model_dump_json())


outbox = Outbox(
    Publisher(boto3.client("events"), bus=settings.bus_name, source="delivery.partners"),
    FailureQueue(sqs, settings.failure_queue_url, "partners-outbox"),
    decide=lambda change: events_for(change.old, change.new),
    after=start_replay,
    give_up_after=settings.give_up_after_s,
)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return outbox.handle(event)
