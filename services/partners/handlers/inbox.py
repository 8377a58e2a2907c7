"""Events for partners become deliveries in the partners' queues."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events.failures import FailureQueue

from services.partners.intake import Intake
from services.partners.messages import Deliveries
from services.partners.settings import InboxSettings
from services.partners.table import PartnersTable

Logger()
settings = InboxSettings.from_env()
sqs = boto3.client("sqs")
intake = Intake(
    PartnersTable(boto3.resource("dynamodb").Table(settings.table_name)),
    Deliveries(sqs, settings.queue_prefix),
    FailureQueue(sqs, settings.failure_queue_url, "partners-inbox"),
    now=lambda: datetime.now(UTC),
)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return intake.handle(event, context)
