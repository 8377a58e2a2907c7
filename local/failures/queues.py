"""The failure queues: which there are, and what lies in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra import names
from local.problem import Problem

# Asks all of SQS's servers: a short poll asks some, and may answer with nothing although there is something.
LONG_POLL_S = 1
_BATCH = 10  # SQS's limit


@dataclass(frozen=True)
class FailureQueue:
    """One failure queue. Its name tells whose failures it takes: `<consumer>-failures`, or the same with `.fifo`."""

    name: str
    url: str

    @property
    def fifo(self) -> bool:
        return self.name.endswith(names.FIFO)

    @property
    def consumer(self) -> str:
        """Such as `orders-inbox`."""
        return self.name.removesuffix(names.FIFO).removesuffix(names.FAILURES).removeprefix(names.PREFIX)

    @property
    def function(self) -> str:
        """The function that failed: a consumer, an outbox, or what a schedule calls."""
        return names.PREFIX + self.consumer.removesuffix(names.SCHEDULE)

    @property
    def source(self) -> str:
        """The queue that the consumer reads; outboxes and schedules read none."""
        return names.PREFIX + self.consumer + (names.FIFO if self.fifo else "")


@dataclass(frozen=True)
class Message:
    """A message as it lies in a failure queue. system: what SQS says of it. receipt: by which it can be deleted."""

    id: str
    receipt: str
    body: str
    attributes: Mapping[str, str]
    system: Mapping[str, str]

    @property
    def sent_at(self) -> float:
        """Seconds since 1970. SQS keeps the time of the first sending when it moves a message, except between FIFO
        queues."""
        return int(self.system["SentTimestamp"]) / 1000


def find(sqs: Any) -> list[FailureQueue]:
    """Every failure queue, by name. Raises Problem when there is none."""
    pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix=names.PREFIX)
    urls = [url for page in pages for url in page.get("QueueUrls", [])]
    found = [FailureQueue(url.rsplit("/", 1)[-1], url) for url in sorted(urls)]
    queues = [queue for queue in found if names.is_failure_queue(queue.name)]
    if not queues:
        raise Problem("There are no failure queues.", "Deploy the platform first.")
    return queues


def choose(queues: Sequence[FailureQueue], wanted: Sequence[str]) -> list[FailureQueue]:
    """Those that are asked for, by name or by consumer. Raises Problem naming what there is."""
    known = {name: queue for queue in queues for name in (queue.name, queue.consumer)}
    if strange := [name for name in wanted if name not in known]:
        there = ", ".join(queue.consumer for queue in queues)
        raise Problem(f"There is no failure queue {', '.join(strange)}.", f"There are {there}.")
    return [queue for queue in queues if {queue.name, queue.consumer} & set(wanted)]


def receive(sqs: Any, queue: FailureQueue, *, hidden_s: int, most: int = 10_000) -> list[Message]:
    """What lies in the queue, hidden from everybody else for `hidden_s` seconds.

    Of a FIFO queue's group, that is no more than SQS hands out at once: the next wait for the first.
    """
    found: dict[str, Message] = {}
    while len(found) < most:
        batch = sqs.receive_message(
            QueueUrl=queue.url,
            MaxNumberOfMessages=_BATCH,
            VisibilityTimeout=hidden_s,
            WaitTimeSeconds=LONG_POLL_S,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        ).get("Messages", [])
        if not batch:
            break
        found |= {each["MessageId"]: _message(each) for each in batch}
    return list(found.values())


def release(sqs: Any, queue: FailureQueue, messages: Sequence[Message]) -> None:
    """Let others see the messages again."""
    for batch in _batches(messages):
        entries = [
            {"Id": str(n), "ReceiptHandle": message.receipt, "VisibilityTimeout": 0} for n, message in enumerate(batch)
        ]
        sqs.change_message_visibility_batch(QueueUrl=queue.url, Entries=entries)


def _message(received: Mapping[str, Any]) -> Message:
    attributes = received.get("MessageAttributes", {})
    return Message(
        id=received["MessageId"],
        receipt=received["ReceiptHandle"],
        body=received["Body"],
        attributes={name: value["StringValue"] for name, value in attributes.items() if "StringValue" in value},
        system=received.get("Attributes", {}),
    )


def _batches(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    for start in range(0, len(messages), _BATCH):
        yield messages[start : start + _BATCH]
