"""Timers that are due: an offer that nobody answered, a zone whose last round left work open."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events.failures import FailureQueue
from pydantic import ValidationError

from services.dispatch.offers import ring
from services.dispatch.queues import Rounds, Timers, read_timer
from services.dispatch.settings import QueueSettings
from services.dispatch.table import DispatchTable

logger = Logger()
settings = QueueSettings.from_env()
sqs = boto3.client("sqs")
table = DispatchTable(boto3.resource("dynamodb").Table(settings.table_name))
rounds = Rounds(sqs, settings.rounds_queue.url, settings.rounds_queue.window_s)
timers = Timers(sqs, settings.timers_queue_url)
failures = FailureQueue(sqs, settings.failure_queue_url, "dispatch-timers")


def handle(record: SQSRecord) -> str:
    """Do what the timer is for; what came of it, in a word."""
    try:
        timer = read_timer(record.body)
    except ValidationError as error:
        logger.error("timer parked", extra={"reason": str(error), "message_id": record.message_id})
        failures.park(record.body, str(error))
        return "parked"
    return ring(timer, table, rounds, timers, now=datetime.now(UTC))


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    came_of = Counter[str]()

    def count(record: SQSRecord) -> None:
        came_of[handle(record)] += 1

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    answer = process_partial_response(event=event, record_handler=count, processor=processor, context=context)
    logger.info("timers rang", extra={**came_of, "failed": len(answer["batchItemFailures"])})
    return answer
