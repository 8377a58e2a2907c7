"""One round of planning for the zone that a message names: queues.py says how rounds are asked for.

A batch is one message. A round that fails is delivered again after the queue's visibility timeout, and its zone waits
until then; a message that names no zone is parked at once, so that nothing waits for it.
"""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from services.dispatch import rounds
from services.dispatch.queues import Round, RoundAgain, RoundFailures, Timers
from services.dispatch.settings import Settings, plan_settings
from services.dispatch.table import DispatchTable

logger = Logger()
settings, planning = Settings.from_env(), plan_settings()
sqs = boto3.client("sqs")
table = DispatchTable(boto3.resource("dynamodb").Table(settings.table_name))
timers = Timers(sqs, settings.timers_queue_url)
failures = RoundFailures(sqs, settings.failure_queue_url, "dispatch-rounds")


def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    for record in event["Records"]:
        try:
            asked = Round.model_validate_json(record["body"])
        except ValidationError as error:
            logger.error("round parked", extra={"reason": str(error), "message_id": record["messageId"]})
            failures.park(record["body"], str(error), message_id=record["messageId"])
        else:
            run(asked.zone)


def run(zone: str) -> None:
    """Run the round, and ask for another one if it leaves work open."""
    now = datetime.now(UTC)
    result = rounds.run(zone, table, now=now, settings=planning)
    if result.left_open:
        timers.set(RoundAgain(zone=zone, due=now + timedelta(seconds=settings.round_window_s)), now)
    logger.info("round run", extra={"zone": zone, **asdict(result)})
