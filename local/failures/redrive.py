"""Sends failed messages the way back, and says what is left.

A message is deleted from its failure queue once its way back succeeded: once the queue it came from has it again, the
function it was for has done it, or the log it was for holds it. Until then it lies there, hidden from others; whatever
fails again stays.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws import Aws
from local.failures import queues, stream
from local.failures.listing import explained
from local.failures.queues import FailureQueue, Message
from local.failures.reasons import Failure, describe
from local.failures.ways import NoWayBack, ToFunction, ToFunctionFromStream, ToLog, ToQueue, as_payload, way_back

_HIDDEN_S = 600  # long enough for a whole queue; should this be cut off, the rest is there again after it
_LOOK_EVERY_S = 0.25
_LOG_STREAM = "redriven"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Redriven:
    """What became of one failure queue. redriven: messages that went back and have not come again. left: what lies in
    it now. under_way: messages that wait for the consumer now, these or others."""

    queue: str
    redriven: int
    left: tuple[Failure, ...]
    under_way: int = 0


class Failed(Exception):  # noqa: N818 - it says what is the matter
    """A message's way back did not succeed; the text says why."""


class Redrive:
    """`wait_s`: for how many seconds consumers are waited for, to see what fails again. `progress` is told the queue,
    how many of its messages are done, and of how many."""

    def __init__(self, aws: Aws, *, wait_s: float, progress: Progress) -> None:
        self._sqs, self._lambda, self._streams, self._logs = map(
            aws.client, ("sqs", "lambda", "dynamodbstreams", "logs")
        )
        self._wait_s = wait_s
        self._progress = progress

    def queue(self, queue: FailureQueue) -> Redriven:
        """Redrive what lies in the queue now; what comes into it meanwhile is left."""
        messages = queues.receive(self._sqs, queue, hidden_s=_HIDDEN_S)
        waiting = {message.id: message for message in messages}
        failed: dict[str, str] = {}
        try:
            for done, message in enumerate(messages, 1):
                try:
                    self._redrive(queue, message)
                    del waiting[message.id]
                except Failed as error:
                    failed[message.id] = str(error)
                self._progress(queue.consumer, done, len(messages))
        finally:
            queues.release(self._sqs, queue, list(waiting.values()))
        gone = len(messages) - len(waiting)
        open_ = self._settle(queue) if gone else 0
        left = self._left(queue, failed)
        # Parked again it is another message. One that came by itself meanwhile cannot be told from it.
        again = sum(failure.message_id not in waiting for failure in left)
        return Redriven(queue.consumer, max(0, gone - again), tuple(left), open_)

    def _redrive(self, queue: FailureQueue, message: Message) -> None:
        """Raises Failed."""
        try:
            match way_back(queue, message):
                case ToQueue() as way:
                    self._send(way)
                case ToFunction(name, payload, report):
                    self._invoke(name, payload, report=report)
                case ToFunctionFromStream(name, pointer):
                    for records in stream.batches(stream.records_at(self._streams, pointer)):
                        self._invoke(name, {"Records": records}, report=True)
                case ToLog() as way:
                    self._write(way)
            self._sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=message.receipt)
        except (NoWayBack, stream.Gone, ClientError, BotoCoreError) as error:
            raise Failed(str(error)) from error

    def _send(self, way: ToQueue) -> None:
        url = self._sqs.get_queue_url(QueueName=way.name)["QueueUrl"]
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in way.attributes.items()}
        fifo = {"MessageGroupId": way.group, "MessageDeduplicationId": way.deduplication_id} if way.group else {}
        self._sqs.send_message(QueueUrl=url, MessageBody=way.body, MessageAttributes=attributes, **fifo)

    def _write(self, way: ToLog) -> None:
        stream = {"logGroupName": way.group, "logStreamName": _LOG_STREAM}
        with suppress(self._logs.exceptions.ResourceAlreadyExistsException):
            self._logs.create_log_stream(**stream)
        event = {"timestamp": int(time.time() * 1000), "message": way.text}
        answer = self._logs.put_log_events(**stream, logEvents=[event])
        if refused := answer.get("rejectedLogEventsInfo"):
            raise Failed(f"{way.group} does not take it: {refused}")

    def _invoke(self, function: str, payload: Mapping[str, Any], *, report: bool) -> None:
        answer = self._lambda.invoke(FunctionName=function, Payload=as_payload(payload))
        content = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            raise Failed(f"{function}: {content.get('errorType')}: {content.get('errorMessage')}")
        if report and content and content.get("batchItemFailures"):
            raise Failed(f"{function} asks for it to be tried again: see its log")

    def _settle(self, queue: FailureQueue) -> int:
        """Wait until the consumer has worked off the queue that the messages went to, but no longer than `wait_s`; how
        many it has not."""
        try:
            url = self._sqs.get_queue_url(QueueName=queue.source)["QueueUrl"]
        except self._sqs.exceptions.QueueDoesNotExist:
            return 0  # a function was invoked, and waited for
        deadline = time.monotonic() + self._wait_s
        while (open_ := _open(self._sqs, url)) and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY_S)
        return open_

    def _left(self, queue: FailureQueue, failed: Mapping[str, str]) -> list[Failure]:
        """What lies in the queue, each with the reason for which it was not redriven, or for which it came back."""
        messages = queues.receive(self._sqs, queue, hidden_s=30)
        queues.release(self._sqs, queue, messages)
        now = time.time()
        described = [describe(queue, message, now=now) for message in messages]
        again = [replace(each, reason=failed.get(each.message_id, each.reason)) for each in described]
        return explained(self._logs, queue, again)


def redrive(aws: Aws, chosen: Sequence[FailureQueue], *, wait_s: float, progress: Progress) -> list[Redriven]:
    """Redrive the queues one after the other."""
    way = Redrive(aws, wait_s=wait_s, progress=progress)
    return [way.queue(queue) for queue in chosen]


def _open(sqs: Any, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(counts[name]) for name in names)
