"""Once a minute: what a lost timer left undone."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from services.dispatch.offers import sweep
from services.dispatch.queues import Rounds
from services.dispatch.settings import SweepSettings
from services.dispatch.table import DispatchTable

logger = Logger()
settings = SweepSettings.from_env()
table = DispatchTable(boto3.resource("dynamodb").Table(settings.table_name))
rounds = Rounds(boto3.client("sqs"), settings.rounds_queue.url, settings.rounds_queue.window_s)


def handler(_event: dict[str, Any], _context: LambdaContext) -> None:
    swept = sweep(table, rounds, now=datetime.now(UTC))
    logger.info("swept", extra=asdict(swept))
