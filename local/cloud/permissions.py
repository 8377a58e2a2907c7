"""What IAM decides by: PutEvents' condition keys, the permissions that batch calls need, how log groups are named.

AWS: `events:source` and `events:detail-type` are in the request context of PutEvents (Service Authorization Reference,
"Actions, resources, and condition keys for Amazon EventBridge"), so that a role may be allowed to send one source only.
MiniStack leaves them out, and a role that is allowed its own source may then send nothing at all. A request that mixes
several values of a key is given none of them, and so meets no condition on that key.

AWS: a batch call of SNS or SQS needs the permission of the single call; there is no other (Service Authorization
Reference, Amazon SNS and Amazon SQS). MiniStack asks for one of the batch call's own name.

AWS: the ARN of a log group ends with `:*` in policies, but for those on its tags (CloudWatch Logs API reference,
LogGroup). MiniStack decides by one without, and a policy that names a group as AWS does allows nothing.

Replaced, in `ministack.core.iam_actions`: `request_tag_context`, which gathers condition keys from a request's body,
`extract_iam_action`, which names the permission, and `extract_resource_arn`, which names what it is for.
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

_OF_TAGS = ("TagResource", "UntagResource", "ListTagsForResource")
_GROUP = ":log-group:"

Context = dict[str, Any]


def install() -> None:
    """Adds the condition keys to every PutEvents request, and names permissions and log groups as AWS does."""

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

    def of_policies(original: Callable[..., str]) -> Callable[..., str]:
        def arn(service: str, method: str, path: str, headers: dict[str, str], *more: Any) -> str:
            found = original(service, method, path, headers, *more)
            of_tags = headers.get("x-amz-target", "").endswith(_OF_TAGS)
            return f"{found}:*" if service == "logs" and _GROUP in found and not of_tags else found

        return arn

    patch.replace(iam_actions, "extract_resource_arn", of_policies)


def of_put_events(body: bytes) -> Context:
    """The condition keys of a PutEvents request body. One that cannot be read has none."""
    try:
        entries = json.loads(body)["Entries"]
        values = {key: {entry.get(field) for entry in entries} for key, field in _KEYS.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {key: found.pop() for key, found in values.items() if len(found) == 1}
