"""GetItem, PutItem, UpdateItem and DeleteItem, with AppSync's handling of a failed condition."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local.appsync.dynamodb.requests import Arguments, add_expression, elements
from local.appsync.dynamodb.results import SourceError, SourceResult, error_code
from local.appsync.dynamodb.values import Wire, invalid, to_plain_map, to_wire_map

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_AFTER_FAILURE = ("equalsIgnore", "consistentRead", "conditionalCheckFailedHandler")
_COMMON = ("version", "operation")


def get_item(client: "DynamoDBClient", table: str, request: dict[str, Any]) -> SourceResult:
    parts = elements(request, "$", ["key"], [*_COMMON, "consistentRead", "projection"])
    arguments: Arguments = {"TableName": table, "Key": to_wire_map(parts["key"], "$[key]")}
    arguments["ConsistentRead"] = bool(parts.get("consistentRead", False))
    if "projection" in parts:
        add_expression(arguments, "ProjectionExpression", parts["projection"], "$[projection]", values=False)
    item = client.get_item(**arguments).get("Item")
    return SourceResult(None if item is None else to_plain_map(item))


def put_item(client: "DynamoDBClient", table: str, request: dict[str, Any]) -> SourceResult:
    """The result is the item as it was put."""
    parts = elements(request, "$", ["key"], [*_COMMON, "attributeValues", "condition"])
    key = to_wire_map(parts["key"], "$[key]")
    item = {**to_wire_map(parts.get("attributeValues", {}), "$[attributeValues]"), **key}
    arguments: Arguments = {"TableName": table, "Item": item}
    after = _condition(arguments, parts)
    try:
        client.put_item(**arguments)
    except ClientError as error:
        current = _current(client, table, key, after, error)
        ignored = set(after.get("equalsIgnore", ()))
        if current is not None and _without(current, ignored) == _without(item, ignored):
            return SourceResult(to_plain_map(current))
        return _rejected(error, current)
    return SourceResult(to_plain_map(item))


def update_item(client: "DynamoDBClient", table: str, request: dict[str, Any]) -> SourceResult:
    """The result is the item after the update. A failed update is never taken for a success."""
    parts = elements(request, "$", ["key", "update"], [*_COMMON, "condition"])
    key = to_wire_map(parts["key"], "$[key]")
    arguments: Arguments = {"TableName": table, "Key": key, "ReturnValues": "ALL_NEW"}
    add_expression(arguments, "UpdateExpression", parts["update"], "$[update]")
    after = _condition(arguments, parts)
    try:
        item = client.update_item(**arguments).get("Attributes", {})
    except ClientError as error:
        return _rejected(error, _current(client, table, key, after, error))
    return SourceResult(to_plain_map(item))


def delete_item(client: "DynamoDBClient", table: str, request: dict[str, Any]) -> SourceResult:
    """The result is the item that was deleted. When there is none, a failed condition is a success."""
    parts = elements(request, "$", ["key"], [*_COMMON, "condition"])
    key = to_wire_map(parts["key"], "$[key]")
    arguments: Arguments = {"TableName": table, "Key": key, "ReturnValues": "ALL_OLD"}
    after = _condition(arguments, parts)
    try:
        item = client.delete_item(**arguments).get("Attributes")
    except ClientError as error:
        current = _current(client, table, key, after, error)
        return SourceResult(None) if current is None else _rejected(error, current)
    return SourceResult(None if item is None else to_plain_map(item))


def _condition(arguments: Arguments, parts: dict[str, Any]) -> dict[str, Any]:
    """Add the condition to the arguments; returns what to do when it fails."""
    if "condition" not in parts:
        return {}
    after = add_expression(arguments, "ConditionExpression", parts["condition"], "$[condition]", _AFTER_FAILURE)
    strategy = (after.get("conditionalCheckFailedHandler") or {}).get("strategy", "Reject")
    if strategy != "Reject":
        raise invalid(f"The strategy '{strategy}' for a failed condition is not done locally, only 'Reject'.")
    return after


def _current(
    client: "DynamoDBClient", table: str, key: dict[str, Wire], after: dict[str, Any], error: ClientError
) -> dict[str, Wire] | None:
    """The item as it is now, read because the condition failed; any other failure is raised again."""
    if error_code(error) != "ConditionalCheckFailedException":
        raise error
    read = client.get_item(TableName=table, Key=key, ConsistentRead=bool(after.get("consistentRead", True)))
    return read.get("Item")  # type: ignore[return-value]  # the stubs name each tag, we need none of them


def _rejected(error: ClientError, current: dict[str, Wire] | None) -> SourceResult:
    return SourceResult(None if current is None else to_plain_map(current), SourceError.of(error))


def _without(item: dict[str, Wire], names: set[str]) -> dict[str, Wire]:
    return {name: value for name, value in item.items() if name not in names}
