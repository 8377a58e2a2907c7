"""Lines of a log group, local or on AWS."""

import json
from collections.abc import Iterator
from typing import Any


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
