"""What Lambda does with a handler: imports it in its environment, and hands it batches."""

import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.types import TypeSerializer
from delivery_events import Event
from delivery_events.push import Push
from delivery_events.pusher import Pusher

from tests.tables import stored

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef


class Function:
    """A handler, imported afresh with `environment`. A message's id is its position in the batch.

    pushed: what it told subscribers, instead of the API's being called: (mutation, input) each.
    """

    def __init__(self, module: str, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delitem(sys.modules, module, raising=False)
        self.pushed: list[tuple[str, dict[str, Any]]] = []
        monkeypatch.setattr(Pusher, "push", self._push)
        self._handler = import_module(module).handler

    def _push(self, pushes: Sequence[Push]) -> None:
        self.pushed += [(each.publication.mutation, dict(each.input)) for each in pushes]

    def messages(self, *bodies: str) -> list[str]:
        """Handle an SQS batch; the ids of the messages that are to be delivered again."""
        return self._failed([_message(n, body) for n, body in enumerate(bodies)])

    def queued(self, message: "MessageTypeDef") -> list[str]:
        """Handle one message as SQS gave it out; its id, if it is to be delivered again."""
        return self._failed(
            [{"messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"]}]
        )

    def changes(self, *images: tuple[dict[str, Any] | None, dict[str, Any] | None]) -> list[str]:
        """Handle a stream batch of (old, new) images; the number from which the stream goes on, if not at the end."""
        return self._failed([_change(n, *each) for n, each in enumerate(images)])

    def call(self) -> None:
        """Call it as a schedule does."""
        self._handler({}, LambdaContext())

    def _failed(self, records: list[dict[str, Any]]) -> list[str]:
        answer = self._handler({"Records": records}, LambdaContext())
        return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]


def _message(number: int, body: str) -> dict[str, Any]:
    return {
        "messageId": str(number),
        "eventSource": "aws:sqs",
        "body": body,
        "attributes": {},
        "messageAttributes": {},
    }


def _change(number: int, old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    row = new or old or {}
    change: dict[str, Any] = {"SequenceNumber": str(number), "Keys": _typed({name: row[name] for name in ("pk", "sk")})}
    for image, content in (("OldImage", old), ("NewImage", new)):
        if content is not None:
            change[image] = _typed(content)
    return {"eventName": "MODIFY", "eventSource": "aws:dynamodb", "dynamodb": change}


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: TypeSerializer().serialize(value) for name, value in stored(row).items()}


def delivered(event: Event[Any]) -> str:
    """An event as EventBridge puts it into a queue."""
    return json.dumps(
        {
            "source": event.data.SOURCE,
            "detail-type": event.detail_type,
            "detail": json.loads(event.model_dump_json(exclude_none=True)),
        }
    )
