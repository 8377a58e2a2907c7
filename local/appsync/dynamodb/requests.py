"""Reading request objects: the elements each operation may have, and expressions as boto3's arguments.

An element that AppSync does not know is an error there too: "Unsupported element '$[…]'."
"""

from collections.abc import Collection
from typing import Any

from local.appsync.dynamodb.values import invalid, to_wire_map

Arguments = dict[str, Any]


def elements(request: Any, path: str, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """The elements of a request object or of a part of it; null counts as absent."""
    if not isinstance(request, dict):
        raise invalid(f"Expected an object at '{path}'.")
    for name in request:
        if name not in required and name not in optional:
            raise invalid(f"Unsupported element '{path}[{name}]'.")
    present = {name: value for name, value in request.items() if value is not None}
    for name in required:
        if name not in present:
            raise invalid(f"Value for field '{path}[{name}]' not found.")
    return present


def add_expression(
    arguments: Arguments, member: str, block: Any, path: str, more: Collection[str] = (), values: bool = True
) -> dict[str, Any]:
    """Put an `{expression, expressionNames, expressionValues}` block into boto3's arguments as `member`.

    Several expressions of one request share their placeholders. Returns the block's further elements (`more`).
    """
    allowed = ("expressionNames", *(("expressionValues",) if values else ()), *more)
    parts = elements(block, path, ["expression"], allowed)
    arguments[member] = parts["expression"]
    names = parts.get("expressionNames") or {}
    typed = to_wire_map(parts.get("expressionValues") or {}, f"{path}[expressionValues]")
    _merge(arguments, "ExpressionAttributeNames", names, path)
    _merge(arguments, "ExpressionAttributeValues", typed, path)
    return {name: parts[name] for name in more if name in parts}


def _merge(arguments: Arguments, member: str, added: dict[str, Any], path: str) -> None:
    if not added:
        return
    merged = arguments.setdefault(member, {})
    for placeholder, meaning in added.items():
        if merged.get(placeholder, meaning) != meaning:
            raise invalid(f"The placeholder '{placeholder}' at '{path}' has two meanings in one request.")
    merged.update(added)
