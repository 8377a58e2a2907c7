"""What changed between two versions of one contract, and whom that breaks. Pure.

The promise is full compatibility: whoever has the new version reads what was published under the old one, which an
archive replays for thirty days, and whoever has the old version, which a partner installed, reads what is published
now. So all that was promised stays as it is, and all that may come is an optional field.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local.contracts.canonical import ABSENT, LIMITS, Json, Node, Unjudged, canonical

# Whom a change breaks: readers that have the earlier version, when they meet what is published from now on; and those
# that have this one, when they meet what was published before.
EARLIER = "readers with the earlier version"
PRESENT = "readers of events published earlier"
EVERYBODY = "every reader"


@dataclass(frozen=True)
class Change:
    """field: such as data.total.currency, "" for the event itself. what: in words. breaks: whom, or None."""

    field: str
    what: str
    breaks: str | None = None


def compare(old: Json, new: Json) -> list[Change]:
    """Every change from one version's schema to another's, in the order of the fields."""
    try:
        before, after = canonical(old), canonical(new)
    except Unjudged as unjudged:
        return [Change(unjudged.where, f"cannot be judged: it uses `{unjudged.keyword}`", EVERYBODY)]
    changes = list(_changes("", before, after))
    if old.get("x-source") != new.get("x-source"):
        what = f"its source changed from {old.get('x-source')} to {new.get('x-source')}"
        changes.append(Change("", what, EVERYBODY))
    return changes


def _changes(field: str, old: Node, new: Node) -> Iterator[Change]:
    yield from _value(field, old, new)
    yield from _properties(field, old, new)
    if old.items and new.items:
        yield from _changes(f"{field}[]", old.items, new.items)
    elif old.items != new.items:
        yield Change(field, "what its list holds was added to or left out of the contract", EVERYBODY)
    yield from _others(field, old, new)


def _value(field: str, old: Node, new: Node) -> Iterator[Change]:
    """What a value itself may be."""
    if old.types != new.types:
        yield Change(field, f"its type changed from {_named(old.types)} to {_named(new.types)}", EVERYBODY)
        return  # what else differs follows from this
    if len(old.alternatives) != len(new.alternatives) or set(map(repr, old.alternatives)) != set(
        map(repr, new.alternatives)
    ):
        yield Change(field, "its alternatives changed", EVERYBODY)
    if old.nullable and not new.nullable:
        yield Change(field, "it may no longer be null", PRESENT)
    if new.nullable and not old.nullable:
        yield Change(field, "it may now be null", EARLIER)
    yield from _enumeration(field, old.enum, new.enum)
    yield from _limits(field, old.limits, new.limits)
    if _default(old) != _default(new):
        what = f"its default changed from {_default(old)} to {_default(new)}, so an event without it changed meaning"
        yield Change(field, what, EVERYBODY)
    yield from _unit(field, old.unit, new.unit)
    if new.internal and not old.internal:
        yield Change(field, "it is now internal, so partners no longer get it", EVERYBODY)
    if old.internal and not new.internal:
        yield Change(field, "it is no longer internal, so partners now get it")


def _unit(field: str, old: str | None, new: str | None) -> Iterator[Change]:
    """A number that counts something else is valid, and wrong: no validator would ever say so."""
    if old is None and new is not None:
        yield Change(field, f"its unit is now named: {new}")
    elif old is not None and new is None:
        yield Change(field, f"its unit {old} was removed", EVERYBODY)
    elif old != new:
        yield Change(field, f"its unit changed from {old} to {new}", EVERYBODY)


def _enumeration(field: str, old: frozenset[str] | None, new: frozenset[str] | None) -> Iterator[Change]:
    if old is None and new is not None:
        yield Change(field, f"its values are now limited to {_listed(new)}", PRESENT)
    elif old is not None and new is None:
        yield Change(field, "its values are no longer limited", EARLIER)
    elif old is not None and new is not None:
        if gone := old - new:
            yield Change(field, f"its enumeration lost {_listed(gone)}", PRESENT)
        if come := new - old:
            yield Change(field, f"its enumeration gained {_listed(come)}", EARLIER)


def _limits(field: str, old: Json, new: Json) -> Iterator[Change]:
    for name in LIMITS:
        if old.get(name) == new.get(name):
            continue
        if name not in old:
            yield Change(field, f"{name} {new[name]} was added", PRESENT)
        elif name not in new:
            yield Change(field, f"{name} {old[name]} was removed", EARLIER)
        else:
            yield Change(field, f"its {name} changed from {old[name]} to {new[name]}", _by_bound(name, old, new))


def _by_bound(name: str, old: Json, new: Json) -> str:
    """Whom another bound breaks: a tighter one refuses what was published, a looser one lets in what others refuse."""
    lower = name in {"minimum", "exclusiveMinimum", "minLength", "minItems"}
    upper = name in {"maximum", "exclusiveMaximum", "maxLength", "maxItems"}
    if not lower and not upper:
        return EVERYBODY
    return PRESENT if (new[name] > old[name]) == lower else EARLIER


def _properties(field: str, old: Node, new: Node) -> Iterator[Change]:
    for name in sorted(old.properties.keys() | new.properties.keys()):
        path = f"{field}.{name}".lstrip(".")
        if name not in new.properties:
            yield Change(path, "it was removed", EARLIER)
        elif name not in old.properties:
            required = name in new.required
            yield Change(
                path, "it was added as required" if required else "it was added", PRESENT if required else None
            )
        else:
            if name in old.required - new.required:
                yield Change(path, "it is no longer required", EARLIER)
            if name in new.required - old.required:
                yield Change(path, "it is now required", PRESENT)
            yield from _changes(path, old.properties[name], new.properties[name])


def _others(field: str, old: Node, new: Node) -> Iterator[Change]:
    if isinstance(old.others, Node) and isinstance(new.others, Node):
        yield from _changes(f"{field}.*".lstrip("."), old.others, new.others)
    elif old.others != new.others:
        breaks = PRESENT if old.others is True else EARLIER
        words = {True: "allowed", False: "refused"}
        kinds = [words[each] if isinstance(each, bool) else "limited" for each in (old.others, new.others)]
        yield Change(field, f"its further fields were {kinds[0]} and are now {kinds[1]}", breaks)


def _listed(values: frozenset[str]) -> str:
    return ", ".join(value.strip('"') for value in sorted(values))


def _named(types: frozenset[str]) -> str:
    return " or ".join(sorted(types)) or "any"


def _default(node: Node) -> Any:
    """None and no default are the same: an event without the field says nothing."""
    return None if node.default is ABSENT else node.default
