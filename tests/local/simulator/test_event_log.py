"""What the simulator reads off the event log."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from delivery_events import MalformedEvent

from local.simulator.event_log import EventLog
from tests.events.samples import event

SINCE = datetime(2026, 1, 5, tzinfo=UTC)


class Logs:
    """CloudWatch Logs that hold these texts."""

    def __init__(self, *texts: str) -> None:
        self._texts = texts

    def filter_log_events(self, **_: Any) -> Any:
        return {"events": [{"timestamp": number, "message": text} for number, text in enumerate(self._texts)]}


def logged(detail_type: str, **changes: Any) -> str:
    detail = json.loads(event(detail_type).model_dump_json(exclude_none=True))
    return json.dumps({"detail-type": detail_type, "detail": detail} | changes)


def read(*texts: str) -> list[str]:
    logs: Any = Logs(*texts)
    return [each.detail_type for each in EventLog(logs).since(SINCE)]


def test_an_event_that_was_logged_twice_is_there_once() -> None:
    assert read(*[logged("order.placed.v1")] * 2, logged("order.ready.v1")) == ["order.placed.v1", "order.ready.v1"]


def test_what_a_later_version_of_a_service_publishes_is_left_out() -> None:
    """A new major version comes beside the old one, a new type from nowhere: neither stops who does not know it."""
    newer = [logged("order.ready.v1", **{"detail-type": name}) for name in ("order.ready.v2", "order.weighed.v1")]
    assert read(logged("order.ready.v1"), *newer) == ["order.ready.v1"]


def test_what_is_no_event_of_its_type_is_an_error() -> None:
    with pytest.raises(MalformedEvent):
        read(logged("order.ready.v1", detail={}))
