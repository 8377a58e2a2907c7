"""Once a minute: deliveries that are due again."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from services.partners.due import sweep
from services.partners.messages import Deliveries
from services.partners.settings import SweepSettings
from services.partners.table import PartnersTable

logger = Logger()
settings = SweepSettings.from_env()
table = PartnersTable(boto3.resource("dynamodb").Table(settings.table_name))
deliveries = Deliveries(boto3.client("sqs"), settings.queue_prefix)


def handler(_event: dict[str, Any], _context: LambdaContext) -> None:
    queued = sweep(table, deliveries, settings.partners, datetime.now(UTC))
    logger.info("swept", extra={"queued": queued})
