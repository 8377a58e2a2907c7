"""The events as TypeScript types.

What EventBridge delivers is told apart by its detail type: after `event["detail-type"] === "order.placed.v1"` the
compiler knows what `event.detail.data` holds.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local.contracts.build.definitions import shared
from local.contracts.canonical import Json

_REF = "#/"
_PRIMITIVES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}

_HEAD = """\
// The delivery platform's events, generated from their models by `delivery contracts build`.
// Later versions may add optional fields: keep or ignore what you do not know.
"""

_TAIL = """\
/** Any of them. */
export type DeliveryEvent = DeliveryEvents[keyof DeliveryEvents];

/** What EventBridge delivers of one type. */
export interface Delivered<K extends keyof DeliveryEvents> {
  "detail-type": K;
  source: string;
  detail: DeliveryEvents[K];
}

/** What EventBridge delivers, told apart by its detail type. */
export type AnyDelivered = { [K in keyof DeliveryEvents]: Delivered<K> }[keyof DeliveryEvents];
"""


def declarations(schemas: Mapping[str, Json]) -> str:
    definitions, events = shared(schemas, _REF)
    blocks = [_HEAD, *(_declaration(_name(name), each) for name, each in definitions.items())]
    blocks += [_declaration(_name(name), each) for name, each in _without_clashes(events, definitions)]
    by_type = [f"  {json.dumps(name)}: {_event_name(name)};" for name in events]
    blocks.append(
        "\n".join(["/** Every event by its detail type. */", "export interface DeliveryEvents {", *by_type, "}"])
    )
    blocks.append(_TAIL)
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _without_clashes(events: Mapping[str, Json], definitions: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    taken = {_name(name) for name in definitions}
    for name, schema in events.items():
        if _event_name(name) in taken:
            raise ValueError(f"{name} and a definition would both be called {_event_name(name)}")
        yield name, schema


def _event_name(detail_type: str) -> str:
    return _name(detail_type)


def _name(name: str) -> str:
    """OrderPlacedV1 of order.placed.v1, Money of Money."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace(".", "_").replace("-", "_").split("_"))


def _declaration(name: str, schema: Json) -> str:
    if "properties" in schema:
        return "\n".join([*_comment(schema), f"export interface {name} {{", *_members(schema), "}"])
    return "\n".join([*_comment(schema), f"export type {name} = {_type(schema)};"])


def _members(schema: Json) -> Iterator[str]:
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        yield from (f"  {line}" for line in _comment(field))
        yield f"  {name}{'' if name in required else '?'}: {_type(field)};"


def _type(schema: Json) -> str:
    match schema:
        case {"$ref": str(ref)}:
            return _name(ref.removeprefix(_REF))
        case {"const": value}:
            return json.dumps(value)
        case {"enum": [*values]}:
            return " | ".join(json.dumps(value) for value in values)
        case {"anyOf": [*alternatives]}:
            return " | ".join(_type(each) for each in alternatives)
        case {"type": "array", "items": items}:
            return f"Array<{_type(items)}>"
        case {"type": str(name)} if name in _PRIMITIVES:
            return _PRIMITIVES[name]
    raise ValueError(f"no TypeScript type is known for {dict(schema)}")


def _comment(schema: Json) -> list[str]:
    """Its meaning, unit and an example."""
    said: list[str] = [str(schema["description"]).replace("*/", "* /")] if schema.get("description") else []
    if "x-unit" in schema:
        said.append(f"Unit: {schema['x-unit']}.")
    if schema.get("x-internal"):
        said.append("Stays inside the platform: partners do not get it.")
    lines = [" ".join(line.split()) for line in said]
    example: Any = next(iter(schema.get("examples", ())), None)
    if example is not None and not isinstance(example, dict):
        lines.append(f"@example {json.dumps(example)}")
    if not lines:
        return []
    return [f"/** {lines[0]} */"] if len(lines) == 1 else ["/**", *(f" * {line}" for line in lines), " */"]
