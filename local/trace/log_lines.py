"""Lines of a log group, local or on AWS."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

_FULL = 10_000  # FilterLogEvents answers with at most this many lines


def read(logs: Any, group: str, pattern: str, since: float) -> Iterator[tuple[float, dict[str, Any]]]:
    """The JSON lines of a log group that match, with their time in seconds since 1970. Other lines are left out."""
    for line in lines(logs, group, pattern, since):
        try:
            content = json.loads(line["message"])
        except ValueError:
            continue
        if isinstance(content, dict):
            yield line["timestamp"] / 1000, content


def lines(logs: Any, group: str, pattern: str, since: float) -> Iterator[Mapping[str, Any]]:
    """All lines of a log group that match, as CloudWatch Logs has them."""
    start = int(since * 1000)
    known: set[str] = set()
    while True:
        page: list[Mapping[str, Any]] = []
        fresh = 0
        for answer in logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, filterPattern=pattern, startTime=start
        ):
            page = answer["events"]
            for line in page:
                if line["timestamp"] > start or line["message"] not in known:
                    fresh += 1
                    yield line
        if len(page) < _FULL or not fresh:
            return
        # AWS says where to go on, the local cloud cuts a full answer off: its last moment is read again.
        start = page[-1]["timestamp"]
        known = {line["message"] for line in page if line["timestamp"] == start}
