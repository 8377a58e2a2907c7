"""The gate judges every kind of change rightly, and says whom it hurts."""

from copy import deepcopy
from typing import Any

import pytest
from delivery_events import schemas
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from local.contracts.compatibility import EARLIER, EVERYBODY, PRESENT, Change, compare
from local.contracts.consumers import Consumer
from local.contracts.gate import judge
from local.contracts.releases import Release, contract
from tests.local.contracts.mutations import BREAKING, SAFE, TYPE, Mutation, Schema, drop, field, put

PUBLISHED = schemas.schema(TYPE)
EXAMPLE = PUBLISHED["examples"][0]


def mutated(mutation: Mutation) -> Schema:
    schema = deepcopy(PUBLISHED)
    mutation.change(schema)
    return schema


def breaches(old: Schema, new: Schema) -> list[Change]:
    return [change for change in compare(contract(old), new) if change.breaks]


def takes(schema: Schema, document: Any) -> bool:
    try:
        Draft202012Validator(schema).validate(document)
    except ValidationError:
        return False
    return True


def test_there_are_enough_of_either_kind() -> None:
    assert len(SAFE) >= 20
    assert len(BREAKING) >= 20
    assert len({mutation.name for mutation in SAFE + BREAKING}) == len(SAFE + BREAKING)


@pytest.mark.parametrize("mutation", SAFE, ids=lambda mutation: mutation.name)
def test_a_safe_change_passes(mutation: Mutation) -> None:
    new = mutated(mutation)
    Draft202012Validator.check_schema(new)
    assert breaches(PUBLISHED, new) == []
    assert takes(new, EXAMPLE)  # and so says a validator


@pytest.mark.parametrize("mutation", BREAKING, ids=lambda mutation: mutation.name)
def test_a_breaking_change_is_named_with_its_field_and_whom_it_breaks(mutation: Mutation) -> None:
    new = mutated(mutation)
    Draft202012Validator.check_schema(new)
    found = breaches(PUBLISHED, new)
    assert (mutation.field, mutation.breaks) in {(change.field, change.breaks) for change in found}
    assert any(mutation.says in change.what for change in found if change.field == mutation.field)


@pytest.mark.parametrize(("undone", "by"), [(EARLIER, PRESENT), (PRESENT, EARLIER), (EVERYBODY, EVERYBODY)])
def test_the_other_way_round_a_breach_breaks_the_other_side(undone: str, by: str) -> None:
    """What is no longer required is required in the other direction, and so on: the two sides are each other's mirror.

    But a field: whoever removes one breaks readers, whoever adds one does not.
    """
    mirrored = [m for m in BREAKING if m.breaks == undone and "removed" not in m.says and "internal" not in m.name]
    mirrored = [m for m in mirrored if "partners" not in m.says and "cannot be judged" not in m.says]
    assert mirrored
    for mutation in mirrored:
        back = [change for change in compare(mutated(mutation), PUBLISHED) if change.field == mutation.field]
        sides = {change.breaks for change in back}
        assert by in sides or (mutation.says == "added as required" and sides == {EARLIER}), mutation.name


def test_readers_of_an_earlier_version_really_refuse_what_the_gate_says_they_refuse() -> None:
    """A few breaches with an event that shows them, judged by a validator alone."""
    named = {mutation.name: mutated(mutation) for mutation in BREAKING}
    without = deepcopy(EXAMPLE)
    del without["data"]["total"]
    assert takes(named["a required field becomes optional"], without)
    assert not takes(PUBLISHED, without)

    ready = deepcopy(EXAMPLE)
    ready["data"]["status"] = "READY"
    assert takes(PUBLISHED, ready)
    assert not takes(named["an enumeration is narrowed"], ready)

    weather = deepcopy(EXAMPLE)
    weather["data"]["reason"] = "WEATHER"
    assert takes(named["an enumeration is widened"], weather)
    assert not takes(PUBLISHED, weather)

    assert takes(PUBLISHED, EXAMPLE)
    assert not takes(named["a required field is added"], EXAMPLE)


# -- all releases, not the last alone


def releases(*schemas_: Schema) -> list[Release]:
    return [Release(f"1.{number}.0", {TYPE: contract(schema)}) for number, schema in enumerate(schemas_)]


def changed(*changes: Any) -> Schema:
    schema = deepcopy(PUBLISHED)
    for change in changes:
        change(schema)
    return schema


def test_a_field_that_comes_back_with_another_type_breaks_the_release_that_had_it() -> None:
    had, without = changed(put("floor", {"type": "integer"})), changed()
    verdict = judge({TYPE: changed(put("floor", {"type": "string"}))}, releases(had, without), [])
    [breach] = verdict.breaking
    assert (breach.field, breach.since) == ("data.floor", ("1.0.0",))
    assert "integer to string" in breach.what


def test_one_breach_of_several_releases_is_told_once() -> None:
    verdict = judge({TYPE: changed(drop("total"))}, releases(changed(), changed()), [])
    [breach] = verdict.breaking
    assert breach.since == ("1.0.0", "1.1.0")
    assert str(breach).startswith(f"{TYPE} data.total: it was removed (released in 1.0.0). It breaks {EARLIER}; ")


def test_a_removed_type_breaks_and_a_new_type_or_major_version_does_not() -> None:
    verdict = judge({"order.confirmed.v2": PUBLISHED}, releases(PUBLISHED), [])
    assert [str(each.what) for each in verdict.breaking] == ["the type was removed"]
    assert verdict.new_types == ("order.confirmed.v2",)
    beside = judge({TYPE: PUBLISHED, "order.confirmed.v2": changed(drop("total"))}, releases(PUBLISHED), [])
    assert beside.compatible


# -- who reads it

CONSUMERS = [
    Consumer("dispatch", {TYPE: frozenset({"data.pickup", "data.total.currency"})}),
    Consumer("tracking", {TYPE: frozenset({"data.status"}), "order.ready.v1": frozenset({"data.total"})}),
    Consumer("partner acme", {TYPE: None}, is_partner=True),
]


@pytest.mark.parametrize(
    ("change", "readers"),
    [
        pytest.param(drop("total"), ("dispatch", "partner acme"), id="what a field is part of"),
        pytest.param(drop("currency", "Money"), ("dispatch", "partner acme"), id="the field itself"),
        pytest.param(drop("amount", "Money"), ("partner acme",), id="a neighbour"),
        pytest.param(
            lambda s: field(s, "lat", "Position").update(minimum=0), ("dispatch", "partner acme"), id="a part of it"
        ),
        pytest.param(
            lambda s: s.update({"x-source": "delivery.menu"}), ("dispatch", "tracking", "partner acme"), id="all"
        ),
    ],
)
def test_who_reads_a_broken_field_is_named(change: Any, readers: tuple[str, ...]) -> None:
    verdict = judge({TYPE: changed(change)}, releases(PUBLISHED), CONSUMERS)
    breach = next(each for each in verdict.breaking if "dropoff" not in each.field)
    assert breach.consumers == readers
    assert str(breach).endswith(f"; {', '.join(readers)} {'read' if len(readers) > 1 else 'reads'} it")


def test_where_nobody_registered_reads_it_the_line_says_so() -> None:
    [breach] = judge({TYPE: changed(drop("item_count"))}, releases(PUBLISHED), CONSUMERS[:2]).breaking
    assert str(breach).endswith("no registered consumer reads it, others may")
