"""The way back of each kind of failed message. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra import names
from local.failures.queues import FailureQueue, Message
from local.failures.reasons import POINTER, read

# What FailureQueue.park, EventBridge and Lambda say about a failure; of no meaning to whom the message is for.
_ABOUT_THE_FAILURE = frozenset(
    {
        "reason",
        "source",
        "RULE_ARN",
        "TARGET_ARN",
        "ERROR_CODE",
        "ERROR_MESSAGE",
        "RETRY_ATTEMPTS",
        "EXHAUSTED_RETRY_CONDITION",
        "RequestID",
        "ErrorCode",
        "ErrorMessage",
    }
)

_POINTS_BY = frozenset({"streamArn", "shardId", "startSequenceNumber", "endSequenceNumber"})


@dataclass(frozen=True)
class ToQueue:
    """Send it to a queue again. group, deduplication_id: of a FIFO queue."""

    name: str
    body: str
    attributes: Mapping[str, str]
    group: str | None = None
    deduplication_id: str | None = None


@dataclass(frozen=True)
class ToFunction:
    """Invoke a function with it. report: the function reports what it could not do, as it does to a stream."""

    name: str
    payload: Mapping[str, Any]
    report: bool


@dataclass(frozen=True)
class ToFunctionFromStream:
    """Read the records that a pointer points at out of their stream, and invoke a function with them."""

    name: str
    pointer: Mapping[str, Any]


@dataclass(frozen=True)
class ToLog:
    """Write it into a log group, as one log event. Sent to the bus again, every consumer would get it again."""

    group: str
    text: str


Way = ToQueue | ToFunction | ToFunctionFromStream | ToLog


class NoWayBack(Exception):  # noqa: N818 - it says what is the matter
    """The message is nothing that could be handled again; the text says why."""


def way_back(queue: FailureQueue, message: Message) -> Way:
    """Raises NoWayBack."""
    content = read(message.body)
    if names.PREFIX + queue.consumer == names.EVENT_LOG_RULE:
        if "detail-type" not in content:
            raise NoWayBack("not an event")
        return ToLog(names.EVENT_LOG, message.body)
    if POINTER in content:
        if missing := _POINTS_BY - content[POINTER].keys():
            raise NoWayBack(f"points into a stream without {', '.join(sorted(missing))}")
        return ToFunctionFromStream(queue.function, content[POINTER])
    if isinstance(content.get("dynamodb"), dict):
        return ToFunction(queue.function, {"Records": [content]}, report=True)
    if queue.consumer.endswith("-outbox"):
        raise NoWayBack("neither a change of a table nor a pointer to some")
    if queue.consumer.endswith(names.SCHEDULE):
        return ToFunction(queue.function, content, report=False)
    return _to_queue(queue, message, content)


def _to_queue(queue: FailureQueue, message: Message, content: Mapping[str, Any]) -> ToQueue:
    kept = {name: value for name, value in message.attributes.items() if name not in _ABOUT_THE_FAILURE}
    # What a rule could not deliver says where it was to go. The consumer's own failures go to the queue they came from.
    target = message.attributes.get("TARGET_ARN", queue.source).rpartition(":")[2]
    if not queue.fifo:
        return ToQueue(target, message.body, kept)
    # Parked messages have a group each, so that none waits for another; in its own queue a zone's rounds are one group,
    # and so are a partner's deliveries of one aggregate.
    group = str(content.get("zone") or content.get("aggregate_id") or message.system["MessageGroupId"])
    # Not the id that it had: within five minutes SQS would take it for a duplicate and drop it.
    return ToQueue(target, message.body, kept, group=group, deduplication_id=f"redrive:{message.id}")


def as_payload(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content).encode()
