"""Reads what lies in the failure queues, and leaves it there."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from infra import names
from local.aws import Aws
from local.failures import queues
from local.failures.queues import FailureQueue
from local.failures.reasons import Failure, describe
from local.trace.log_lines import read

MOST = 1000  # messages read of one queue; more is no list for people
_HIDDEN_S = 30  # should this be cut off, they are there again soon
_AT_ONCE = 10  # as many connections as a client keeps
_LOOKED_UP = 50  # reasons taken from logs, for each queue: CloudWatch Logs answers few such questions a second


@dataclass(frozen=True)
class Listed:
    """One failure queue. count: about how many messages lie in it, which may be more than are listed."""

    queue: str
    count: int
    failures: tuple[Failure, ...]


def list_failures(aws: Aws, wanted: Sequence[str] = ()) -> list[Listed]:
    """The failure queues that are wanted, by default all, and what lies in them. Raises Problem when there are none."""
    sqs, logs = aws.client("sqs"), aws.client("logs")
    there = queues.find(sqs)
    chosen = queues.choose(there, wanted) if wanted else there
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda queue: _list(sqs, logs, queue), chosen))


def _list(sqs: Any, logs: Any, queue: FailureQueue) -> Listed:
    messages = queues.receive(sqs, queue, hidden_s=_HIDDEN_S, most=MOST)
    queues.release(sqs, queue, messages)
    now = time.time()
    failures = [describe(queue, message, now=now) for message in messages]
    return Listed(queue.consumer, max(len(messages), _count(sqs, queue)), tuple(explained(logs, queue, failures)))


def _count(sqs: Any, queue: FailureQueue) -> int:
    wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=wanted)["Attributes"]
    return sum(int(counts[name]) for name in wanted)


def explained(logs: Any, queue: FailureQueue, failures: Sequence[Failure]) -> list[Failure]:
    """The failures, each with a reason: a message that SQS moved here after its last attempt has none of its own, but
    whoever failed on it logged one."""
    asked = 0
    found = []
    for failure in failures:
        if failure.reason is None:
            reason = _logged(logs, queue, failure) if asked < _LOOKED_UP else None
            asked += 1
            found.append(replace(failure, reason=_gave_up(queue, reason)))
        else:
            found.append(failure)
    return found


def _gave_up(queue: FailureQueue, reason: str | None) -> str:
    return f"failed at every attempt: {reason or f'see {_log_group(queue)}'}"


def _logged(logs: Any, queue: FailureQueue, failure: Failure) -> str | None:
    """The last reason that the function logged for failing on it."""
    if failure.event_id is None:
        return None
    since = time.time() - failure.age_s - 1
    try:
        lines = [line for _, line in read(logs, _log_group(queue), f'"{failure.event_id}"', since) if "reason" in line]
    except logs.exceptions.ResourceNotFoundException:
        return None
    return str(lines[-1]["reason"]) if lines else None


def _log_group(queue: FailureQueue) -> str:
    return names.log_group(queue.function)
