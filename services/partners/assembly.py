"""The courier of this function's partner, from its environment."""

import boto3

from services.partners.courier import Courier, Receiver
from services.partners.messages import DeliveryFailures
from services.partners.settings import CourierSettings
from services.partners.table import PartnersTable


def courier(receiver: Receiver) -> Courier:
    settings = CourierSettings.from_env()
    return Courier(
        partner_id=settings.partner_id,
        merchants=settings.merchants,
        table=PartnersTable(boto3.resource("dynamodb").Table(settings.table_name)),
        receiver=receiver,
        schedule=settings.schedule,
        failures=DeliveryFailures(boto3.client("sqs"), settings.failure_queue_url, f"partners-{settings.partner_id}"),
        pace_s=settings.pace_s,
    )
