"""The contracts of what partners are sent: each event of a merchant, without what is internal, and what is written on
it. The models' own schemas would refuse that, as to the platform internal fields are as required as others.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from delivery_events.examples import complete

from infra.partner_declaration import FOR_PARTNERS
from local.contracts.canonical import Json

_REPLAY = "3f2b8c1e-9d4a-4e0b-8a57-0c6f1d2e3b4a"


def schemas(present: Mapping[str, Json]) -> dict[str, dict[str, Any]]:
    """Of the schemas of all events, those of a webhook's body, a queue's message and a bus's `detail`, by type."""
    return {name: _sent(name, schema) for name, schema in present.items() if name in FOR_PARTNERS}


def _sent(detail_type: str, schema: Json) -> dict[str, Any]:
    content: dict[str, Any] = deepcopy(dict(schema))
    for each in [*content["$defs"].values(), content]:
        _without_internal(each)
    written: dict[str, Any] = {
        "type": {"type": "string", "const": detail_type, "description": "The event's type and major version."},
        "timestamp": {**content["$defs"]["Metadata"]["properties"]["occurred_at"], "title": "Timestamp"},
        "replay": {
            "type": "string",
            "description": "The replay that it is sent for once more; not there when it is sent for the first time.",
            "examples": [_REPLAY],
        },
    }
    content["properties"] = written | content["properties"]
    content["required"] = ["type", "timestamp", *content["required"]]
    return complete(content)


def _without_internal(schema: dict[str, Any]) -> None:
    """Takes an object's internal fields away, and its examples in which they could be: `complete` makes new ones."""
    fields: dict[str, Any] = schema.get("properties", {})
    hidden = {name for name, field in fields.items() if field.get("x-internal")}
    for name in hidden:
        del fields[name]
    if hidden and "required" in schema:
        schema["required"] = [name for name in schema["required"] if name not in hidden]
    for each in [schema, *fields.values()]:
        if any(isinstance(example, dict | list) for example in each.get("examples", ())):
            del each["examples"]
