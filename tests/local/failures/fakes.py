"""Failure queues on moto, with functions and streams that do as they are told."""

import io
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

import boto3
from botocore.exceptions import ClientError

from local.aws import Aws
from local.failures import queues
from local.failures.queues import FailureQueue


class Functions:
    """Lambda. `answers`: what each invocation returns in turn, an exception of the function as a text; then nothing."""

    def __init__(self) -> None:
        self.invoked: list[tuple[str, Any]] = []
        self.answers: list[Any] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - AWS's names
        self.invoked.append((FunctionName, json.loads(Payload)))
        answer = self.answers.pop(0) if self.answers else {"batchItemFailures": []}
        if isinstance(answer, str):
            error = {"errorType": "ValueError", "errorMessage": answer}
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(error).encode())}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


class Streams:
    """DynamoDB Streams with one open shard, that holds the records with these sequence numbers and answers with one at
    a time, and sometimes with none."""

    class exceptions:  # noqa: N801 - boto3's name
        class TrimmedDataAccessException(Exception):  # noqa: N818 - boto3's name
            pass

        class ResourceNotFoundException(Exception):  # noqa: N818 - boto3's name
            pass

    def __init__(self, numbers: Sequence[str] = ()) -> None:
        self.numbers = list(numbers)

    def get_shard_iterator(self, *, ShardIteratorType: str, SequenceNumber: str, **_: str) -> dict[str, str]:  # noqa: N803
        assert ShardIteratorType == "AT_SEQUENCE_NUMBER"
        if SequenceNumber not in self.numbers:
            raise self.exceptions.TrimmedDataAccessException
        return {"ShardIterator": str(2 * self.numbers.index(SequenceNumber))}

    def get_records(self, *, ShardIterator: str) -> dict[str, Any]:  # noqa: N803
        position, gap = divmod(int(ShardIterator), 2)
        records = [] if gap else [self._record(number) for number in self.numbers[position : position + 1]]
        return {"Records": records, "NextShardIterator": str(int(ShardIterator) + 1)}

    def _record(self, number: str) -> dict[str, Any]:
        return {
            "eventID": number,
            "eventName": "REMOVE",
            "userIdentity": {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"},
            "dynamodb": {
                "SequenceNumber": number,
                "ApproximateCreationDateTime": datetime(2026, 1, 5, tzinfo=UTC),
                "OldImage": {"signature": {"B": b"\x00\xff"}},
            },
        }


class Cloud:
    """What the commands are given."""

    def __init__(self) -> None:
        self.sqs: Any = boto3.client("sqs")
        self.functions = Functions()
        self.streams = Streams()
        self.log: list[tuple[float, str]] = []
        self.streams_of_log: set[str] = set()
        self.written: list[tuple[str, str]] = []  # log group, message

    def client(self, service: str) -> Any:
        return {"sqs": self.sqs, "lambda": self.functions, "dynamodbstreams": self.streams, "logs": self}[service]

    @property
    def aws(self) -> Aws:
        return cast(Aws, self)

    # -- CloudWatch Logs

    class exceptions:  # noqa: N801 - boto3's name
        ResourceNotFoundException = ClientError

        class ResourceAlreadyExistsException(Exception):  # noqa: N818 - boto3's name
            pass

    def create_log_stream(self, *, logGroupName: str, logStreamName: str) -> None:  # noqa: N803
        if logStreamName in self.streams_of_log:
            raise self.exceptions.ResourceAlreadyExistsException
        self.streams_of_log.add(logStreamName)

    def put_log_events(self, *, logGroupName: str, logStreamName: str, logEvents: Any) -> dict[str, Any]:  # noqa: N803
        if "too-old" in logEvents[0]["message"]:
            return {"rejectedLogEventsInfo": {"tooOldLogEventEndIndex": 0}}
        self.written += [(logGroupName, each["message"]) for each in logEvents if logStreamName in self.streams_of_log]
        return {}

    def get_paginator(self, _operation: str) -> "Cloud":
        return self

    def paginate(self, *, logGroupName: str, filterPattern: str, startTime: int) -> Any:  # noqa: N803
        assert logGroupName == "/aws/lambda/delivery-orders-inbox"
        found = [text for at, text in self.log if filterPattern.strip('"') in text and at * 1000 >= startTime]
        return [{"events": [{"timestamp": 0, "message": text} for text in found]}]

    # -- queues

    def queue(self, name: str) -> str:
        """The URL of a new queue of the platform."""
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        url: str = self.sqs.create_queue(QueueName=f"delivery-{name}", Attributes=fifo)["QueueUrl"]
        return url

    def failures(self, consumer: str) -> FailureQueue:
        return next(queue for queue in queues.find(self.sqs) if queue.consumer == consumer)

    def send(self, url: str, body: Any, **attributes: str) -> str:
        """The message's id. `body` as JSON, unless it is a text."""
        sent: dict[str, str] = self.sqs.send_message(
            QueueUrl=url,
            MessageBody=body if isinstance(body, str) else json.dumps(body),
            MessageAttributes={n: {"DataType": "String", "StringValue": v} for n, v in attributes.items()},
            **({"MessageGroupId": "g", "MessageDeduplicationId": str(time.time())} if url.endswith(".fifo") else {}),
        )
        return sent["MessageId"]

    def lying_in(self, url: str) -> list[str]:
        """The bodies of what anybody could receive now."""
        found = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [message["Body"] for message in found.get("Messages", [])]
