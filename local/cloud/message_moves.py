"""StartMessageMoveTask: what lies in a dead-letter queue goes to another queue, or back to where it came from.

AWS (API reference of StartMessageMoveTask; Amazon SQS Developer Guide, "Configuring a dead-letter queue redrive" and
"Troubleshoot dead-letter queue redrive issues"): the source is the dead-letter queue of another queue; the task goes on
after the answer, and there is one at a time for a source; a message that is moved is a new one, with a new id and time
of sending; without a DestinationArn, one that SQS did not put there itself ends the task; what somebody is looking at
stays. Besides sqs:StartMessageMoveTask the caller needs ReceiveMessage, DeleteMessage and GetQueueAttributes on the
source, and SendMessage on the destination. A second task is refused with InvalidParameterValue, as SQS was seen to do;
its reference has UnsupportedOperation. MiniStack knows no such action. Of a task that ended nothing is kept, since
nobody asks (ListMessageMoveTasks).

Added: one entry to the table `_HANDLERS` of `ministack.services.sqs`. Replaced: `extract_resource_arn` in
`ministack.core.iam_actions`, which names the queue that the permission is asked for; this action gives it by ARN.
"""

import asyncio
import json
import logging
import uuid
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import sqs

from local.cloud import patch
from local.cloud.api import JsonObject

_log = logging.getLogger(__name__)

_ACTION = "StartMessageMoveTask"
_AT_ONCE = 10
_OF_SOURCE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_RUNNING = "There is already a task running. Only one active task is allowed for a source queue arn at a given time."

_running: dict[str, asyncio.Task[None]] = {}  # by the source's ARN

Queue = dict[str, Any]


def _start(request: JsonObject, _url: str) -> JsonObject:
    """On the event loop, as MiniStack's own actions."""
    source_arn, destination_arn = request.get("SourceArn") or "", request.get("DestinationArn")
    if request.get("MaxNumberOfMessagesPerSecond"):
        raise sqs._Err("UnsupportedOperation", "The local cloud has no MaxNumberOfMessagesPerSecond.")
    source = _queue("SourceArn", source_arn)
    destination = _queue("DestinationArn", destination_arn) if destination_arn else None
    sources = _sources_of(source_arn)
    if not sources:
        raise _invalid("Source queue must be configured as a Dead Letter Queue.")
    if destination and destination["is_fifo"] != source["is_fifo"]:
        raise _invalid("The source queue and destination queue must be of the same queue type.")
    if source["is_fifo"]:
        raise sqs._Err("UnsupportedOperation", "The local cloud moves no messages of FIFO queues.")
    if source_arn in _running:
        raise _invalid(_RUNNING)
    _permit(source_arn, *_OF_SOURCE)
    for arn in [destination_arn] if destination_arn else sources:
        _permit(arn, "sqs:SendMessage")
    task = asyncio.get_running_loop().create_task(_move(source, source_arn, destination))
    _running[source_arn] = task
    task.add_done_callback(lambda _: _running.pop(source_arn))
    return {"TaskHandle": str(uuid.uuid4())}


def _queue(parameter: str, arn: str) -> Queue:
    found: Queue | None = sqs._queue_by_arn(arn)
    if found is None:
        message = f"The resource that you specified for the {parameter} parameter doesn't exist."
        raise sqs._Err("ResourceNotFoundException", message, 404)
    return found


def _invalid(message: str) -> Exception:
    refusal: Exception = sqs._Err("InvalidParameterValue", message)
    return refusal


def _sources_of(arn: str) -> list[str]:
    """The ARNs of the queues whose dead-letter queue this is."""
    policies = {
        queue["attributes"]["QueueArn"]: json.loads(queue["attributes"].get("RedrivePolicy") or "{}")
        for _, queue in sqs._queues.items()
    }
    return [source for source, policy in policies.items() if policy.get("deadLetterTargetArn") == arn]


def _permit(arn: str, *actions: str) -> None:
    """Raises an error unless the caller may do all this. The account's root has no key that was verified."""
    key = iam_evaluator._verified_key.get() if app.AUTH else ""
    for action in actions if key else ():
        if iam_evaluator.enforce(key, action, "sqs", arn.split(":")[3], resource_arn=arn):
            message = f"{iam_evaluator.caller_arn()} is not authorized to perform: {action} on resource: {arn}"
            raise sqs._Err("AccessDenied", message, 403)


async def _move(source: Queue, source_arn: str, destination: Queue | None) -> None:
    """Moves what lies in the source now and may be received."""
    left = int(sqs._act_get_queue_attributes({}, source["url"])["Attributes"]["ApproximateNumberOfMessages"])
    while left > 0 and (batch := sqs._collect_msgs(source, min(left, _AT_ONCE), 30)):
        for message in batch:
            target = destination or sqs._queue_by_arn(message["sys"].get("DeadLetterQueueSourceArn", ""))
            if target is None:
                message["visible_at"] = 0.0
                _log.warning("messages of %s stay: CouldNotDetermineMessageSource", source_arn)
                return
            sqs._act_send_message(_again(message), target["url"])
            source["messages"].remove(message)
        left -= len(batch)
        await asyncio.sleep(0)


def _again(message: JsonObject) -> JsonObject:
    return {"MessageBody": message["body"], "MessageAttributes": message["message_attributes"]}


def _by_arn(original: Callable[..., str]) -> Callable[..., str]:
    def resource(
        service: str, method: str, path: str, headers: JsonObject, body: bytes, *args: Any, **kwargs: Any
    ) -> str:
        if service == "sqs" and headers.get("x-amz-target", "").endswith(f".{_ACTION}"):
            try:
                return str(json.loads(body)["SourceArn"])
            except (ValueError, KeyError, TypeError):
                return "*"
        return original(service, method, path, headers, body, *args, **kwargs)

    return resource


def install() -> None:
    """Teaches MiniStack's SQS the action."""
    patch.require(
        sqs,
        "_HANDLERS",
        "_Err",
        "_act_get_queue_attributes",
        "_act_send_message",
        "_collect_msgs",
        "_queue_by_arn",
        "_queues",
    )
    patch.require(iam_evaluator, "_verified_key", "enforce", "caller_arn")
    patch.replace(iam_actions, "extract_resource_arn", _by_arn)
    sqs._HANDLERS[_ACTION] = _start
