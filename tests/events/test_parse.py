import json
from typing import Any

import pytest
from delivery_events import CATALOG, MalformedEvent, UnknownEventType, UnsupportedVersion, parse

from tests.events.samples import ALL_TYPES, VALUES, event


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_what_was_published_is_read_back_whole(detail_type: str) -> None:
    sent = event(detail_type)
    text = sent.model_dump_json(exclude_none=True)
    for detail in (text, text.encode(), json.loads(text)):
        received = parse(detail_type, detail)
        assert received == sent
        assert type(received.data) is CATALOG[detail_type]


def detail(detail_type: str = "order.ready.v1") -> dict[str, Any]:
    content: dict[str, Any] = json.loads(event(detail_type).model_dump_json(exclude_none=True))
    return content


def test_fields_of_a_later_minor_version_are_kept() -> None:
    newer = detail()
    newer["trace"] = "abc"
    newer["metadata"]["region"] = "eu"
    newer["data"]["packaging"] = {"bags": 2}
    newer["data"]["total"]["tip"] = 100
    passed_on = json.loads(parse("order.ready.v1", newer).model_dump_json(exclude_none=True))
    assert passed_on == newer


def test_an_unknown_type_is_named_with_those_that_are_known() -> None:
    with pytest.raises(UnknownEventType, match=r"no event type 'order\.teleported\.v1'; known are .*order\.placed\.v1"):
        parse("order.teleported.v1", detail())


@pytest.mark.parametrize("name", ["", "order.ready", "v1", ".v1"])
def test_a_type_without_a_version_is_unknown(name: str) -> None:
    with pytest.raises(UnknownEventType):
        parse(name, detail())


def test_a_newer_major_version_is_told_from_an_unknown_type() -> None:
    with pytest.raises(UnsupportedVersion, match=r"order\.ready is known in major version \[1\], not 2"):
        parse("order.ready.v2", detail())


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"', "{}", b"\xff\xfe"])
def test_what_is_no_event_is_malformed(text: str | bytes) -> None:
    with pytest.raises(MalformedEvent, match=r"not a valid order\.ready\.v1"):
        parse("order.ready.v1", text)


@pytest.mark.parametrize(
    ("part", "field", "value", "said"),
    [
        ("metadata", "event_id", "7", r"metadata\.event_id"),
        ("metadata", "sequence", 0, r"metadata\.sequence.*greater than or equal to 1"),
        ("metadata", "occurred_at", "yesterday", r"metadata\.occurred_at"),
        ("data", "status", "TELEPORTED", r"data\.status.*'PENDING'"),
        ("data", "ready_at", None, r"data\.ready_at"),
        ("data", "dropoff", {"lat": 91, "lng": 0}, r"data\.dropoff\.lat"),
        ("data", "total", {"amount": 23.5, "currency": "USD"}, r"data\.total\.amount"),
        ("data", "total", {"amount": 2350, "currency": "$"}, r"data\.total\.currency"),
    ],
)
def test_a_wrong_field_is_named(part: str, field: str, value: Any, said: str) -> None:
    wrong = detail()
    wrong[part][field] = value
    with pytest.raises(MalformedEvent, match=said):
        parse("order.ready.v1", wrong)


def test_a_missing_field_is_named() -> None:
    wrong = detail()
    del wrong["data"]["customer_id"]
    with pytest.raises(MalformedEvent, match=r"data\.customer_id: Field required"):
        parse("order.ready.v1", wrong)


def test_an_error_does_not_tell_what_the_event_held() -> None:
    wrong = detail()
    wrong["data"]["dropoff"] = {"lat": "somewhere secret", "lng": 0}
    with pytest.raises(MalformedEvent) as error:
        parse("order.ready.v1", wrong)
    assert "secret" not in str(error.value)


def test_metadata_that_names_another_type_is_malformed() -> None:
    with pytest.raises(MalformedEvent, match=r"detail-type is order\.cancelled\.v1.*says order\.failed\.v1"):
        parse("order.cancelled.v1", detail("order.failed.v1"))


def test_every_sample_value_is_used() -> None:
    fields = {name for model in CATALOG.values() for name in model.model_fields}
    assert VALUES.keys() <= fields
