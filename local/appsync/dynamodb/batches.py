"""TransactWriteItems, TransactGetItems and BatchGetItem: many items in one call."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local.appsync.dynamodb.requests import Arguments, add_expression, elements
from local.appsync.dynamodb.results import SourceError, SourceResult
from local.appsync.dynamodb.values import Wire, invalid, to_plain_map, to_wire_map

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MEMBER = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete", "ConditionCheck": "ConditionCheck"}
_REQUIRED = {"PutItem": [], "UpdateItem": ["update"], "DeleteItem": [], "ConditionCheck": ["condition"]}


def transact_write(client: "DynamoDBClient", request: dict[str, Any]) -> SourceResult:
    """On success `{keys, cancellationReasons: null}`, when cancelled `{keys: null, cancellationReasons}`."""
    items = elements(request, "$", ["transactItems"], ["version", "operation"])["transactItems"]
    writes = [_write(item, f"$[transactItems][{index}]") for index, item in enumerate(items)]
    try:
        client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]  # built by operation name
    except ClientError as error:
        return SourceResult({"keys": None, "cancellationReasons": _reasons(error)}, SourceError.of(error))
    keys = [to_plain_map(to_wire_map(item["key"], "$[key]")) for item in items]
    return SourceResult({"keys": keys, "cancellationReasons": None})


def transact_get(client: "DynamoDBClient", request: dict[str, Any]) -> SourceResult:
    """The items in the order of the keys, null where there is none."""
    items = elements(request, "$", ["transactItems"], ["version", "operation"])["transactItems"]
    reads = [{"Get": _read(item, f"$[transactItems][{index}]")} for index, item in enumerate(items)]
    try:
        answers = client.transact_get_items(TransactItems=reads)["Responses"]  # type: ignore[arg-type]
    except ClientError as error:
        return SourceResult({"items": None, "cancellationReasons": _reasons(error)}, SourceError.of(error))
    found = [to_plain_map(answer["Item"]) if answer.get("Item") else None for answer in answers]
    return SourceResult({"items": found, "cancellationReasons": None})


def batch_get(client: "DynamoDBClient", request: dict[str, Any]) -> SourceResult:
    """`{data, unprocessedKeys}` by table; items in the order of their keys, null where there is none."""
    tables = elements(request, "$", ["tables"], ["version", "operation"])["tables"]
    reads = {table: _batch(block, f"$[tables][{table}]") for table, block in tables.items()}
    try:
        answer = client.batch_get_item(RequestItems=reads)  # type: ignore[arg-type]  # one block for each table
    except ClientError as error:
        return SourceResult({"data": None, "unprocessedKeys": None}, SourceError.of(error))
    unprocessed = answer.get("UnprocessedKeys", {})
    return SourceResult(
        {
            "data": {table: _in_order(reads[table]["Keys"], answer["Responses"].get(table, [])) for table in reads},
            "unprocessedKeys": {table: [to_plain_map(k) for k in left["Keys"]] for table, left in unprocessed.items()},
        }
    )


def _write(item: Any, path: str) -> Arguments:
    operation = item.get("operation") if isinstance(item, dict) else None
    if operation not in _MEMBER:
        raise invalid(f"Unsupported operation '{operation}' at '{path}'.")
    optional = {"PutItem": ["attributeValues", "condition"], "ConditionCheck": []}.get(operation, ["condition"])
    parts = elements(item, path, ["table", "operation", "key", *_REQUIRED[operation]], optional)
    key = to_wire_map(parts["key"], f"{path}[key]")
    arguments: Arguments = {"TableName": parts["table"]}
    if operation == "PutItem":
        arguments["Item"] = {**to_wire_map(parts.get("attributeValues", {}), f"{path}[attributeValues]"), **key}
    else:
        arguments["Key"] = key
    if "update" in parts:
        add_expression(arguments, "UpdateExpression", parts["update"], f"{path}[update]")
    if "condition" in parts:
        more = ["returnValuesOnConditionCheckFailure"]
        rest = add_expression(arguments, "ConditionExpression", parts["condition"], f"{path}[condition]", more)
        shown = rest.get("returnValuesOnConditionCheckFailure", True)
        arguments["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD" if shown else "NONE"
    return {_MEMBER[operation]: arguments}


def _read(item: Any, path: str) -> Arguments:
    parts = elements(item, path, ["table", "key"], ["projection"])
    arguments: Arguments = {"TableName": parts["table"], "Key": to_wire_map(parts["key"], f"{path}[key]")}
    if "projection" in parts:
        add_expression(arguments, "ProjectionExpression", parts["projection"], f"{path}[projection]", values=False)
    return arguments


def _batch(block: Any, path: str) -> Arguments:
    parts = elements(block, path, ["keys"], ["consistentRead", "projection"])
    keys = [to_wire_map(key, f"{path}[keys][{index}]") for index, key in enumerate(parts["keys"])]
    arguments: Arguments = {"Keys": keys, "ConsistentRead": bool(parts.get("consistentRead", False))}
    if "projection" in parts:
        add_expression(arguments, "ProjectionExpression", parts["projection"], f"{path}[projection]", values=False)
    return arguments


def _in_order(keys: list[dict[str, Wire]], items: Any) -> list[Any]:
    def of(key: dict[str, Wire]) -> Any:
        return next((item for item in items if all(item.get(name) == value for name, value in key.items())), None)

    found = (of(key) for key in keys)
    return [None if item is None else to_plain_map(item) for item in found]


def _reasons(error: ClientError) -> list[dict[str, Any]] | None:
    """DynamoDB's cancellation reasons in AppSync's words, one for each item; None for any other failure."""
    reasons: list[dict[str, Any]] | None = error.response.get("CancellationReasons")  # type: ignore[assignment]
    if reasons is None:
        return None
    return [
        {
            "item": to_plain_map(reason["Item"]) if reason.get("Item") else None,
            "type": reason.get("Code"),
            "message": reason.get("Message"),
        }
        for reason in reasons
    ]
