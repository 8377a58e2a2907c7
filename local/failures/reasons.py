"""What a failed message is, and why it failed, as far as the message itself tells. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.failures.queues import FailureQueue, Message

POINTER = "DDBStreamBatchInfo"  # Lambda's word for where in a stream a batch is that it gave up


@dataclass(frozen=True)
class Failure:
    """queue: short name of where it lies. type: what it is. reason: None when the message does not tell. source: who
    failed on it. age_s: seconds since it was first sent. event_id: of an event or an alert, to find it in logs by."""

    queue: str
    message_id: str
    type: str
    reason: str | None
    source: str
    age_s: float
    event_id: str | None = None


def describe(queue: FailureQueue, message: Message, *, now: float) -> Failure:
    """`now` in seconds since 1970."""
    content = read(message.body)
    return Failure(
        queue=queue.consumer,
        message_id=message.id,
        type=_type(content),
        reason=_reason(content, message),
        source=message.attributes.get("source") or _rule(message) or queue.consumer,
        age_s=round(max(0.0, now - message.sent_at), 1),
        event_id=_event_id(content),
    )


def read(body: str) -> dict[str, Any]:
    """The body's JSON object; an empty one for any other text."""
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _type(content: Mapping[str, Any]) -> str:
    match content:
        case {"detail-type": type_}:  # an event; EventBridge's own ones call a schedule
            return str(type_)
        case {"template": template, "channel": channel}:
            return f"alert {template} {channel}"
        case {"dynamodb": {}, "eventName": name}:
            return f"change {name}"
        case {"DDBStreamBatchInfo": {"batchSize": size}}:
            return f"{size} changes"
        case {"kind": kind}:
            return f"timer {kind}"
        case {"zone": _}:
            return "round"
        case {"order_id": _}:
            return "timer"
    return "unreadable"


def _reason(content: Mapping[str, Any], message: Message) -> str | None:
    attributes = message.attributes
    if "reason" in attributes:
        return attributes["reason"]
    if "ERROR_CODE" in attributes:
        tries = f" after {attributes['RETRY_ATTEMPTS']} retries" if "RETRY_ATTEMPTS" in attributes else ""
        return f"not delivered{tries}: {attributes['ERROR_CODE']}: {attributes.get('ERROR_MESSAGE', '')}"
    if "ErrorMessage" in attributes:  # Lambda, of a function that nobody waited for
        return f"failed at every attempt: {attributes['ErrorMessage']}"
    if POINTER in content:
        context = content.get("requestContext", {})
        return f"{context.get('condition', 'given up')} after {context.get('approximateInvokeCount', '?')} attempts"
    return None


def _rule(message: Message) -> str | None:
    """The EventBridge rule that could not deliver it."""
    arn = message.attributes.get("RULE_ARN")
    return f"rule {arn.rpartition('/')[2]}" if arn else None


def _event_id(content: Mapping[str, Any]) -> str | None:
    match content:
        case {"detail": {"metadata": {"event_id": str(event_id)}}} | {"event_id": str(event_id)}:
            return event_id
    return None
