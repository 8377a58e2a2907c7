"""Samples of every type were recorded from the running platform. They keep to their schemas and name nobody."""

import json
from typing import Any

import pytest
from delivery_events import parse, schemas
from jsonschema import Draft202012Validator, FormatChecker

from local.contracts import samples
from local.environment.workspace import ROOT
from tests.events.samples import ALL_TYPES, event

RECORDED = samples.read(ROOT)


def details(detail_type: str) -> list[samples.Detail]:
    return RECORDED[detail_type]


def judge(detail_type: str) -> Draft202012Validator:
    committed = json.loads((schemas.DIRECTORY / f"{detail_type}.json").read_text())
    return Draft202012Validator(committed, format_checker=FormatChecker())


def test_every_type_has_a_sample_and_nothing_else_has() -> None:
    assert samples.missing(RECORDED) == []
    assert sorted(RECORDED) == ALL_TYPES


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_a_sample_keeps_to_its_schema(detail_type: str) -> None:
    for detail in details(detail_type):
        assert [error.message for error in judge(detail_type).iter_errors(detail)] == []


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_a_sample_is_read_and_written_without_loss(detail_type: str) -> None:
    for detail in details(detail_type):
        assert json.loads(parse(detail_type, detail).model_dump_json(exclude_none=True)) == detail


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_a_sample_has_no_field_that_its_schema_does_not_describe(detail_type: str) -> None:
    """A model takes unknown fields, so the two tests above would not see one that has no place in the contract."""
    schema = json.loads((schemas.DIRECTORY / f"{detail_type}.json").read_text())
    assert [each for detail in details(detail_type) for each in undescribed(detail, schema, schema["$defs"])] == []


def undescribed(value: Any, schema: Any, definitions: dict[str, Any], path: str = "") -> list[str]:
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if not isinstance(value, dict):
        return []
    known = schema.get("properties", {})
    own = [f"{path}.{name}" for name in value if name not in known]
    return own + [
        line
        for name in value
        if name in known
        for line in undescribed(value[name], known[name], definitions, f"{path}.{name}")
    ]


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_a_sample_holds_nothing_that_might_be_personal(detail_type: str) -> None:
    assert [path for detail in details(detail_type) for path in samples.suspicious(detail)] == []


# -- the schemas' own examples


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_the_example_of_a_schema_keeps_to_it(detail_type: str) -> None:
    [example] = schemas.schema(detail_type)["examples"]
    assert [error.message for error in judge(detail_type).iter_errors(example)] == []
    assert parse(detail_type, example).detail_type == detail_type


# -- how samples are chosen


def test_those_are_chosen_that_differ() -> None:
    alike = [event("order.cancelled.v1", sequence=n) for n in range(1, 9)]
    other = event("order.cancelled.v1", sequence=9, reason="MERCHANT_TIMEOUT")
    [chosen] = samples.choose([*alike, other], number=2).values()
    assert {detail["data"]["reason"] for detail in chosen} == {"CUSTOMER_REQUEST", "MERCHANT_TIMEOUT"}


@pytest.mark.parametrize(
    "text", ["+12025550123", "someone@example.com", "Ada Lovelace", "1 Example Street", "2025550123", "40.44,-79.98"]
)
def test_a_text_that_might_be_personal_is_suspicious(text: str) -> None:
    detail = {"metadata": {"type": "order.placed"}, "data": {"order_id": text, "offer": {"driver_id": text}}}
    assert samples.suspicious(detail) == ["data.offer.driver_id", "data.order_id"]


def test_a_type_without_a_sample_is_missed() -> None:
    assert samples.missing({name: [{}] for name in ALL_TYPES if name != "order.failed.v1"}) == ["order.failed.v1"]
