"""The table is the outbox: a table's stream becomes events.

Each stream record is one change of one row. `decide` says which events that change makes; the outbox publishes them in
order and then calls `after`. A change that fails for good goes to the failure queue itself, whole, because a stream
keeps its records for 24 hours only; one that may succeed later is reported, and the stream delivers it again.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aws_lambda_powertools import Logger
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import BotoCoreError, ClientError

from delivery_events.envelope import Event, log_fields
from delivery_events.failures import FailureQueue
from delivery_events.publish import Publisher, PublishError

Row = dict[str, Any]
logger = Logger(child=True)

# AWS, or the way to it: what may go better later. Anything else is a mistake in a row or in the code, would be the same
# each time, and would keep every other row of its shard waiting.
TRANSIENT = (ClientError, BotoCoreError, PublishError, OSError)


@dataclass(frozen=True)
class Change:
    """One change of one row: its image before and after, `None` where there was none."""

    old: Row | None
    new: Row | None


@dataclass(frozen=True)
class Outbox:
    """Handles a DynamoDB stream batch.

    `decide(change)` returns the events of a change, in order; it may be called again for the same change.
    `after(change, events)` runs once they are published, for timers and the like; it may run twice, too.
    A change is tried again when one of these, or publishing, fails with one of `TRANSIENT`; any other error parks it at
    once. `give_up_after` is the age in seconds from which a change that still fails is parked instead of tried again.
    """

    publisher: Publisher
    failures: FailureQueue
    decide: Callable[[Change], Sequence[Event[Any]]]
    after: Callable[[Change, Sequence[Event[Any]]], None] = lambda _change, _events: None
    give_up_after: float = 300
    clock: Callable[[], float] = time.time

    def handle(self, batch: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
        """Lambda's answer to a stream batch: where to go on from, if not at the end.

        Records are handled in order; the first that must be tried again ends the batch, and the stream goes on there.
        """
        for record in batch["Records"]:
            if not self._done(record):
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        return {"batchItemFailures": []}

    def _done(self, record: dict[str, Any]) -> bool:
        if record.get("userIdentity", {}).get("principalId") == "dynamodb.amazonaws.com":
            return True  # DynamoDB's own deletion by TTL is housekeeping: nothing happened to the business
        change = Change(_row(record, "OldImage"), _row(record, "NewImage"))
        try:
            events = self.decide(change)
            began = time.perf_counter()
            self.publisher.publish(events)
            took_ms = round((time.perf_counter() - began) * 1000, 1)
            self.after(change, events)
        except TRANSIENT as error:
            return self._again(record, error)
        except Exception as error:
            return self._park(record, f"{type(error).__name__}: {error}")
        for event in events:
            logger.debug("event published", extra={**log_fields(event), "took_ms": took_ms})
        return True

    def _again(self, record: dict[str, Any], error: Exception) -> bool:
        age = self.clock() - float(record["dynamodb"].get("ApproximateCreationDateTime", self.clock()))
        if age > self.give_up_after:
            return self._park(record, f"gave up after {age:.0f} s: {type(error).__name__}: {error}")
        reason = error.unpublished if isinstance(error, PublishError) else repr(error)
        logger.warning("change to be tried again", extra={"keys": record["dynamodb"].get("Keys"), "reason": reason})
        return False

    def _park(self, record: dict[str, Any], reason: str) -> bool:
        logger.error("change parked", extra={"keys": record["dynamodb"].get("Keys"), "reason": reason})
        self.failures.park(record, reason)
        return True


_deserializer = TypeDeserializer()


def _row(record: dict[str, Any], image: str) -> Row | None:
    attributes = record["dynamodb"].get(image)
    return None if attributes is None else {k: plain(_deserializer.deserialize(v)) for k, v in attributes.items()}


def plain(value: Any) -> Any:
    """A DynamoDB value in plain Python: numbers as int or float."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {k: plain(v) for k, v in value.items()}
        case list():
            return [plain(v) for v in value]
        case set():
            return {plain(v) for v in value}
        case _:
            return value
