"""The table's stream: checks a new order, publishes the events of every change, starts the merchant's clock, tells
whoever watches the order."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events import Event
from delivery_events.failures import FailureQueue
from delivery_events.orders import OrderPlaced
from delivery_events.outbox import Change, Outbox
from delivery_events.publish import Publisher
from delivery_events.pusher import Pusher, signed_post

from services.orders.placing import Placing
from services.orders.pushes import pushes_for
from services.orders.settings import OutboxSettings
from services.orders.silence import MerchantClock
from services.orders.table import OrdersTable

Logger()
settings = OutboxSettings.from_env()
sqs = boto3.client("sqs")
pusher = Pusher(signed_post(settings.api_url))
placing = Placing(OrdersTable(boto3.resource("dynamodb").Table(settings.table_name)), now=lambda: datetime.now(UTC))


def follow(change: Change, events: Sequence[Event[Any]]) -> None:
    start_merchant_clock(events)
    pusher.push(pushes_for(change, events))


def start_merchant_clock(events: Sequence[Event[Any]]) -> None:
    """A merchant that stays silent too long loses the order: handlers/timers.py sees to it."""
    for event in events:
        if isinstance(event.data, OrderPlaced):
            sqs.send_message(
                QueueUrl=settings.timers_queue_url,
                MessageBody=MerchantClock(order_id=event.data.order_id).model_dump_json(),
                DelaySeconds=min(900, max(1, round(settings.merchant_silence_s))),
            )


outbox = Outbox(
    Publisher(boto3.client("events"), bus=settings.bus_name, source="delivery.orders"),
    FailureQueue(sqs, settings.failure_queue_url, "orders-outbox"),
    decide=placing.decide,
    after=follow,
    give_up_after=settings.give_up_after_s,
)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return outbox.handle(event)
