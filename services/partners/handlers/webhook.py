"""The queue of a partner that is sent webhooks."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from services.partners.assembly import courier
from services.partners.http_post import Poster
from services.partners.settings import WebhookSettings
from services.partners.signing_keys import SigningKeys
from services.partners.webhooks import Webhooks

Logger()
settings = WebhookSettings.from_env()


def now() -> datetime:
    return datetime.now(UTC)


deliveries = courier(
    Webhooks(
        url=settings.url,
        post=Poster(allow_private=settings.allow_private).post,
        keys=SigningKeys(boto3.client("ssm"), settings.keys_parameter, now).valid,
        now=now,
    )
)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return deliveries.handle(event)
