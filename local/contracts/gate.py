"""The gate: the present contracts against every one that was released, and whom each breach hurts. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from local.contracts.canonical import Json
from local.contracts.compatibility import EVERYBODY, Change, compare
from local.contracts.consumers import Consumer
from local.contracts.releases import Release


@dataclass(frozen=True)
class Difference:
    """One change of one type's contract. since: the releases it is a change from, the oldest first. breaks: whom in
    general, or None when nobody; consumers: those registered that read the field."""

    type: str
    field: str
    what: str
    since: tuple[str, ...]
    breaks: str | None
    consumers: tuple[str, ...] = ()

    def __str__(self) -> str:
        line = f"{self.type} {self.field or 'as a whole'}: {self.what} (released in {self.since[0]})"
        if not self.breaks:
            return line
        return f"{line}. It breaks {self.breaks}; {_reading(self.consumers)}"


def _reading(consumers: tuple[str, ...]) -> str:
    if not consumers:
        return "no registered consumer reads it, others may"
    return f"{', '.join(consumers)} {'reads' if len(consumers) == 1 else 'read'} it"


@dataclass(frozen=True)
class Verdict:
    """breaking: what must not be. safe: what may come. new_types: in no release so far."""

    breaking: tuple[Difference, ...]
    safe: tuple[Difference, ...]
    new_types: tuple[str, ...]
    releases: tuple[str, ...]

    @property
    def compatible(self) -> bool:
        return not self.breaking

    def as_json(self) -> dict[str, Any]:
        return {"compatible": self.compatible, **asdict(self)}


def judge(present: Mapping[str, Json], releases: Iterable[Release], consumers: Iterable[Consumer]) -> Verdict:
    """Every type's present schema against that of each release, not of the last one alone: a field that comes back
    with another type would pass that."""
    releases, consumers = list(releases), list(consumers)
    since: dict[tuple[str, Change], list[str]] = {}  # a type's change, to the releases it is one from
    for release in releases:
        for change in _changes(release, present):
            since.setdefault(change, []).append(release.name)
    found = [_difference(type_, change, tuple(names), consumers) for (type_, change), names in since.items()]
    found.sort(key=lambda each: (each.type, each.field, each.what))
    released = {name for release in releases for name in release.schemas}
    return Verdict(
        breaking=tuple(each for each in found if each.breaks),
        safe=tuple(each for each in found if not each.breaks),
        new_types=tuple(sorted(present.keys() - released)),
        releases=tuple(release.name for release in releases),
    )


def _changes(release: Release, present: Mapping[str, Json]) -> Iterator[tuple[str, Change]]:
    for detail_type, schema in release.schemas.items():
        if detail_type not in present:
            yield detail_type, Change("", "the type was removed", EVERYBODY)
        else:
            for change in compare(schema, present[detail_type]):
                yield detail_type, change


def _difference(type_: str, change: Change, since: tuple[str, ...], consumers: list[Consumer]) -> Difference:
    reading = tuple(each.name for each in consumers if change.breaks and each.uses(type_, change.field))
    return Difference(type_, change.field, change.what, since, change.breaks, reading)
