"""What IAM conditions know of a PutEvents request: `events:source` and `events:detail-type`.

AWS: both keys are in the request context of PutEvents (Service Authorization Reference, "Actions, resources, and
condition keys for Amazon EventBridge"), so that a role may be allowed to send one source only. MiniStack leaves them
out, and a role that is allowed its own source may then send nothing at all. A request that mixes several values of a key
is given none of them, and so meets no condition on that key.

Replaced: `ministack.core.iam_actions.request_tag_context`, which gathers condition keys from a request's body.
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions

from local.cloud import patch

_KEYS = {"events:source": "Source", "events:detail-type": "DetailType"}

Context = dict[str, Any]


def install() -> None:
    """Adds the condition keys to every PutEvents request."""

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
