"""The queue of a partner that has an event bus of its own."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from services.partners.assembly import courier
from services.partners.aws_receivers import PartnerBus
from services.partners.settings import partner_bus_arn

Logger()
deliveries = courier(PartnerBus.at(partner_bus_arn()))


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return deliveries.handle(event)
