"""Once a minute: what a lost timer left undone."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from services.orders.settings import SweepSettings
from services.orders.silence import sweep
from services.orders.table import OrdersTable

logger = Logger()
settings = SweepSettings.from_env()
table = OrdersTable(boto3.resource("dynamodb").Table(settings.table_name))


def handler(_event: dict[str, Any], _context: LambdaContext) -> None:
    cancelled = sweep(table, now=datetime.now(UTC), limit_s=settings.merchant_silence_s)
    logger.info("swept", extra={"cancelled": cancelled})
