"""Query and Scan: one page, `{items, nextToken, scannedCount}`."""

from typing import TYPE_CHECKING, Any

from local.appsync.dynamodb import pages
from local.appsync.dynamodb.requests import Arguments, add_expression, elements
from local.appsync.dynamodb.results import SourceResult
from local.appsync.dynamodb.values import to_plain_map

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_COMMON = ("version", "operation", "index", "nextToken", "limit", "consistentRead", "filter", "projection", "select")
_MEMBERS = {
    "index": "IndexName",
    "limit": "Limit",
    "consistentRead": "ConsistentRead",
    "select": "Select",
    "scanIndexForward": "ScanIndexForward",
    "totalSegments": "TotalSegments",
    "segment": "Segment",
}


def query(client: "DynamoDBClient", table: str, request: dict[str, Any], resolver: str) -> SourceResult:
    parts = elements(request, "$", ["query"], [*_COMMON, "scanIndexForward"])
    arguments = _arguments(table, parts, resolver)
    add_expression(arguments, "KeyConditionExpression", parts["query"], "$[query]")
    return _page(client.query(**arguments), resolver)


def scan(client: "DynamoDBClient", table: str, request: dict[str, Any], resolver: str) -> SourceResult:
    parts = elements(request, "$", [], [*_COMMON, "totalSegments", "segment"])
    return _page(client.scan(**_arguments(table, parts, resolver)), resolver)


def _arguments(table: str, parts: dict[str, Any], resolver: str) -> Arguments:
    arguments: Arguments = {"TableName": table}
    arguments |= {member: parts[name] for name, member in _MEMBERS.items() if name in parts}
    if "nextToken" in parts:
        arguments["ExclusiveStartKey"] = pages.unseal(resolver, parts["nextToken"])
    if "filter" in parts:
        add_expression(arguments, "FilterExpression", parts["filter"], "$[filter]")
    if "projection" in parts:
        add_expression(arguments, "ProjectionExpression", parts["projection"], "$[projection]", values=False)
    return arguments


def _page(answer: Any, resolver: str) -> SourceResult:
    return SourceResult(
        {
            "items": [to_plain_map(item) for item in answer["Items"]],
            "nextToken": pages.seal(resolver, answer.get("LastEvaluatedKey")),
            "scannedCount": answer.get("ScannedCount"),
        }
    )
