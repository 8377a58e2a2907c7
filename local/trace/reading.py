"""Reads an order's events and what was logged about them out of CloudWatch Logs, local or on AWS."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from infra import names
from local.aws import Aws
from local.problem import Problem
from local.trace.chain import LogLine, Step, chain

_FUNCTIONS = "/aws/lambda/delivery-"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHORT = re.compile(r"[0-9a-f-]{4,35}")
_AT_ONCE = 8  # CloudWatch Logs allows few FilterLogEvents a second


@dataclass(frozen=True)
class Trace:
    order_id: str
    steps: tuple[Step, ...]


def trace(aws: Aws, order_id: str, *, since: float) -> Trace:
    """The chain of one order. `order_id` may be the beginning of one; `since` is in seconds since 1970.

    Raises Problem when there is no such order, or several begin so.
    """
    logs = aws.client("logs")
    try:
        full = order_id if _UUID.fullmatch(order_id) else _find(logs, order_id, since)
        events = [content for _, content in read(logs, names.EVENT_LOG, f'"{full}"', since)]
    except logs.exceptions.ResourceNotFoundException:
        raise Problem(f"There is no log group {names.EVENT_LOG}.", "Deploy the platform first.") from None
    steps = chain(events, _lines(logs, full, events, since))
    if not steps:
        raise Problem(f"No event is about an order {order_id}.", "It may be older than --days, or not exist.")
    return Trace(full, tuple(steps))


def _find(logs: Any, beginning: str, since: float) -> str:
    """The one order whose id begins so."""
    if not _SHORT.fullmatch(beginning):
        raise Problem(f"{beginning!r} is no order id.", "Give a UUID, or at least its first 4 characters.")
    # CloudWatch matches whole words of a text, but any beginning of a field.
    pattern = f'{{ $.detail.metadata.correlation_id = "{beginning}*" }}'
    found: set[str] = {
        content["detail"]["metadata"]["correlation_id"]
        for _, content in read(logs, names.EVENT_LOG, pattern, since)
        if content["detail"]["data"].get("order_id") == content["detail"]["metadata"]["correlation_id"]
    }
    matching = sorted(order for order in found if order.startswith(beginning))
    if not matching:
        raise Problem(f"No order's id begins with {beginning}.", "It may be older than --days, or not exist.")
    if len(matching) > 1:
        some = ", ".join(matching[:5]) + (", …" if len(matching) > 5 else "")
        raise Problem(f"{len(matching)} orders begin with {beginning}: {some}", "Give more of the id.")
    return matching[0]


def _lines(logs: Any, order_id: str, events: Iterable[Mapping[str, Any]], since: float) -> list[LogLine]:
    """What every function logged about the order, and about events that concern it under another correlation."""
    elsewhere = [
        event["detail"]["metadata"]["event_id"]
        for event in events
        if event["detail"]["metadata"]["correlation_id"] != order_id
    ]
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=_FUNCTIONS)
    groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    wanted = [(group, id_) for group in groups for id_ in (order_id, *elsewhere)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda each: list(read(logs, each[0], f'"{each[1]}"', since)), wanted)
        return [LogLine(at, content) for lines in found for at, content in lines]


def read(logs: Any, group: str, pattern: str, since: float) -> Iterator[tuple[float, dict[str, Any]]]:
    """The JSON lines of a log group that match, with their time in seconds since 1970. Other lines are left out."""
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern=pattern, startTime=int(since * 1000)
    )
    for page in pages:
        for line in page["events"]:
            try:
                content = json.loads(line["message"])
            except ValueError:
                continue
            if isinstance(content, dict):
                yield line["timestamp"] / 1000, content
