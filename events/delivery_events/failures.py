"""A message that can never be handled goes to a failure queue at once, with the reason, and the rest goes on."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True)
class FailureQueue:
    """The failure queue of one consumer. `source` names the consumer, such as `orders-inbox`."""

    client: "SQSClient"
    url: str
    source: str

    def park(self, body: str | dict[str, Any], reason: str) -> None:
        """Put `body` there as it was received. `reason` says what was wrong, and holds no personal data."""
        self.client.send_message(
            QueueUrl=self.url,
            MessageBody=body if isinstance(body, str) else json.dumps(body, default=str),
            MessageAttributes={
                "reason": {"DataType": "String", "StringValue": reason[:1000]},
                "source": {"DataType": "String", "StringValue": self.source},
            },
        )
