"""Reads alerts from the notifications service's table, local or on AWS. Numbers of phones are not in it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

from infra import names
from local.alerts.provider_record import Message, taken
from local.aws import Aws
from local.problem import Problem
from local.rows import row_of

# Of services/notifications/stack.py: the keys of one order's alerts; alerts of one day, once they ended.
_BY_ORDER = ("order-index", "order_id")
_BY_DAY = ("recent-index", "day")


@dataclass(frozen=True)
class Alert:
    """One thing that one recipient was to be told by one channel. state: CLAIMED while a sender is at it, then SENT,
    SUPPRESSED or FAILED, the latter two for a reason. at: when that was written, RFC 3339. to, text: in the local cloud
    only, and of what was sent: the number or device, masked, and the words."""

    at: str
    order_id: str
    event_id: str
    recipient_id: str
    audience: str
    channel: str
    template: str
    state: str
    reason: str | None = None
    message_id: str | None = None
    to: str | None = None
    text: str | None = None


def of_order(aws: Aws, order_id: str) -> list[Alert]:
    """The alerts about one order, in the order in which senders took them up. Raises Problem when there is no order."""
    dynamodb = aws.client("dynamodb")
    with _deployed(dynamodb):
        rows = list(_whole(dynamodb, _entries(dynamodb, _BY_ORDER, order_id, forward=True)))
        if not rows and not _exists(dynamodb, order_id):
            raise Problem(f"There is no order {order_id}.")
    return _alerts(aws, rows)


def latest(aws: Aws, count: int, *, days: int, now: datetime) -> list[Alert]:
    """The last `count` alerts that ended within the last `days` days, the newest last."""
    dynamodb = aws.client("dynamodb")
    dates = [(now.astimezone(UTC) - timedelta(days=back)).date().isoformat() for back in range(days)]
    with _deployed(dynamodb):
        newest_first = chain.from_iterable(_entries(dynamodb, _BY_DAY, date, forward=False) for date in dates)
        rows = list(islice(newest_first, count))
    return _alerts(aws, rows[::-1])


@contextmanager
def _deployed(dynamodb: Any) -> Iterator[None]:
    try:
        yield
    except dynamodb.exceptions.ResourceNotFoundException:
        raise Problem("The platform's tables are not there.", "Deploy the platform first.") from None


def _entries(dynamodb: Any, index: tuple[str, str], value: str, *, forward: bool) -> Iterator[dict[str, Any]]:
    name, partition = index
    pages = dynamodb.get_paginator("query").paginate(
        TableName=names.of("notifications"),
        IndexName=name,
        KeyConditionExpression="#partition = :value",
        ExpressionAttributeNames={"#partition": partition},
        ExpressionAttributeValues={":value": {"S": value}},
        ScanIndexForward=forward,
    )
    for page in pages:
        yield from map(row_of, page["Items"])


def _whole(dynamodb: Any, entries: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of an index's entries, in their order."""
    for entry in entries:
        key = {name: {"S": entry[name]} for name in ("pk", "sk")}
        item = dynamodb.get_item(TableName=names.of("notifications"), Key=key, ConsistentRead=True).get("Item", {})
        if item:  # else it has expired
            yield row_of(item)


def _exists(dynamodb: Any, order_id: str) -> bool:
    key = {"pk": {"S": f"ORDER#{order_id}"}, "sk": {"S": "ORDER"}}
    found = dynamodb.get_item(TableName=names.of("orders"), Key=key, ProjectionExpression="pk")
    return "Item" in found


def _alerts(aws: Aws, rows: list[dict[str, Any]]) -> list[Alert]:
    messages: Mapping[str, Message] = taken(aws.endpoint) if aws.endpoint and rows else {}
    return [_alert(row, messages.get(row.get("message_id", ""))) for row in rows]


def _alert(row: dict[str, Any], message: Message | None) -> Alert:
    return Alert(
        at=row["occurred_at"],
        order_id=row["order_id"],
        event_id=row["event_id"],
        recipient_id=row["recipient_id"],
        audience=row["audience"],
        channel=row["channel"],
        template=row["template"],
        state=row["state"],
        reason=row.get("reason"),
        message_id=row.get("message_id"),
        to=message.to if message else None,
        text=message.text if message else None,
    )
