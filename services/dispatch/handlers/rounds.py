"""One round of planning for the zone that a message names: queues.py says how rounds are asked for.

A zone has no other round while one of its messages is being handled. So a message that names no zone is parked at once,
and a round that fails is tried again a window later, not after the queue's much longer visibility timeout.
"""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from services.dispatch import rounds
from services.dispatch.last_rounds import LastRounds
from services.dispatch.queues import Round, RoundAgain, RoundFailures, Rounds, Timers
from services.dispatch.settings import QueueSettings, RoundSettings
from services.dispatch.table import DispatchTable

logger = Logger()
settings, planning = QueueSettings.from_env(), RoundSettings.from_env()
sqs = boto3.client("sqs")
table = DispatchTable(boto3.resource("dynamodb").Table(settings.table_name))
queue = Rounds(sqs, settings.rounds_queue.url, settings.rounds_queue.window_s)
timers = Timers(sqs, settings.timers_queue_url)
last = LastRounds()
failures = RoundFailures(sqs, settings.failure_queue_url, "dispatch-rounds")


def clock() -> datetime:
    return datetime.now(UTC)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    failed = [record["messageId"] for record in event["Records"] if not done(record)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def done(record: dict[str, Any]) -> bool:
    """Whether the message is dealt with; if not, it is delivered again."""
    try:
        asked = Round.model_validate_json(record["body"])
    except ValidationError as error:
        logger.error("round parked", extra={"reason": str(error), "message_id": record["messageId"]})
        failures.park(record["body"], str(error), message_id=record["messageId"])
        return True
    try:
        run(asked.zone)
    except Exception:
        logger.exception("round failed", extra={"zone": asked.zone})
        queue.try_again_soon(record["receiptHandle"])
        return False
    return True


def run(zone: str) -> None:
    """Run the round, and ask for another one if it leaves work open."""
    result = rounds.run(zone, table, last, clock=clock, settings=planning)
    if result.left_open:
        now = clock()
        # The queue of rounds holds each back for a window.
        wait_s = max(0.0, planning.planner.round_every / planning.time_scale - settings.rounds_queue.window_s)
        timers.set(RoundAgain(zone=zone, due=now + timedelta(seconds=wait_s)), now)
    logger.info("round run", extra={"zone": zone, **asdict(result)})
