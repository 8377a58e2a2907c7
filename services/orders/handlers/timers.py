"""A merchant that stays silent past the limit loses the order."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events.failures import FailureQueue
from pydantic import ValidationError

from services.orders.settings import TimersSettings
from services.orders.silence import MerchantClock, cancel_if_overdue
from services.orders.table import OrdersTable

logger = Logger()
settings = TimersSettings.from_env()
table = OrdersTable(boto3.resource("dynamodb").Table(settings.table_name))
failures = FailureQueue(boto3.client("sqs"), settings.failure_queue_url, "orders-timers")


def ring(record: SQSRecord) -> None:
    try:
        order_id = MerchantClock.model_validate_json(record.body).order_id
    except ValidationError as error:
        logger.error("timer parked", extra={"reason": str(error), "message_id": record.message_id})
        failures.park(record.body, str(error))
        return
    cancelled = cancel_if_overdue(
        order_id, table, now=datetime.now(UTC), limit_s=settings.merchant_silence_s, caused_by="timer:merchant-silence"
    )
    logger.info("merchant clock rang", extra={"correlation_id": order_id, "cancelled": cancelled})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=ring, processor=processor, context=context)
