"""The queue of a partner that reads another queue, which is kept for it."""

from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from services.partners.assembly import courier
from services.partners.aws_receivers import PartnerQueue
from services.partners.settings import partner_queue_url

Logger()
deliveries = courier(PartnerQueue(boto3.client("sqs"), partner_queue_url()))


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return deliveries.handle(event)
