"""Calls to MiniStack's own services from inside its process, in their JSON protocol.

A fill that must send a message or delete an item goes through the service's request handler, as a client would, so that
everything a request causes (wake-ups, deduplication, streams) happens. This uses MiniStack's public
`app.call_service_handler_sync`, needs no network and no credentials.
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack import app
from ministack.core import responses

JsonObject = dict[str, Any]

_PROTOCOLS = {
    "sqs": ("AmazonSQS", "1.0"),
    "dynamodb": ("DynamoDB_20120810", "1.0"),
}


class CallError(Exception):
    """A service answered with an error: its code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def call(service: str, operation: str, request: JsonObject, account: str, region: str) -> JsonObject:
    """The service's answer to one operation, e.g. call("sqs", "SendMessage", {...}, account, region).

    Must not be called on the event loop: it waits for the loop. Raises CallError for an error answer.
    """
    prefix, version = _PROTOCOLS[service]
    headers = {"x-amz-target": f"{prefix}.{operation}", "content-type": f"application/x-amz-json-{version}"}
    responses.set_request_account_id(account)
    responses.set_request_region(region)
    status, _, body = app.call_service_handler_sync(
        app.SERVICE_HANDLERS[service], "POST", "/", headers, json.dumps(request).encode(), {}
    )
    answer: JsonObject = json.loads(body or b"{}")
    if status >= 400:
        raise CallError(str(answer.get("__type", status)).rpartition("#")[2], str(answer.get("message", "")))
    return answer


def send(queue_arn: str, body: str, attributes: Mapping[str, str | int] | None = None) -> None:
    """Sends one message to a standard queue; attributes become message attributes of their type. Raises CallError."""
    region, account, name = queue_arn.split(":")[3:6]
    url = call("sqs", "GetQueueUrl", {"QueueName": name}, account, region)["QueueUrl"]
    request: JsonObject = {"QueueUrl": url, "MessageBody": body}
    if attributes:
        request["MessageAttributes"] = {
            key: {"DataType": "Number" if isinstance(value, int) else "String", "StringValue": str(value)}
            for key, value in attributes.items()
        }
    call("sqs", "SendMessage", request, account, region)
