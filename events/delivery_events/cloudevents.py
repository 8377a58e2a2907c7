"""Events as CloudEvents 1.0, for a partner whose tools speak that.

| CloudEvents | here |
|---|---|
| `id` | `metadata.event_id` |
| `source` | `urn:delivery:` and the service, such as `urn:delivery:orders` |
| `type` | the detail type, such as `order.placed.v1` |
| `subject` | `metadata.aggregate_id` |
| `time` | `metadata.occurred_at` |
| `sequence` (an extension, as text) | `metadata.sequence` |
| `correlationid`, `causationid` (extensions) | `metadata.correlation_id`, `metadata.causation_id` |
| `data` | `data` |
"""

import json
from collections.abc import Mapping
from typing import Any

from delivery_events.catalog import MalformedEvent
from delivery_events.envelope import Event
from delivery_events.public import parse_public

SOURCE = "urn:delivery:"

# Where each attribute comes from, as a path into EventBridge's `detail`. `source`, `type` and what every event has
# alike are not in there.
ATTRIBUTES: Mapping[str, str] = {
    "id": "metadata.event_id",
    "subject": "metadata.aggregate_id",
    "time": "metadata.occurred_at",
    "sequence": "metadata.sequence",
    "correlationid": "metadata.correlation_id",
    "causationid": "metadata.causation_id",
}


def to_cloudevent(event: Event[Any]) -> dict[str, Any]:
    """The event in CloudEvents' JSON format."""
    content = json.loads(event.model_dump_json(exclude_none=True))
    named = {name: str(content["metadata"][path.partition(".")[2]]) for name, path in ATTRIBUTES.items()}
    return {
        "specversion": "1.0",
        "type": event.detail_type,
        "source": SOURCE + event.data.SOURCE.removeprefix("delivery."),
        "datacontenttype": "application/json",
        **named,
        "data": content["data"],
    }


def from_cloudevent(content: Mapping[str, Any]) -> Event[Any]:
    """The event that `to_cloudevent` made this of, read as a partner reads it: what is internal may be missing.

    Raises as `parse_public` does, and MalformedEvent without an attribute.
    """
    try:
        detail_type = str(content["type"])
        type_, _, version = detail_type.rpartition(".v")
        metadata: dict[str, Any] = {"type": type_, "version": version}
        metadata |= {path.partition(".")[2]: content[name] for name, path in ATTRIBUTES.items()}
        data = content["data"]
    except (KeyError, TypeError) as error:
        raise MalformedEvent(f"no CloudEvent of the platform: {error} is missing") from error
    return parse_public(detail_type, {"metadata": metadata, "data": data})
