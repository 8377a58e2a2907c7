"""Stand-ins for the AWS clients that the events package is given."""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from delivery_events.failures import FailureQueue

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient


class Bus:
    """Accepts PutEvents as EventBridge does, and fails the entries that `fails` picks, by call (from 0) and detail."""

    def __init__(self, fails: Callable[[int, dict[str, Any]], bool] = lambda _call, _detail: False) -> None:
        self.calls: list[list[dict[str, Any]]] = []
        self._fails = fails

    def put_events(self, *, Entries: Sequence[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        assert 1 <= len(Entries) <= 10
        call = len(self.calls)
        self.calls.append(list(Entries))
        failed = [self._fails(call, json.loads(entry["Detail"])) for entry in Entries]
        return {
            "FailedEntryCount": sum(failed),
            "Entries": [
                {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"} if bad else {"EventId": "aws-1"}
                for bad in failed
            ],
        }

    @property
    def client(self) -> "EventBridgeClient":
        return cast("EventBridgeClient", self)

    @property
    def sequences(self) -> list[list[int]]:
        """The `sequence` of each entry of each call."""
        return [[json.loads(entry["Detail"])["metadata"]["sequence"] for entry in call] for call in self.calls]


class Failures:
    """A failure queue that remembers what was parked."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def send_message(self, **message: Any) -> None:
        self.messages.append(message)

    def queue(self, source: str) -> FailureQueue:
        return FailureQueue(cast("SQSClient", self), "https://sqs/failures", source)

    @property
    def reasons(self) -> list[str]:
        return [message["MessageAttributes"]["reason"]["StringValue"] for message in self.messages]

    @property
    def bodies(self) -> list[str]:
        return [message["MessageBody"] for message in self.messages]
