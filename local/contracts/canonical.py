"""A schema in the one form in which two can be compared: references followed, other spellings of the same removed.

Only the keywords that the models' schemas use are known. Another one might mean anything, so it is refused instead of
ignored.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]

# They say something to people, and nothing of what is valid.
ANNOTATIONS = frozenset({"$schema", "$defs", "$comment", "title", "description", "examples", "deprecated"})
# Each limits what a value may be, and is compared as it stands.
LIMITS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "pattern", "format",
    "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
)  # fmt: skip
_SHAPE = frozenset(
    {"$ref", "type", "const", "enum", "anyOf", "properties", "required", "items", "additionalProperties", "default"}
)
_OWN = frozenset({"x-internal", "x-source", "x-unit"})

ABSENT = object()


class Unjudged(ValueError):  # noqa: N818 - it says what is the matter
    """A schema uses what this comparison does not know. `keyword` names it, `where` the field."""

    def __init__(self, keyword: str, where: str) -> None:
        super().__init__(f"{where or 'the event'} uses `{keyword}`, which the comparison of contracts does not know")
        self.keyword = keyword
        self.where = where


@dataclass(frozen=True)
class Node:
    """What a value may be. types: JSON types but null, empty for any. enum: the only values, as a set of JSON texts or
    None. limits: the keywords of LIMITS that are given. properties, required: of an object. items: of a list.
    others: what an object's further properties may be; True for anything, False for none. alternatives: of a union.
    unit: what a number counts."""

    types: frozenset[str] = frozenset()
    nullable: bool = False
    enum: frozenset[str] | None = None
    limits: Json = field(default_factory=dict)
    properties: Mapping[str, "Node"] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: "Node | None" = None
    others: "Node | bool" = True
    alternatives: tuple["Node", ...] = ()
    default: Any = ABSENT
    internal: bool = False
    unit: str | None = None


def canonical(schema: Json) -> Node:
    """Raises Unjudged."""
    return _node(schema, schema.get("$defs", {}), "", ())


def _node(schema: Json, definitions: Json, where: str, seen: tuple[str, ...]) -> Node:
    schema, seen = _resolved(schema, definitions, where, seen)
    if unknown := schema.keys() - ANNOTATIONS - _SHAPE - _OWN - set(LIMITS):
        raise Unjudged(min(unknown), where)
    if "anyOf" in schema:
        return _union(schema, definitions, where, seen)
    values = schema["enum"] if "enum" in schema else [schema["const"]] if "const" in schema else None
    types = _types(schema, values)
    rest = schema.get("additionalProperties", True)
    return Node(
        types=types - {"null"},
        nullable="null" in types or (values is not None and None in values),
        enum=None if values is None else frozenset(json.dumps(value) for value in values if value is not None),
        limits={name: schema[name] for name in LIMITS if name in schema},
        properties={
            name: _node(each, definitions, f"{where}.{name}".lstrip("."), seen)
            for name, each in schema.get("properties", {}).items()
        },
        required=frozenset(schema.get("required", ())),
        items=_node(schema["items"], definitions, f"{where}[]", seen) if "items" in schema else None,
        others=rest if isinstance(rest, bool) else _node(rest, definitions, f"{where}.*".lstrip("."), seen),
        default=schema.get("default", ABSENT),
        internal=bool(schema.get("x-internal")),
        unit=schema.get("x-unit"),
    )


def _resolved(schema: Json, definitions: Json, where: str, seen: tuple[str, ...]) -> tuple[Json, tuple[str, ...]]:
    """`schema` with its reference followed; what stands beside the reference comes on top."""
    while "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        if name in seen or name not in definitions:
            raise Unjudged(f"$ref: {schema['$ref']}", where)
        seen = (*seen, name)
        schema = {**definitions[name], **{k: v for k, v in schema.items() if k != "$ref"}}
    return schema, seen


_TYPE_OF = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


def _types(schema: Json, values: Sequence[Any] | None) -> frozenset[str]:
    """The JSON types that are named, or else those of the only values that are allowed."""
    if "type" not in schema:
        return frozenset(_TYPE_OF.get(type(value), "object") for value in values or ())
    given = schema["type"]
    return frozenset([given] if isinstance(given, str) else given)


def _union(schema: Json, definitions: Json, where: str, seen: tuple[str, ...]) -> Node:
    """A value or null is the value, nullable; anything else that has alternatives keeps them."""
    given = [_resolved(each, definitions, where, seen)[0] for each in schema["anyOf"]]
    values = [each for each in given if each.get("type") != "null"]
    beside = {k: v for k, v in schema.items() if k != "anyOf"}
    if len(values) == 1:
        inner = {k: v for k, v in values[0].items() if k not in ANNOTATIONS}
        node = _node({**inner, **beside}, definitions, where, seen)
    else:
        if limiting := beside.keys() - ANNOTATIONS - _OWN - {"default"}:
            raise Unjudged(f"{min(limiting)} beside anyOf", where)
        node = Node(
            alternatives=tuple(_node(each, definitions, where, seen) for each in values),
            default=beside.get("default", ABSENT),
            internal=bool(beside.get("x-internal")),
            unit=beside.get("x-unit"),
        )
    return Node(**{**vars(node), "nullable": node.nullable or len(values) < len(given)})
