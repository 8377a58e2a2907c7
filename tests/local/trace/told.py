"""Events as EventBridge logs them, and what consumers log about them, for tests."""

import json
from typing import Any
from uuid import UUID, uuid5

ORDER = "3f2b8c1e-9d4a-4e0b-8a57-0c6f1d2e3b4a"


def event_id(name: str) -> str:
    return str(uuid5(UUID(ORDER), name))


def event(
    name: str,
    type_: str,
    *,
    second: int,
    cause: str = "request:1",
    source: str = "orders",
    order: str = ORDER,
    correlation: str | None = None,
) -> dict[str, Any]:
    """`name` names it among the test's events; `cause` is another's name, or a cause that is no event. `correlation`:
    where it is not the order's id."""
    return {
        "source": f"delivery.{source}",
        "detail-type": f"{type_}.v1",
        "detail": {
            "metadata": {
                "event_id": event_id(name),
                "sequence": 1,
                "occurred_at": f"2026-01-05T18:30:{second:02}.000Z",
                "causation_id": cause if ":" in cause else event_id(cause),
                "correlation_id": correlation or order,
            },
            "data": {"order_id": order},
        },
    }


def handled(name: str, service: str, outcome: str, **more: str) -> dict[str, str]:
    """A consumer's log line."""
    line = {"message": "event handled", "service": f"delivery-{service}", "event_id": event_id(name)}
    return line | {"outcome": outcome, "correlation_id": ORDER} | more


def decided(offer_id: str) -> dict[str, Any]:
    """A round's log line of an offer."""
    return {
        "message": "trip offered",
        "offer_id": offer_id,
        "driver_id": "driver-1",
        "decided": "costs 40 s less in all than with driver-2, the next best",
        "size": 2,
        "metres": 3400,
        "leaves_when_free": False,
        "considered": [{"driver_id": "driver-2", "costs_more_s": 40, "because": "free"}],
    }


class Logs:
    """CloudWatch Logs, as far as a trace uses it: `groups` maps a group's name to (seconds, text) lines. Like the
    service it knows quoted phrases, and one JSON pattern: the beginning of a correlation id."""

    class exceptions:  # noqa: N801 - boto3's name
        class ResourceNotFoundException(Exception):  # noqa: N818 - boto3's name
            pass

    def __init__(self, groups: dict[str, list[tuple[float, str]]]) -> None:
        self._groups = groups

    def get_paginator(self, operation: str) -> "Logs":
        self._paginated = operation
        return self

    def paginate(self, **request: Any) -> Any:
        if self._paginated == "describe_log_groups":
            prefix = request["logGroupNamePrefix"]
            return [{"logGroups": [{"logGroupName": name}]} for name in self._groups if name.startswith(prefix)]
        if request["logGroupName"] not in self._groups:
            raise self.exceptions.ResourceNotFoundException
        lines = [(at, text) for at, text in self._groups[request["logGroupName"]] if at * 1000 >= request["startTime"]]
        found = [{"timestamp": at * 1000, "message": text} for at, text in lines if _matches(request, text)]
        return [{"events": found[:1]}, {"events": found[1:]}]


def _matches(request: dict[str, Any], text: str) -> bool:
    pattern: str = request["filterPattern"]
    if not pattern.startswith("{"):
        return pattern.strip('"') in text
    beginning = pattern.split('"')[1].removesuffix("*")
    correlation: str = json.loads(text)["detail"]["metadata"]["correlation_id"]
    return correlation.startswith(beginning)
