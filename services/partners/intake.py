"""Events that partners' rules send become deliveries: stripped of what is internal, written down, and queued.

A rule sends an event with the name of the partner that it is for: {"partner": …, "detail-type": …, "detail": …}.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events import Event, parse
from delivery_events.catalog import UnreadableEvent
from delivery_events.envelope import log_fields, rfc3339
from delivery_events.failures import FailureQueue
from delivery_events.inbox import Outcome, ids_named

from services.partners.domain import State
from services.partners.messages import Deliveries, document
from services.partners.table import GONE_AFTER, Item, PartnersTable, delivery_sk, due_key

logger = Logger(child=True)

# How long a delivery is remembered, and can be replayed: longer than the archive (30 days) keeps what could send it
# again, so that nothing out of the archive reaches a partner twice.
MEMORY = timedelta(days=32)


@dataclass(frozen=True)
class Intake:
    """Handles an SQS batch of events for partners."""

    table: PartnersTable
    deliveries: Deliveries
    failures: FailureQueue
    now: Callable[[], datetime]

    def handle(self, batch: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
        """Lambda's answer to an SQS batch: the messages to deliver again."""
        processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        return process_partial_response(event=batch, record_handler=self._record, processor=processor, context=context)

    def _record(self, record: SQSRecord) -> None:
        try:
            partner_id, event = _read(record.body)
        except UnreadableEvent as error:
            known = {**ids_named(record.body), "message_id": record.message_id}
            logger.error("event parked", extra={**known, "outcome": "parked", "reason": str(error)})
            self.failures.park(record.body, str(error))
            return
        known = {**log_fields(event), "partner": partner_id}
        try:
            outcome = self.take(partner_id, event)
        except Exception as error:
            logger.exception("event failed", extra={**known, "outcome": "failed", "reason": repr(error)})
            raise
        logger.info("event handled", extra={**known, "outcome": outcome.value})

    def take(self, partner_id: str, event: Event[Any]) -> Outcome:
        """Write the delivery and queue it. One that is written, but may not have been queued, is queued again."""
        row = new_delivery(partner_id, event, now=self.now())
        there = self.table.log(row)
        if there is not None and (there["state"] != State.QUEUED or there["attempts"]):
            return Outcome.STALE
        self.deliveries.queue(partner_id, row, once=row["event_id"])
        return Outcome.STALE if there else Outcome.APPLIED


def new_delivery(partner_id: str, event: Event[Any], *, now: datetime) -> Item:
    metadata = event.metadata
    event_id, occurred_at = str(metadata.event_id), rfc3339(metadata.occurred_at)
    row: Item = {
        "pk": f"PARTNER#{partner_id}",
        "sk": delivery_sk(metadata.aggregate_id, metadata.sequence, event_id),
        "partner_id": partner_id,
        "event_id": event_id,
        "type": event.detail_type,
        "source": event.data.SOURCE,
        "aggregate_id": metadata.aggregate_id,
        "event_sequence": metadata.sequence,
        "correlation_id": metadata.correlation_id,
        "occurred_at": occurred_at,
        "document": json.dumps(document(event), separators=(",", ":"), ensure_ascii=False),
        "state": State.QUEUED.value,
        "attempts": 0,
        "logged_at": rfc3339(now),
        "log": f"DELIVERIES#{partner_id}",
        "log_key": f"{occurred_at}#{event_id}",
        "expires_at": int((now + MEMORY).timestamp()),
    }
    return row | {"due_partner": partner_id, "due_key": due_key(row, now + GONE_AFTER)}


def _read(body: str) -> tuple[str, Event[Any]]:
    try:
        message = json.loads(body)
        partner_id, detail_type, detail = str(message["partner"]), str(message["detail-type"]), message["detail"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableEvent(f"not an event for a partner: {error!r}") from error
    event = parse(detail_type, detail)
    if not hasattr(event.data, "merchant_id"):
        raise UnreadableEvent(f"{detail_type} belongs to no merchant, so to no partner")
    return partner_id, event
