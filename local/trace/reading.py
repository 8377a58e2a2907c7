"""Reads an order's events and what was logged about them out of CloudWatch Logs, local or on AWS."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from infra import names
from local.aws import Aws
from local.problem import Problem
from local.trace.chain import LogLine, Step, chain
from local.trace.log_lines import read
from local.trace.order_id import full_order_id, no_event_log

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
    full = full_order_id(logs, order_id, since)
    try:
        events = [content for _, content in read(logs, names.EVENT_LOG, f'"{full}"', since)]
    except logs.exceptions.ResourceNotFoundException:
        raise no_event_log() from None
    steps = chain(events, _lines(logs, full, events, since))
    if not steps:
        raise Problem(f"No event is about an order {order_id}.", "It may be older than --days, or not exist.")
    return Trace(full, tuple(steps))


def _lines(logs: Any, order_id: str, events: Iterable[Mapping[str, Any]], since: float) -> list[LogLine]:
    """What every function logged about the order, and about events that concern it under another correlation."""
    elsewhere = [
        event["detail"]["metadata"]["event_id"]
        for event in events
        if event["detail"]["metadata"]["correlation_id"] != order_id
    ]
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=names.log_group(names.PREFIX))
    groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    wanted = [(group, id_) for group in groups for id_ in (order_id, *elsewhere)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda each: list(read(logs, each[0], f'"{each[1]}"', since)), wanted)
        return [LogLine(at, content) for lines in found for at, content in lines]
