"""What a partner was sent, and replays of it: the operator's view of the partners service's table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

from boto3.dynamodb.types import TypeSerializer
from delivery_events.envelope import rfc3339

from infra import names
from local.aws import Aws
from local.rows import row_of

_LOG = ("log-index", "log")  # of services/partners/stack.py
_KEPT = timedelta(days=32)


@dataclass(frozen=True)
class Delivery:
    """One event for one partner. state: QUEUED, WAITING until `due`, HELD, DELIVERED or FAILED."""

    event_id: str
    type: str
    aggregate_id: str
    sequence: int
    occurred_at: str
    state: str
    attempts: int
    tried_at: str | None
    due: str | None
    code: int | None
    problem: str | None
    replay_id: str | None


def latest(aws: Aws, partner: str, count: int, *, state: str | None = None) -> list[Delivery]:
    """The newest deliveries by when their events happened, the newest last; of one state if it is given."""
    rows = _rows(aws, partner)
    found = (row for row in rows if state in (None, row["state"]))
    return [_delivery(row) for row in islice(found, count)][::-1]


def replay(
    aws: Aws,
    partner: str,
    *,
    event_ids: Sequence[str] = (),
    start: datetime | None = None,
    end: datetime | None = None,
    undelivered: bool = False,
    now: datetime,
) -> str:
    """Ask for a replay, as the mutation requestReplay does; its id."""
    replay_id = str(uuid4())
    row = {
        "pk": f"PARTNER#{partner}",
        "sk": f"REPLAY#{replay_id}",
        "partner_id": partner,
        "replay_id": replay_id,
        "state": "REQUESTED",
        "input": f"operator:{replay_id}",
        "undelivered": undelivered,
        "requested_at": rfc3339(now),
        "log": f"REPLAYS#{partner}",
        "log_key": f"{rfc3339(now)}#{replay_id}",
        "occurred_at": rfc3339(now),
        "caused_by": f"request:{uuid4()}",
        "expires_at": int((now + _KEPT).timestamp()),
    }
    chosen = {"event_ids": list(event_ids)} if start is None else {"start": rfc3339(start), "end": rfc3339(end or now)}
    to_item = TypeSerializer().serialize
    aws.client("dynamodb").put_item(
        TableName=names.of("partners"), Item={name: to_item(value) for name, value in (row | chosen).items()}
    )
    return replay_id


def _rows(aws: Aws, partner: str) -> Any:
    index, partition = _LOG
    pages = (
        aws.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=names.of("partners"),
            IndexName=index,
            KeyConditionExpression="#log = :log",
            ExpressionAttributeNames={"#log": partition},
            ExpressionAttributeValues={":log": {"S": f"DELIVERIES#{partner}"}},
            ScanIndexForward=False,
        )
    )
    for page in pages:
        yield from map(row_of, page["Items"])


def _delivery(row: dict[str, Any]) -> Delivery:
    return Delivery(
        event_id=row["event_id"],
        type=row["type"],
        aggregate_id=row["aggregate_id"],
        sequence=int(row["event_sequence"]),
        occurred_at=row["occurred_at"],
        state=row["state"],
        attempts=int(row["attempts"]),
        tried_at=row.get("tried_at"),
        due=row.get("due"),
        code=int(row["code"]) if "code" in row else None,
        problem=row.get("problem"),
        replay_id=row.get("replay_id"),
    )
