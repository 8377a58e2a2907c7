"""Events that somebody is told of become alerts on the topics."""

from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events import Event
from delivery_events.failures import FailureQueue
from delivery_events.inbox import Inbox, Outcome

from services.notifications.settings import InboxSettings
from services.notifications.templates import CONSUMES, alerts_for
from services.notifications.topics import AlertTopics

Logger()
settings = InboxSettings.from_env()
topics = AlertTopics(boto3.client("sns"), settings.topics)


def tell(event: Event[Any]) -> Outcome:
    alerts = alerts_for(event)
    topics.publish(alerts)
    return Outcome.APPLIED if alerts else Outcome.IGNORED


inbox = Inbox(
    {model: tell for model in CONSUMES},  # noqa: C420 - reads as what it is: each of them is told
    FailureQueue(boto3.client("sqs"), settings.failure_queue_url, "notifications-inbox"),
)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return inbox.handle(event, context)
