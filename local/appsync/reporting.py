"""Errors as AppSync writes them: path, data, errorType, errorInfo, locations and message."""

import logging
import re
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLResolveInfo, GraphQLSchema, get_location

from local.appsync.errors import FieldError, FieldFailedError

_log = logging.getLogger(__name__)
_NULL = re.compile(r"Cannot return null for non-nullable field (\w+)\.(\w+)\.")


@dataclass(frozen=True)
class Located:
    """An error that a resolver appended, and the field that it ran for."""

    error: FieldError
    info: GraphQLResolveInfo


def reported(located: Located) -> dict[str, Any]:
    nodes: list[FieldNode] = located.info.field_nodes
    places = [get_location(node.loc.source, node.loc.start) for node in nodes if node.loc is not None]
    return _entry(located.error, located.info.path.as_list(), [(place.line, place.column) for place in places])


def report(error: GraphQLError, schema: GraphQLSchema) -> dict[str, Any]:
    """An entry of `errors` for what went wrong in validation or on a field."""
    places = [(place.line, place.column) for place in error.locations or ()]
    cause = error.original_error
    if isinstance(cause, FieldFailedError):
        return _entry(cause.error, error.path, places)
    if error.path is None:  # it does not fit the schema, or a variable's value does not: such an error has no type
        return {"path": None, "locations": _located(places), "message": error.message}
    null = _NULL.match(error.message)
    if null is not None:
        return _entry(FieldError(_null_message(null, error.path, schema)), error.path, None)
    if cause is not None and not isinstance(cause, GraphQLError | TypeError):
        _log.error("%s failed", error.path, exc_info=cause)
        return _entry(
            FieldError("An internal error occurred in the local AppSync; its log has it.", "InternalFailure"),
            error.path,
            places,
        )
    where = "/" + "/".join(str(step) for step in error.path)
    return _entry(FieldError(f"Can't serialize value ({where}) : {error.message}"), error.path, places)


def _null_message(matched: re.Match[str], path: list[Any], schema: GraphQLSchema) -> str:
    parent, name = matched.groups()
    field = getattr(schema.type_map.get(parent), "fields", {}).get(name)
    type_ = getattr(field.type, "of_type", "") if field is not None else ""
    where = "/" + "/".join(str(step) for step in path)
    return f"Cannot return null for non-nullable type: '{type_}' within parent '{parent}' ({where})"


def _entry(error: FieldError, path: Any, places: list[tuple[int, int]] | None) -> dict[str, Any]:
    return {
        "path": path,
        "data": error.data,
        "errorType": error.error_type,
        "errorInfo": error.error_info,
        "locations": None if places is None else _located(places),
        "message": error.message,
    }


def _located(places: list[tuple[int, int]]) -> list[dict[str, Any]]:
    return [{"line": line, "column": column, "sourceName": None} for line, column in places]
