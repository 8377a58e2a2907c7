import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from delivery_events import new_event
from delivery_events.envelope import EventData, log_fields, rfc3339
from delivery_events.orders import OrderReady
from delivery_events.tracking import DriverArrived
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.events.samples import ALL_TYPES, MOMENT, data, event


def made(content: EventData | None = None, **values: Any) -> str:
    arguments: dict[str, Any] = {
        "aggregate_id": "order-1",
        "sequence": 3,
        "occurred_at": MOMENT,
        "correlation_id": "order-1",
        "causation_id": "request:1",
    }
    return str(new_event(content or data(OrderReady), **(arguments | values)).metadata.event_id)


def test_the_same_change_gives_the_same_event_id_for_ever() -> None:
    # A literal, because ids must survive a deployment: consumers remember them.
    assert made() == "7b6f8d4c-5a9b-579d-b18a-79609dc4e3b9"


@pytest.mark.parametrize("other", [{"aggregate_id": "order-2"}, {"sequence": 4}, {"part": "PICKUP"}])
def test_another_aggregate_sequence_or_part_gives_another_event_id(other: dict[str, Any]) -> None:
    assert made(**other) != made()


def test_another_type_gives_another_event_id() -> None:
    assert made(data(DriverArrived)) != made()


@pytest.mark.parametrize("other", [{"occurred_at": MOMENT + timedelta(1)}, {"causation_id": "sweep"}])
def test_what_a_retry_may_change_leaves_the_event_id_alone(other: dict[str, Any]) -> None:
    assert made(**other) == made()


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])), st.timedeltas())
def test_times_sort_as_text_as_they_do_as_moments(moment: datetime, later: timedelta) -> None:
    try:
        other = moment + abs(later)
        texts = rfc3339(moment), rfc3339(other)
    except OverflowError:
        return
    assert texts[0] <= texts[1]


def test_times_are_utc_with_milliseconds() -> None:
    there = datetime(2026, 1, 5, 20, 30, 0, 123_999, tzinfo=timezone(timedelta(hours=2)))
    assert rfc3339(there) == "2026-01-05T18:30:00.123Z"


def test_an_event_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        event("order.ready.v1", ready_at="2026-01-05T18:30:00")


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_every_event_carries_its_routing_in_its_metadata(detail_type: str) -> None:
    detail = json.loads(event(detail_type, sequence=7).model_dump_json(exclude_none=True))
    assert detail["metadata"].keys() == {
        "event_id",
        "type",
        "version",
        "sequence",
        "occurred_at",
        "correlation_id",
        "causation_id",
        "aggregate_id",
    }
    assert f"{detail['metadata']['type']}.v{detail['metadata']['version']}" == detail_type
    assert detail["metadata"]["sequence"] == 7


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        event("order.ready.v1").metadata.sequence = 2  # type: ignore[misc]


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_a_log_line_holds_ids_only(detail_type: str) -> None:
    assert log_fields(event(detail_type)).keys() == {"event_type", "event_id", "correlation_id"}


def test_an_error_does_not_tell_what_a_field_held() -> None:
    with pytest.raises(ValidationError) as error:
        event("order.placed.v1", dropoff={"lat": 1234.5, "lng": 0})
    assert "1234.5" not in str(error.value)
    assert "1234.5" not in repr(error.value)
