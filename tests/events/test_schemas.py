"""The committed schemas are a contract with partners: they are those of the models, and complete."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from delivery_events import CATALOG, schemas
from delivery_events.examples import complete

from tests.events.samples import ALL_TYPES


def committed(detail_type: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((schemas.DIRECTORY / f"{detail_type}.json").read_text())
    return content


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Model, name and schema of every field, however deep."""
    models = {"event": schema, **schema.get("$defs", {})}
    for model, definition in models.items():
        for name, field in definition.get("properties", {}).items():
            yield model, name, field


def refers_to(field: dict[str, Any], definition: str) -> bool:
    return f'"#/$defs/{definition}"' in json.dumps(field)


def test_the_committed_schemas_are_those_of_the_models() -> None:
    assert schemas.differences() == []


def test_a_changed_missing_or_superfluous_schema_is_found(tmp_path: Path) -> None:
    schemas.write(tmp_path)
    assert schemas.differences(tmp_path) == []
    (tmp_path / "order.placed.v1.json").write_text("{}")
    (tmp_path / "order.ready.v1.json").unlink()
    (tmp_path / "order.teleported.v1.json").write_text("{}")
    assert set(schemas.differences(tmp_path)) == {
        "order.teleported.v1.json is of no known event type",
        "order.placed.v1.json differs from its model",
        "order.ready.v1.json is missing",
    }


@pytest.mark.parametrize("detail_type", ALL_TYPES)
@pytest.mark.parametrize("said", ["title", "description", "examples"])
def test_every_type_and_every_field_however_deep_has_a_title_a_meaning_and_an_example(
    detail_type: str, said: str
) -> None:
    schema = committed(detail_type)
    assert schema[said]
    assert [(model, name) for model, name, field in fields(schema) if not field.get(said)] == []


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_every_number_says_what_it_counts(detail_type: str) -> None:
    numbers = {
        (model, name): field.get("x-unit")
        for model, name, field in fields(committed(detail_type))
        if {"integer", "number"} & {field.get("type"), *(each.get("type") for each in field.get("anyOf", ()))}
    }
    assert numbers  # the sequence, at least
    assert all(numbers.values()), numbers


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_a_schema_takes_its_own_type_and_version_alone(detail_type: str) -> None:
    named = committed(detail_type)["$defs"]["Metadata"]["properties"]
    assert f"{named['type']['const']}.v{named['version']['const']}" == detail_type


def test_a_plain_value_without_an_example_is_named() -> None:
    owner = {"title": "Order", "type": "object", "properties": {"bags": {"type": "integer"}}}
    with pytest.raises(ValueError, match=r"Order\.bags has no example"):
        complete(owner)


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_a_schema_names_the_only_source_of_its_events(detail_type: str) -> None:
    assert committed(detail_type)["x-source"] == CATALOG[detail_type].SOURCE


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_where_a_customer_or_a_driver_is_stays_inside(detail_type: str) -> None:
    """Every position but the merchant's own place is marked, so that a partner never gets it."""
    positions = {name: field for _, name, field in fields(committed(detail_type)) if refers_to(field, "Position")}
    assert {name for name, field in positions.items() if field.get("x-internal")} == positions.keys() - {"pickup"}


def test_what_stays_inside_are_positions_what_they_follow_from_and_what_drivers_earn() -> None:
    marked = {
        (detail_type.split(".")[0], name)
        for detail_type in ALL_TYPES
        for _, name, field in fields(committed(detail_type))
        if field.get("x-internal")
    }
    of_a_delivery = {
        "dropoff",
        "to_pickup_m",
        "to_dropoff_m",
        "metres",
        "expected_pickup_at",
        "expected_dropoff_at",
        "pay",
    }
    assert marked == {("order", "dropoff"), ("driver", "position"), *(("delivery", name) for name in of_a_delivery)}


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_no_field_is_a_contact_detail(detail_type: str) -> None:
    forbidden = {"phone", "token", "name", "address", "email", "note"}
    found = {name for _, name, _ in fields(committed(detail_type))}
    assert not {word for name in found for word in name.split("_")} & forbidden


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_times_are_date_times_and_may_be_added_to(detail_type: str) -> None:
    schema = committed(detail_type)
    for _, name, field in fields(schema):
        if name.endswith("_at") or name == "at":
            assert '"format": "date-time"' in json.dumps(field), name
    assert schema["additionalProperties"] is True
