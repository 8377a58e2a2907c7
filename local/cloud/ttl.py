"""Items past their time to live are deleted within seconds, and the table's stream says so.

AWS ("Using time to live (TTL) in DynamoDB", "DynamoDB Streams and Time to Live"): an expired item is deleted in the
background, within days; its REMOVE record carries the userIdentity of the service, by which consumers tell expiry from
a deletion somebody asked for. The attribute must be a number, of seconds since 1970, and not be more than five years
past. MiniStack deletes once a minute, without a stream record, whatever the attribute's type and age.

Here expired items are deleted every second through DeleteItem, on the condition that the item still expires then.
Replaced, in `ministack.services.dynamodb`: `_build_change_record`, to add the identity; and `_remove_item`, which does
nothing any more in the thread that MiniStack's own deletion runs in, because that thread cannot be stopped. In
`ministack.services.dynamodb_streams`: `_get_records`, because GetRecords writes the identity's fields with capitals,
and functions get them without.
"""

import asyncio
import contextvars
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from ministack.services import dynamodb, dynamodb_streams

from local.cloud import api, patch
from local.cloud.api import JsonObject

_log = logging.getLogger(__name__)

_EVERY_SECONDS = 1.0
_TOO_OLD_SECONDS = 5 * 365 * 86_400
_MINISTACKS_THREAD = "dynamodb-ttl-reaper"
_SERVICE = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}

Answer = tuple[int, dict[str, str], bytes]

_expiring = contextvars.ContextVar("expiring", default=False)


async def run() -> None:
    """Deletes what has expired, for ever."""
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        await asyncio.to_thread(_delete_expired)


def _delete_expired() -> None:
    _expiring.set(True)  # in the copy of the context that this thread runs in
    for (account, region, table), setting in list(dynamodb._ttl_settings.all_items()):
        if setting.get("TimeToLiveStatus") != "ENABLED":
            continue
        for request in list(_deletions(account, region, table, setting["AttributeName"])):
            try:
                api.call("dynamodb", "DeleteItem", request, account, region)
            except api.CallError as error:
                if error.code != "ConditionalCheckFailedException":
                    _log.error("%s: expired item not deleted: %s", table, error)


def _deletions(account: str, region: str, name: str, attribute: str) -> Iterator[JsonObject]:
    """A DeleteItem request for every expired item of a table."""
    table = dynamodb._tables.get_scoped(account, region, name)
    if not table:
        return
    now = time.time()
    keys = [key for key in (table["pk_name"], table["sk_name"]) if key]
    for partition in list(table["items"].values()):
        for item in list(partition.values()):
            expires = item.get(attribute, {}).get("N")
            if expires is not None and now - _TOO_OLD_SECONDS < float(expires) <= now:
                yield {
                    "TableName": name,
                    "Key": {key: item[key] for key in keys},
                    "ConditionExpression": "#expires = :then",
                    "ExpressionAttributeNames": {"#expires": attribute},
                    "ExpressionAttributeValues": {":then": {"N": expires}},
                }


def _capitalized(get_records: Callable[[JsonObject], Answer]) -> Callable[[JsonObject], Answer]:
    def answered(request: JsonObject) -> Answer:
        status, headers, body = get_records(request)
        if b'"userIdentity"' not in body:
            return status, headers, body
        content = json.loads(body)
        for record in content["Records"]:
            if identity := record.get("userIdentity"):
                record["userIdentity"] = {"Type": identity["type"], "PrincipalId": identity["principalId"]}
        return status, headers, json.dumps(content).encode()

    return answered


def install() -> None:
    """Lets `run` do what MiniStack's own thread did."""
    patch.require(dynamodb, "_tables", "_ttl_settings")
    if not any(thread.name == _MINISTACKS_THREAD for thread in threading.enumerate()):
        raise patch.IncompatibleMiniStackError(f"MiniStack has no thread {_MINISTACKS_THREAD}")

    def identified(build: Callable[..., JsonObject]) -> Callable[..., JsonObject]:
        def record(*arguments: Any) -> JsonObject:
            built = build(*arguments)
            return built | {"userIdentity": _SERVICE} if _expiring.get() else built

        return record

    def only_ours(remove: Callable[..., Any]) -> Callable[..., Any]:
        def removed(*arguments: Any) -> Any:
            return None if threading.current_thread().name == _MINISTACKS_THREAD else remove(*arguments)

        return removed

    patch.replace(dynamodb, "_build_change_record", identified)
    patch.replace(dynamodb, "_remove_item", only_ours)
    patch.replace(dynamodb_streams, "_get_records", _capitalized)
