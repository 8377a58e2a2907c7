"""The definitions of all types' schemas side by side, each once."""

import json
from collections.abc import Mapping
from typing import Any

from local.contracts.canonical import Json


def shared(schemas: Mapping[str, Json], prefix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """All definitions by name, and each type's schema without its own, its references under `prefix`.

    What types have in common under one name keeps that name. Where they differ, as the metadata do in which type they
    name, the name says whose it is: `order.placed.v1.Metadata`.
    """
    by_name: dict[str, list[str]] = {}
    for schema in schemas.values():
        for name, definition in schema["$defs"].items():
            by_name.setdefault(name, []).append(json.dumps(definition, sort_keys=True))
    differing = {name for name, texts in by_name.items() if len(set(texts)) > 1}
    definitions: dict[str, Any] = {}
    payloads: dict[str, Any] = {}
    for detail_type, schema in schemas.items():
        names = {name: f"{detail_type}.{name}" if name in differing else name for name in schema["$defs"]}
        for name, definition in schema["$defs"].items():
            definitions[names[name]] = _pointing(definition, names, prefix)
        rest = {keyword: value for keyword, value in schema.items() if keyword not in {"$defs", "$schema"}}
        payloads[detail_type] = _pointing(rest, names, prefix)
    return dict(sorted(definitions.items())), payloads


def _pointing(value: Any, names: Mapping[str, str], prefix: str) -> Any:
    match value:
        case {"$ref": str(ref)}:
            return {**value, "$ref": prefix + names[ref.rpartition("/")[2]]}
        case dict():
            return {key: _pointing(each, names, prefix) for key, each in value.items()}
        case list():
            return [_pointing(each, names, prefix) for each in value]
        case _:
            return value
