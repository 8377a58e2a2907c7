"""One page of a replay, and a message for the next one."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events.failures import FailureQueue
from pydantic import ValidationError

from services.partners.messages import Deliveries, ReplayTurn
from services.partners.replays import Replays
from services.partners.settings import ReplaySettings
from services.partners.table import PartnersTable

logger = Logger()
settings = ReplaySettings.from_env()
sqs = boto3.client("sqs")
failures = FailureQueue(sqs, settings.failure_queue_url, "partners-replay")


def go_on(turn: ReplayTurn) -> None:
    sqs.send_message(QueueUrl=settings.replay_queue_url, MessageBody=turn.model_dump_json())


replays = Replays(
    PartnersTable(boto3.resource("dynamodb").Table(settings.table_name)),
    Deliveries(sqs, settings.queue_prefix),
    go_on,
)


def take_turn(record: SQSRecord) -> None:
    try:
        turn = ReplayTurn.model_validate_json(record.body)
    except ValidationError as error:
        logger.error("replay parked", extra={"reason": str(error), "message_id": record.message_id})
        failures.park(record.body, str(error))
        return
    queued = replays.take_turn(turn, now=datetime.now(UTC))
    logger.info("replayed", extra={"partner": turn.partner_id, "replay": turn.replay_id, "queued": queued})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=take_turn, processor=processor, context=context)
