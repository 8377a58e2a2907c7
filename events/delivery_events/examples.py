"""An example and a title for every field of a schema, made from those of its parts where the model gives none.

A model gives examples of its plain values. What is made of them, an object, a list, a member of an enumeration, needs
none of its own: it would only be one more thing to keep true.
"""

from typing import Any

Json = dict[str, Any]


def complete(schema: Json) -> Json:
    """`schema` with `title` and `examples` in every field, however deep, and one whole example at its root.

    Raises ValueError that names a plain value which its model gives no example of.
    """
    definitions: dict[str, Json] = schema.get("$defs", {})
    for owner in [*definitions.values(), schema]:
        for name, field in owner.get("properties", {}).items():
            field.setdefault("title", name.replace("_", " ").title())
            field.setdefault("examples", [_example(field, definitions, f"{owner['title']}.{name}")])
            _drop_inner_examples(field)
    schema["examples"] = [_example(schema, definitions, schema["title"])]
    return schema


def _example(schema: Json, definitions: dict[str, Json], where: str) -> Any:
    match schema:
        case {"examples": [first, *_]} | {"const": first} | {"enum": [first, *_]}:
            return first
        case {"$ref": str(ref)}:
            return _example(definitions[ref.rpartition("/")[2]], definitions, where)
        case {"anyOf": [first, *_]}:  # of an optional value, the value
            return _example(first, definitions, where)
        case {"type": "array", "items": items}:
            return [_example(items, definitions, where)]
        case {"type": "object", "properties": properties}:
            return {name: _example(each, definitions, f"{where}.{name}") for name, each in properties.items()}
    raise ValueError(f"{where} has no example: give its field one")


def _drop_inner_examples(field: Json) -> None:
    """Those of an optional value's alternatives, which the field itself now has."""
    for alternative in field.get("anyOf", ()):
        alternative.pop("examples", None)
