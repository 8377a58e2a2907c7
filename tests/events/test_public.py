"""What partners see of events."""

import json
from typing import Any, ClassVar

import pytest
from delivery_events import CATALOG, MalformedEvent, UnknownEventType, parse, parse_public
from delivery_events.envelope import EventData, Model
from delivery_events.public import is_internal, model_in, public_detail, public_fields, public_model
from delivery_events.values import INTERNAL
from pydantic import Field

from tests.events.samples import ALL_TYPES, event

FOR_PARTNERS = [name for name in ALL_TYPES if "merchant_id" in CATALOG[name].model_fields]


def internal_names(model: type[EventData]) -> set[str]:
    return {name for name, field in model.model_fields.items() if is_internal(field)}


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_nothing_internal_leaves_the_platform(detail_type: str) -> None:
    detail = public_detail(event(detail_type))
    assert not internal_names(CATALOG[detail_type]) & detail["data"].keys()
    assert set(detail) == {"metadata", "data"}


def test_there_is_something_to_hide() -> None:
    assert internal_names(CATALOG["order.placed.v1"]) == {"dropoff"}
    assert "dropoff" in json.dumps(public_detail_as_stored("order.placed.v1"))


def public_detail_as_stored(detail_type: str) -> Any:
    return json.loads(event(detail_type).model_dump_json())


@pytest.mark.parametrize("detail_type", FOR_PARTNERS)
def test_a_partner_reads_every_event_that_it_can_be_sent(detail_type: str) -> None:
    sent = event(detail_type)
    read = parse_public(detail_type, {"type": detail_type, **public_detail(sent)})
    assert read.metadata == sent.metadata
    assert isinstance(read.data, CATALOG[detail_type])
    for name in internal_names(CATALOG[detail_type]):
        assert getattr(read.data, name) is None


def test_what_this_version_does_not_know_goes_no_further() -> None:
    """It may be internal to whoever added it."""
    content = public_detail_as_stored("delivery.offered.v1")
    for place in (content["metadata"], content["data"], content["data"]["offer"], content["data"]["pickup"]):
        place["added_later"] = "+12025550100"
    assert "added_later" not in json.dumps(public_detail(parse("delivery.offered.v1", content)))


class Inner(Model):
    shown: int
    hidden: int = Field(json_schema_extra=INTERNAL)


class Outer(EventData):
    TYPE = "outer.changed"
    SOURCE: ClassVar[str] = "delivery.outer"
    one: Inner | None = None
    many: tuple[Inner, ...] = ()


def test_internal_fields_of_nested_values_are_hidden_too() -> None:
    assert list(public_fields(Outer)) == ["one", "one.shown", "many", "many.shown"]
    assert model_in(Outer.model_fields["many"].annotation) is Inner


def test_a_model_without_internal_fields_is_its_own_public_one() -> None:
    assert public_model(CATALOG["contact.opted_out.v1"]) is CATALOG["contact.opted_out.v1"]


def test_a_partner_is_told_what_is_wrong() -> None:
    with pytest.raises(UnknownEventType, match=r"order\.lost"):
        parse_public("order.lost.v1", {})
    detail = public_detail(event("order.placed.v1"))
    del detail["data"]["order_id"]
    with pytest.raises(MalformedEvent, match=r"data\.order_id: Field required"):
        parse_public("order.placed.v1", detail)
