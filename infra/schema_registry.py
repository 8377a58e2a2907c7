"""The events' schemas in an EventBridge schema registry, where AWS's consoles and IDEs find them.

EventBridge takes JSON Schema draft 4 (EventBridge User Guide, "EventBridge schemas"), so the models' schemas are put
into that dialect: `definitions` for `$defs`, a one-member enumeration for `const`. What an event looks like around its
`detail` is part of it.
"""

import json
from collections.abc import Mapping
from typing import Any

from delivery_events import CATALOG, schemas

from infra import names

Json = dict[str, Any]

_ENVELOPE: Mapping[str, Json] = {
    "version": {"type": "string"},
    "id": {"type": "string"},
    "account": {"type": "string"},
    "time": {"type": "string", "format": "date-time"},
    "region": {"type": "string"},
    "resources": {"type": "array", "items": {"type": "string"}},
}
_ANNOTATIONS = frozenset({"$schema", "$defs", "examples"})  # draft 4 knows no examples


def resources() -> dict[str, Json]:
    """One registry with a schema for each event type and major version, as CloudFormation resources by logical id.

    Not as the CDK's constructs, so that whoever only wants the template needs no CDK to run.
    """
    registry = {"RegistryName": names.SCHEMA_REGISTRY, "Description": "The delivery platform's events"}
    found: dict[str, Json] = {"SchemaRegistry": {"Type": "AWS::EventSchemas::Registry", "Properties": registry}}
    for detail_type in sorted(CATALOG):
        whole = content(detail_type)
        found[f"Schema{detail_type.title().replace('.', '').replace('_', '')}"] = {
            "Type": "AWS::EventSchemas::Schema",
            "DependsOn": ["SchemaRegistry"],
            "Properties": {
                "RegistryName": names.SCHEMA_REGISTRY,
                "SchemaName": f"{CATALOG[detail_type].SOURCE}@{detail_type}",
                "Type": "JSONSchemaDraft4",
                "Description": whole["description"],
                "Content": json.dumps(whole, sort_keys=True),
            },
        }
    return found


def content(detail_type: str) -> Json:
    """The draft 4 schema of a whole EventBridge event of this type."""
    schema = schemas.schema(detail_type)
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": detail_type,
        "description": schema["description"],
        "type": "object",
        "properties": {
            **_ENVELOPE,
            "source": {"type": "string", "enum": [schema["x-source"]]},
            "detail-type": {"type": "string", "enum": [detail_type]},
            "detail": draft_4({name: each for name, each in schema.items() if name not in _ANNOTATIONS}),
        },
        "required": ["source", "detail-type", "detail"],
        "definitions": {name: draft_4(each) for name, each in schema["$defs"].items()},
    }


def draft_4(value: Any) -> Any:
    match value:
        case {"$ref": str(ref)}:  # draft 4 reads nothing beside a reference
            return {"$ref": ref.replace("#/$defs/", "#/definitions/")}
        case {"properties": properties, **rest}:
            return draft_4(rest) | {"properties": {name: draft_4(each) for name, each in properties.items()}}
        case {"const": constant, **rest}:
            return draft_4(rest) | {"enum": [constant]}
        case dict():
            return {name: draft_4(each) for name, each in value.items() if name != "examples"}
        case list():
            return [draft_4(each) for each in value]
        case _:
            return value
