"""The producers' side: whatever a consumer, ours or a partner's, declares that it reads, is promised and published."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from delivery_events import CATALOG, schemas

from local.contracts import samples
from local.contracts.consumers import Consumer, registered
from local.environment.workspace import ROOT
from local.problem import Problem

Json = Mapping[str, Any]

CONSUMERS = registered(ROOT)
RECORDED = samples.read(ROOT)
PRESENT = {name: schemas.schema(name) for name in CATALOG}


def unmet(consumer: Consumer, promised: Mapping[str, Json], published: Mapping[str, list[Any]]) -> list[str]:
    """Each need of a consumer that no producer meets, one line each that names it."""
    return [
        f"{consumer.name} reads {field} of {detail_type}, {reason}"
        for detail_type, fields in consumer.reads.items()
        for field, reason in _unmet(detail_type, fields, promised, published, consumer.is_partner)
    ]


def _unmet(
    detail_type: str,
    fields: frozenset[str] | None,
    promised: Mapping[str, Json],
    published: Mapping[str, list[Any]],
    is_partner: bool,
) -> Iterator[tuple[str, str]]:
    if detail_type not in promised:
        yield "all", "which nobody publishes"
        return
    for field in sorted(fields or ()):
        found = described(promised[detail_type], field)
        if found is None:
            yield field, "which is not promised"
        elif is_partner and any(each.get("x-internal") for each in found):
            yield field, "which stays inside the platform"
        elif not seen(field, promised[detail_type]["x-source"], promised, published):
            yield field, "which its producer was not seen to publish"


def seen(field: str, source: str, promised: Mapping[str, Json], published: Mapping[str, list[Any]]) -> bool:
    """Whether a producer published the field in any of its types: what is optional, not every type carries."""
    own = [name for name, schema in promised.items() if schema["x-source"] == source]
    return any(has(detail, field) for name in own for detail in published.get(name, ()))


def described(schema: Json, field: str) -> list[Json] | None:
    """The schema of a field, and of what it is part of; None if the contract does not have it."""
    found: list[Json] = []
    here: Json = schema
    for name in field.split("."):
        inner = followed(here, schema["$defs"]).get("properties", {}).get(name)
        if inner is None:
            return None
        here = inner
        found.append(inner)
    return found


def followed(schema: Json, definitions: Json) -> Json:
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    return definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def has(detail: Any, field: str) -> bool:
    for name in field.split("."):
        if not isinstance(detail, dict) or name not in detail:
            return False
        detail = detail[name]
    return True


@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda consumer: consumer.name)
def test_every_declared_need_is_promised_and_published(consumer: Consumer) -> None:
    assert unmet(consumer, PRESENT, RECORDED) == []


def test_a_change_that_breaks_a_consumer_fails_and_names_it() -> None:
    changed = deepcopy(PRESENT)
    del changed["order.confirmed.v1"]["$defs"]["OrderConfirmed"]["properties"]["expected_ready_at"]
    broken = [line for consumer in CONSUMERS for line in unmet(consumer, changed, RECORDED)]
    assert broken == [
        f"{name} reads data.expected_ready_at of order.confirmed.v1, which is not promised"
        for name in ("dispatch", "tracking")
    ]


def test_a_producer_that_stops_publishing_a_field_is_found() -> None:
    silent = deepcopy(RECORDED)
    for details in silent.values():
        for detail in details:
            detail["data"].pop("expected_pickup_at", None)
    broken = [line for consumer in CONSUMERS for line in unmet(consumer, PRESENT, silent)]
    assert (
        "tracking reads data.expected_pickup_at of delivery.assigned.v1, which its producer was not seen to publish"
        in broken
    )
    assert all(line.startswith("tracking reads data.expected_pickup_at of delivery.") for line in broken)


def test_a_partner_cannot_need_what_stays_inside() -> None:
    nosy = Consumer("partner acme", {"order.placed.v1": frozenset({"data.dropoff.lat", "data.total"})}, is_partner=True)
    assert unmet(nosy, PRESENT, RECORDED) == [
        "partner acme reads data.dropoff.lat of order.placed.v1, which stays inside the platform"
    ]


# -- declarations


def declare(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True)
    path.write_text(text)


def test_a_partner_reads_what_its_file_names_or_all_it_is_given(tmp_path: Path) -> None:
    text = "merchants: [m]\nevents:\n  order.placed.v1: [order_id, total.amount]\n  order.ready.v1: all\n"
    declare(tmp_path, "infra/partners/acme.yaml", text)
    [acme] = registered(tmp_path)
    assert (acme.name, acme.is_partner) == ("partner acme", True)
    assert acme.uses("order.placed.v1", "data.total")
    assert not acme.uses("order.placed.v1", "data.total.currency")
    assert acme.uses("order.ready.v1", "data.total.currency")
    assert not acme.uses("order.failed.v1", "data.total.amount")


def test_a_service_may_read_all_of_a_type(tmp_path: Path) -> None:
    declare(tmp_path, "services/menu/reads.yaml", "reads: [{types: [order.ready.v1], fields: all}]")
    [menu] = registered(tmp_path)
    assert menu.reads == {"order.ready.v1": None}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "does not say what it reads"),
        ("reads: all", "does not say what it reads"),
        ("reads: [{types: order.placed.v1, fields: [data.total]}]", "`types` is 'order.placed.v1'"),
        ("reads: [{types: [order.placed.v1]}]", "`fields` is None"),
        ("reads: [{types: [a.b.v1], fields: all}, {types: [a.b.v1], fields: all}]", "names a.b.v1 twice"),
        ("reads: [", "is no YAML"),
    ],
)
def test_a_bad_declaration_is_refused_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    declare(tmp_path, "services/menu/reads.yaml", text)
    with pytest.raises(Problem) as problem:
        registered(tmp_path)
    assert said in problem.value.what
    assert "services/menu/reads.yaml" in problem.value.what


@pytest.mark.parametrize(
    ("text", "said"),
    [("events: [order.placed.v1]", "does not say what it reads"), ("events: {order.placed.v1: some}", "is 'some'")],
)
def test_a_partners_bad_declaration_is_refused_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    declare(tmp_path, "infra/partners/acme.yaml", text)
    with pytest.raises(Problem) as problem:
        registered(tmp_path)
    assert said in problem.value.what
    assert "infra/partners/acme.yaml" in problem.value.what
