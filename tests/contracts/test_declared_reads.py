"""Each service declares what it reads of others' events, and reads just that."""

import ast
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import count, islice
from typing import Any, get_args

import pytest
from delivery_events import CATALOG, Event, inbox

from infra.app import SERVICES
from local.contracts.consumers import BY_THE_PACKAGE, Consumer, registered
from local.environment.workspace import ROOT
from tests.boundaries.repository import Module, modules
from tests.boundaries.rules import closure
from tests.contracts.consumers import about, consumed, consumer, make_known, on_the_bus
from tests.contracts.reading import reads
from tests.contracts.test_both_sides import with_required_fields_only
from tests.events.samples import VALUES

every_service = pytest.mark.parametrize("service", SERVICES)


def declaration(service: str) -> Consumer:
    [found] = [each for each in registered(ROOT) if each.name == service]
    return found


def declared(service: str) -> Mapping[str, frozenset[str]]:
    """The types of which it names the fields. Who passes events on whole reads all of them, and there is no more to
    say."""
    reads = declaration(service).reads
    return {detail_type: fields for detail_type, fields in reads.items() if fields is not None}


def alike(service: str) -> list[list[str]]:
    """The types of which the service reads the same fields, by the same code."""
    groups: dict[frozenset[str], list[str]] = {}
    for detail_type, fields in declared(service).items():
        groups.setdefault(fields, []).append(detail_type)
    return list(groups.values())


def enumerations(detail_type: str) -> Iterator[dict[str, StrEnum]]:
    """Every value of every field that is one of an enumeration: code looks at other fields by what it finds there."""
    for name, field in CATALOG[detail_type].model_fields.items():
        for type_ in (field.annotation, *get_args(field.annotation)):
            if isinstance(type_, type) and issubclass(type_, StrEnum):
                yield from ({name: value} for value in type_)


def messages(types: list[str]) -> Iterator[tuple[str, str]]:
    """Each type with all fields and with required ones only, and, by turns, with each value of each enumeration: the
    order that a message is about, and the message. moto copies its whole table for each transaction, so not more."""
    orders = (f"order-{number}" for number in count())
    for detail_type in types:
        order = next(orders)
        yield order, on_the_bus(about(detail_type, order=order))
        order = next(orders)
        yield order, with_required_fields_only(on_the_bus(about(detail_type, order=order)))
    for turn, detail_type in enumerate(types):
        for values in islice(enumerations(detail_type), turn, None, len(types)):
            order = next(orders)
            yield order, on_the_bus(about(detail_type, order=order, **values))


@every_service
def test_a_service_reads_the_types_that_it_declares(service: str) -> None:
    assert set(declaration(service).reads) == {model.detail_type() for model in consumed(service)}


@every_service
def test_a_service_reads_exactly_the_fields_that_it_declares(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its inbox as it is deployed is handed every kind of each event, and every field it asks for is written down."""
    for types in alike(service):
        with consumer(service, [], monkeypatch) as each, reads(monkeypatch) as found:
            for order, body in messages(types):
                make_known(each, [order])
                assert each.handle([body]) == []
            assert each.parked() == {}
        read = {name: found.of(name) for name in types}
        fields = declared(service)[types[0]]
        assert frozenset().union(*read.values()) == fields, types
        for name, some in read.items():
            assert some - BY_THE_PACKAGE, f"nothing was read of {name}"


@every_service
def test_no_code_behind_an_inbox_names_a_field_that_is_not_declared(service: str) -> None:
    """However rarely it runs: by the names that stand in it."""
    fields = {name for model in consumed(service) for name in model.model_fields}
    fields |= {inner for name in fields if isinstance(value := VALUES.get(name), dict) for inner in value}
    said = {part for paths in declared(service).values() for path in paths for part in path.split(".")}
    assert (attributes(service) & fields) - said == set()


def attributes(service: str) -> set[str]:
    """Every attribute that is looked at in the modules behind a service's inbox, of events by their usual names."""
    known: dict[str, Module] = {module.name: module for module in modules(f"services/{service}")}
    behind = closure(f"services.{service}.handlers.inbox", known)
    return {
        node.attr
        for module in behind
        for node in ast.walk(ast.parse(module.source))
        if isinstance(node, ast.Attribute)
        and {"event", "data", "delivery", "order", "offer", "metadata"} & _owner(node)
    }


def _owner(node: ast.Attribute) -> set[str]:
    return {part for part in ast.unparse(node.value).split(".") if part.isidentifier()}


def test_names_are_found_behind_an_inbox() -> None:
    assert attributes("orders") >= {"sequence", "order_id", "driver_id", "assigned_at", "reason"}


def test_a_field_that_is_read_and_not_declared_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recorder sees single fields, members of objects, and what a dump is searched for."""
    detail = json.loads(on_the_bus(about("delivery.offered.v1")))["detail"]
    with reads(monkeypatch) as found:
        event: Event[Any] = vars(inbox)["parse"]("delivery.offered.v1", detail)  # as it is while it is watched
        assert event.data.offer.expires_at
        assert event.data.pickup.lat
        assert event.metadata.sequence
        dumped = event.data.model_dump(mode="json")
        assert dumped.get("zone")
        assert "merchant_id" in dumped
        assert "no_such_field" not in dumped
    assert found.of("delivery.offered.v1") - BY_THE_PACKAGE == {
        "data.offer.expires_at", "data.pickup.lat", "metadata.sequence", "data.zone", "data.merchant_id"
    }  # fmt: skip
    assert event.data.state  # and nothing is written down any more
    assert "data.state" not in found.of("delivery.offered.v1")


def test_every_declared_type_and_field_is_published_by_somebody() -> None:
    assert all(detail_type in CATALOG for service in SERVICES for detail_type in declaration(service).reads)
