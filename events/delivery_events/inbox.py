"""A service's inbox: EventBridge events out of an SQS queue, each to the function for its type.

Every event may come twice, late or out of order; the functions decide by what their table holds, and say what came of
it.
"""

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from delivery_events.catalog import UnreadableEvent, parse
from delivery_events.envelope import Event, EventData, log_fields
from delivery_events.failures import FailureQueue

logger = Logger(child=True)


class Outcome(StrEnum):
    """What came of an event in a consumer."""

    APPLIED = "applied"
    STALE = "stale"  # older than, or the same as, what the consumer already knows
    IGNORED = "ignored"  # nothing for this consumer to do


Handler = Callable[[Event[Any]], Outcome]


class Inbox:
    """Handles an SQS batch of EventBridge events.

    `handlers` maps an event's data model to its function. An event that cannot be read, or that no function is for,
    goes to the failure queue with the reason; a function that raises has its message delivered again, and after the
    queue's receive limit SQS moves it to the same failure queue. Either way the rest of the batch goes on.
    """

    def __init__(self, handlers: Mapping[type[EventData], Handler], failures: FailureQueue) -> None:
        self._handlers = {model.detail_type(): handler for model, handler in handlers.items()}
        self._failures = failures

    def handle(self, batch: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
        """Lambda's answer to an SQS batch: the messages to deliver again."""
        processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        return process_partial_response(event=batch, record_handler=self._record, processor=processor, context=context)

    def _record(self, record: SQSRecord) -> None:
        try:
            event, handler = self._read(record.body)
        except UnreadableEvent as error:
            known = {**ids_named(record.body), "message_id": record.message_id}
            logger.error("event parked", extra={**known, "outcome": "parked", "reason": str(error)})
            self._failures.park(record.body, str(error))
            return
        try:
            outcome = handler(event)
        except Exception as error:
            logger.exception("event failed", extra={**log_fields(event), "outcome": "failed", "reason": repr(error)})
            raise
        logger.info("event handled", extra={**log_fields(event), "outcome": outcome.value})

    def _read(self, body: str) -> tuple[Event[Any], Handler]:
        try:
            message = json.loads(body)
            detail_type, detail = str(message["detail-type"]), message["detail"]
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableEvent(f"not an EventBridge event: {error!r}") from error
        event = parse(detail_type, detail)
        handler = self._handlers.get(detail_type)
        if handler is None:
            raise UnreadableEvent(
                f"nothing here handles {detail_type}; handled are {', '.join(sorted(self._handlers))}"
            )
        return event, handler


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def ids_named(body: str) -> dict[str, str]:
    """The ids by which a text that cannot be read as an event names one, to find it by. Whatever else stands in their
    place is left out: it may be personal."""
    try:
        named = dict(json.loads(body)["detail"]["metadata"])
    except (ValueError, KeyError, TypeError):
        return {}
    wanted = {name: str(named.get(name)) for name in ("event_id", "correlation_id")}
    return {name: value for name, value in wanted.items() if _UUID.fullmatch(value)}
