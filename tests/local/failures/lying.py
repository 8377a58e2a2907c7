"""Messages as they lie in failure queues, for tests."""

import json
from collections.abc import Mapping
from typing import Any

from local.failures.queues import FailureQueue, Message

EVENT: dict[str, Any] = {
    "source": "delivery.orders",
    "detail-type": "order.placed.v1",
    "detail": {"metadata": {"event_id": "6f0a2c1e-0000-4000-8000-000000000001"}, "data": {}},
}
RECORD: dict[str, Any] = {
    "eventID": "1",
    "eventName": "MODIFY",
    "eventSourceARN": "arn:aws:dynamodb:us-east-1:0:table/delivery-orders/stream/1",
    "dynamodb": {"SequenceNumber": "7", "Keys": {"pk": {"S": "ORDER#1"}, "sk": {"S": "ORDER"}}},
}
POINTER: dict[str, Any] = {
    "requestContext": {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 21},
    "DDBStreamBatchInfo": {
        "streamArn": "arn:aws:dynamodb:us-east-1:0:table/delivery-orders/stream/1",
        "shardId": "shard-1",
        "startSequenceNumber": "7",
        "endSequenceNumber": "9",
        "batchSize": 3,
    },
}


def queue(consumer: str, *, fifo: bool = False) -> FailureQueue:
    name = f"delivery-{consumer}-failures" + (".fifo" if fifo else "")
    return FailureQueue(name, f"https://sqs/{name}")


def message(
    body: Any, attributes: Mapping[str, str] | None = None, *, sent_at: float = 1000, group: str | None = None
) -> Message:
    """`body` as JSON, unless it is a text."""
    text = body if isinstance(body, str) else json.dumps(body)
    system = {"SentTimestamp": str(int(sent_at * 1000))} | ({"MessageGroupId": group} if group else {})
    return Message("message-1", "receipt-1", text, attributes or {}, system)
