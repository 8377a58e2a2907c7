"""How dispatch's conditional writes are put together, and what their refusal is told by. No call is made in here."""

import random
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError
from delivery_events.envelope import rfc3339

from services.dispatch.places import Point

Item = dict[str, Any]

CONFLICT_ATTEMPTS = 5  # how often a write is tried that met another transaction on the same row

# What every transition writes beside its own attributes, on each row that it concerns; `step` has the values.
STEP = "#sequence = #sequence + :one, occurred_at = :now, caused_by = :caused_by, transition = :transition"


def step(transition: str, now: datetime, caused_by: str) -> Item:
    return {":transition": transition, ":now": rfc3339(now), ":caused_by": caused_by, ":one": 1}


def delivery_key(delivery_id: str) -> Item:
    return {"pk": f"DELIVERY#{delivery_id}", "sk": "DELIVERY"}


def driver_key(driver_id: str) -> Item:
    return {"pk": f"DRIVER#{driver_id}", "sk": "DRIVER"}


def readiness_key(merchant_id: str) -> Item:
    return {"pk": f"MERCHANT#{merchant_id}", "sk": "READINESS"}


def area_key(zone: str, what: str) -> Item:
    """What is learnt of a zone."""
    return {"pk": f"AREA#{zone}", "sk": what}


def position_of(point: Point) -> dict[str, float]:
    return {"lat": point.lat, "lng": point.lng}


def conditional(table: str, key: Item, expression: str, condition: str, values: Mapping[str, Any]) -> Item:
    """One conditional update; `#name` stands for the attribute `name` in both expressions."""
    placeholders = set(re.findall(r"#\w+", f"{expression} {condition}"))
    write = {
        "TableName": table,
        "Key": key,
        "UpdateExpression": expression,
        "ConditionExpression": condition,
        "ExpressionAttributeValues": {name: _storable(value) for name, value in values.items()},
    }
    if placeholders:
        write["ExpressionAttributeNames"] = {name: name[1:] for name in placeholders}
    return write


def unless_refused(call: Callable[[], object], sleep: Callable[[float], None] = time.sleep) -> bool:
    """Whether the write's conditions held. It is tried again while another transaction is busy with its rows."""
    for attempt in range(1, CONFLICT_ATTEMPTS + 1):
        try:
            call()
        except ClientError as error:
            codes = _codes(error)
            if codes & {"ConditionalCheckFailedException", "ConditionalCheckFailed"}:
                return False
            if not codes & {"TransactionConflict", "TransactionConflictException"} or attempt == CONFLICT_ATTEMPTS:
                raise
            sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter
        else:
            return True
    raise AssertionError("unreachable: the last attempt returns or raises")


def _codes(error: ClientError) -> set[str]:
    """The error's code, and for a cancelled transaction the reasons of each of its writes."""
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    return {error.response["Error"]["Code"], *(reason.get("Code") or "None" for reason in reasons)}


def _storable(value: Any) -> Any:
    """`value` as boto3 takes it: DynamoDB's numbers are decimal."""
    match value:
        case float():
            return Decimal(str(value))
        case dict():
            return {name: _storable(each) for name, each in value.items()}
        case list() | tuple():
            return [_storable(each) for each in value]
        case _:
            return value
