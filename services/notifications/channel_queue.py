"""A channel's queue: alerts as the topics' subscriptions put them there, each to the sender."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events.failures import FailureQueue
from pydantic import ValidationError

from services.notifications.domain import Alert
from services.notifications.sender import Sender

logger = Logger(child=True)


class ChannelQueue:
    """Handles an SQS batch of alerts, one log line each.

    What is no alert of this channel goes to the failure queue with the reason. An alert that must be tried again is
    delivered again, and after the queue's receive limit SQS moves it to the same failure queue.
    """

    def __init__(self, sender: Sender, failures: FailureQueue) -> None:
        self._sender = sender
        self._failures = failures

    def handle(self, batch: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
        """Lambda's answer to an SQS batch: the messages to deliver again."""
        processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        return process_partial_response(event=batch, record_handler=self._record, processor=processor, context=context)

    def _record(self, record: SQSRecord) -> None:
        try:
            alert = Alert.model_validate_json(record.body)
        except ValidationError as error:
            problems = [problem["loc"] for problem in error.errors(include_input=False)]
            self._park(record, f"no alert: {problems}", {"message_id": record.message_id})
            return
        known = _log_fields(alert)
        if alert.channel is not self._sender.provider.channel:
            self._park(record, f"an alert for {alert.channel} in the queue of {self._sender.provider.channel}", known)
            return
        try:
            result = self._sender.send(alert)
        except Exception as error:
            logger.warning("alert to be tried again", extra={**known, "outcome": "retry", "reason": repr(error)})
            raise
        outcome = {"outcome": result.state, "reason": result.reason} if result else {"outcome": "done before"}
        logger.info("alert handled", extra={**known, **outcome})

    def _park(self, record: SQSRecord, reason: str, known: dict[str, str]) -> None:
        logger.error("alert parked", extra={**known, "outcome": "parked", "reason": reason})
        self._failures.park(record.body, reason)


def _log_fields(alert: Alert) -> dict[str, str]:
    """What a log line says of an alert: enough to find it, and nobody's address."""
    return {
        "alert_id": alert.alert_id,
        "event_id": alert.event_id,
        "correlation_id": alert.order_id,
        "channel": alert.channel,
        "template": alert.template,
    }
