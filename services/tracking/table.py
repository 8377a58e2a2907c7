"""Every DynamoDB call of the tracking service's Python. The resolvers make their own; docs/tables/tracking.md has both.

A condition that does not hold is an answer (`False`), not an error: somebody else was first.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from delivery_events.envelope import rfc3339
from delivery_events.outbox import plain

from services.tracking.domain import NextStop, counted_from
from services.tracking.stops import PREFIX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table as DynamoTable
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

Item = dict[str, Any]

# Why a transaction may be refused that is to be decided anew, from what the table holds then.
_OVERTAKEN = frozenset({"None", "ConditionalCheckFailed", "TransactionConflict"})


class TrackingTable:
    def __init__(self, table: "DynamoTable") -> None:
        self._table = table

    def tracking(self, order_id: str) -> Item | None:
        item = self._table.get_item(Key=_order_key(order_id), ConsistentRead=True).get("Item")
        return plain(item) if item else None

    def add_entry(self, entry: Item) -> bool:
        """Add an entry to an order's timeline. False: it is there already."""
        try:
            self._table.put_item(Item=stored(entry), ConditionExpression="attribute_not_exists(pk)")
        except ClientError as error:
            return _overtaken(error)
        return True

    def put_tracking(self, row: Item, *, left: NextStop | None, ahead: NextStop | None, at: datetime) -> bool:
        """Write an order's row over the one it was made from, whose `sequence` is one less.

        `left` and `ahead` are the driver's next stop before and after; `at` is when that changed. If they differ, the
        drivers' rows change in the same transaction: the order's row is what refuses a late event, so a stop that is
        done can never come back.
        False: the order's row, or a driver's, was written meanwhile.
        """
        put: dict[str, Any] = {"Item": stored(row), **_still_as_read(row)}
        stops = self._stops(row, left, ahead, rfc3339(at))
        try:
            if stops:
                writes: list[Any] = [{"Put": {**put, "TableName": self._table.name}}, *stops]
                self._table.meta.client.transact_write_items(TransactItems=writes)
            else:
                self._table.put_item(**put)
        except ClientError as error:
            return _overtaken(error)
        return True

    def watch(self, stop: NextStop) -> bool:
        """Note on the driver's row who watches the way to its next stop. A technical change: `sequence` stays.

        False: the stop is another by now, and carries its own.
        """
        try:
            self._table.update_item(
                Key={"pk": f"DRIVER#{stop.driver_id}", "sk": "DRIVER"},
                UpdateExpression="SET #stop.watched_until = :until, #stop.#shared = :shared",
                ConditionExpression="#stop.#kind = :kind AND #stop.since = :since",
                ExpressionAttributeNames={
                    "#stop": f"{PREFIX}{stop.delivery_id}",
                    "#shared": "shared",
                    "#kind": "stop",
                },
                ExpressionAttributeValues={
                    ":until": stop.watched_until or "",
                    ":shared": stop.shared,
                    ":kind": stop.stop.value,
                    ":since": stop.since,
                },
            )
        except ClientError as error:
            return _overtaken(error)
        return True

    def _stops(
        self, row: Item, left: NextStop | None, ahead: NextStop | None, at: str
    ) -> "list[TransactWriteItemTypeDef]":
        if left == ahead:
            return []
        writes = []
        turned = {":turned_at": at} if left and not left.is_same(ahead) else {}
        if left and (ahead is None or ahead.driver_id != left.driver_id):
            writes.append(self._driver_update(row, left, f"REMOVE #stop {_CHANGED}{_TURNED}", turned))
            turned = {}
        if ahead:
            expression = f"{_CHANGED}, #stop = :stop{_TURNED if turned else ''}"
            writes.append(self._driver_update(row, ahead, expression, {":stop": _stop(ahead), **turned}))
        return writes

    def _driver_update(
        self, row: Item, stop: NextStop, expression: str, values: Mapping[str, Any]
    ) -> "TransactWriteItemTypeDef":
        return {
            "Update": {
                "TableName": self._table.name,
                "Key": {"pk": f"DRIVER#{stop.driver_id}", "sk": "DRIVER"},
                "UpdateExpression": expression,
                "ExpressionAttributeNames": {"#stop": f"{PREFIX}{stop.delivery_id}", "#sequence": "sequence"},
                "ExpressionAttributeValues": stored(
                    {
                        **values,
                        ":driver_id": stop.driver_id,
                        ":start": counted_from(row["occurred_at"]),
                        ":one": 1,
                        ":now": row["occurred_at"],
                        ":caused_by": row["caused_by"],
                    }
                ),
            }
        }


def _still_as_read(row: Item) -> Item:
    """The condition that nobody wrote the order's row since: no event (`sequence`), and no resolver (`revision`)."""
    if row["sequence"] == 1:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    known = {":known": row["sequence"] - 1}
    revised = "attribute_not_exists(revision)"
    if "revision" in row:
        revised, known[":revision"] = "revision = :revision", row["revision"]
    return {
        "ConditionExpression": f"#sequence = :known AND {revised}",
        "ExpressionAttributeNames": {"#sequence": "sequence"},
        "ExpressionAttributeValues": known,
    }


def _stop(stop: NextStop) -> Item:
    """As the driver's row has it: by the order's id, and without what is not known or not so."""
    content = {name: value for name, value in asdict(stop).items() if name not in ("driver_id", "delivery_id")}
    return {name: value for name, value in content.items() if value is not None and value is not False}


# A driver who never reported has no row yet.
_CHANGED = (
    "SET driver_id = :driver_id, #sequence = if_not_exists(#sequence, :start) + :one, "
    "occurred_at = :now, caused_by = :caused_by"
)
# One stop is done, and the driver turns to another.
_TURNED = ", turned_at = :turned_at"


def _order_key(order_id: str) -> dict[str, str]:
    return {"pk": f"ORDER#{order_id}", "sk": "TRACKING"}


def stored(item: Mapping[str, Any]) -> Item:
    """`item` as boto3 stores it: DynamoDB's numbers are decimal, and boto3 takes no float for one."""
    content: Item = json.loads(json.dumps(item), parse_float=Decimal)
    return content


def _overtaken(error: ClientError) -> bool:
    """False if somebody else was first; raises every other error."""
    code = error.response["Error"]["Code"]
    reasons = {reason["Code"] for reason in error.response.get("CancellationReasons", [])}
    if code == "ConditionalCheckFailedException" or code == "TransactionConflictException":
        return False
    if code == "TransactionCanceledException" and reasons and reasons <= _OVERTAKEN:
        return False
    raise error
