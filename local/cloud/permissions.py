"""What IAM decides by: the condition keys of PutEvents, and the permissions that batch calls need.

AWS: `events:source` and `events:detail-type` are in the request context of PutEvents (Service Authorization Reference,
"Actions, resources, and condition keys for Amazon EventBridge"), so that a role may be allowed to send one source only.
MiniStack leaves them out, and a role that is allowed its own source may then send nothing at all. A request that mixes
several values of a key is given none of them, and so meets no condition on that key.

AWS: a batch call of SNS or SQS needs the permission of the single call; there is no other (Service Authorization
Reference, Amazon SNS and Amazon SQS). MiniStack asks for one of the batch call's own name.

Replaced, in `ministack.core.iam_actions`: `request_tag_context`, which gathers condition keys from a request's body,
and `extract_iam_action`, which names the permission.
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions

from local.cloud import patch

_KEYS = {"events:source": "Source", "events:detail-type": "DetailType"}

_SINGLE = {
    "sns:PublishBatch": "sns:Publish",
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}

Context = dict[str, Any]


def install() -> None:
    """Adds the condition keys to every PutEvents request, and names batch calls' permissions as AWS does."""

    def single(original: Callable[..., str | None]) -> Callable[..., str | None]:
        def action(*args: Any, **kwargs: Any) -> str | None:
            found = original(*args, **kwargs)
            return _SINGLE.get(found, found) if found else found

        return action

    patch.replace(iam_actions, "extract_iam_action", single)

    def make(original: Callable[..., Context]) -> Callable[..., Context]:
        def context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> Context:
            found = original(service, iam_action, body, params)
            return found | of_put_events(body) if iam_action == "events:PutEvents" else found

        return context

    patch.replace(iam_actions, "request_tag_context", make)


def of_put_events(body: bytes) -> Context:
    """The condition keys of a PutEvents request body. One that cannot be read has none."""
    try:
        entries = json.loads(body)["Entries"]
        values = {key: {entry.get(field) for entry in entries} for key, field in _KEYS.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {key: found.pop() for key, found in values.items() if len(found) == 1}
