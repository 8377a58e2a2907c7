"""What partners see of events."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from delivery_events import CATALOG, MalformedEvent, UnknownEventType, parse, parse_public
from delivery_events.envelope import EventData, Model
from delivery_events.public import is_internal, model_in, public_detail, public_fields, public_model
from delivery_events.values import INTERNAL
from pydantic import BaseModel, Field, ValidationError

from tests.events.samples import ALL_TYPES, event

FOR_PARTNERS = [name for name in ALL_TYPES if "merchant_id" in CATALOG[name].model_fields]


def internal(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """Where a model has internal fields, however deep."""
    for name, field in model.model_fields.items():
        if is_internal(field):
            yield (name,)
        elif nested := model_in(field.annotation):
            yield from ((name, *inner) for inner in internal(nested))


def at(content: Any, place: tuple[str, ...]) -> Any:
    """What stands there; None if nothing does."""
    for name in place:
        content = content.get(name) if isinstance(content, dict) else getattr(content, name, None)
    return content


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_nothing_internal_leaves_the_platform(detail_type: str) -> None:
    detail = public_detail(event(detail_type))
    assert [place for place in internal(CATALOG[detail_type]) if at(detail["data"], place) is not None] == []
    assert set(detail) == {"metadata", "data"}


def test_there_is_something_to_hide() -> None:
    assert list(internal(CATALOG["order.placed.v1"])) == [("dropoff",)]
    assert at(public_detail_as_stored("order.placed.v1")["data"], ("dropoff", "lat"))
    hidden = set(internal(CATALOG["delivery.offered.v1"]))
    assert {("dropoff",), ("pay",), ("trip", "metres"), ("offer", "to_pickup_m"), ("offer", "to_dropoff_m")} <= hidden
    published = public_detail_as_stored("delivery.offered.v1")["data"]
    assert {place for place in hidden if at(published, place) is None} == {
        ("expected_pickup_at",),
        ("expected_dropoff_at",),
    }


def public_detail_as_stored(detail_type: str) -> Any:
    return json.loads(event(detail_type).model_dump_json())


@pytest.mark.parametrize("detail_type", FOR_PARTNERS)
def test_a_partner_reads_every_event_that_it_can_be_sent(detail_type: str) -> None:
    sent = event(detail_type)
    read = parse_public(detail_type, {"type": detail_type, **public_detail(sent)})
    assert read.metadata == sent.metadata
    assert isinstance(read.data, CATALOG[detail_type])
    assert [place for place in internal(CATALOG[detail_type]) if at(read.data, place) is not None] == []


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


def test_a_partner_reads_nested_values_without_what_is_internal_in_them() -> None:
    public = public_model(Outer)
    read = public.model_validate({"one": {"shown": 1}, "many": [{"shown": 2}, {"shown": 3}]})
    assert isinstance(read, Outer)
    assert read.one
    assert [each.shown for each in (read.one, *read.many)] == [1, 2, 3]
    assert {at(each, ("hidden",)) for each in (read.one, *read.many)} == {None}
    assert public.model_validate({}).model_dump() == {"one": None, "many": ()}
    with pytest.raises(ValidationError, match=r"one\.shown"):
        public.model_validate({"one": {}})


def test_a_model_without_internal_fields_is_its_own_public_one() -> None:
    assert public_model(CATALOG["contact.opted_out.v1"]) is CATALOG["contact.opted_out.v1"]


def test_a_partner_is_told_what_is_wrong() -> None:
    with pytest.raises(UnknownEventType, match=r"order\.lost"):
        parse_public("order.lost.v1", {})
    detail = public_detail(event("order.placed.v1"))
    del detail["data"]["order_id"]
    with pytest.raises(MalformedEvent, match=r"data\.order_id: Field required"):
        parse_public("order.placed.v1", detail)
