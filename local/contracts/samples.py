"""Samples of every event type, recorded from a running platform: what its code really published, and none of it real.

They lie in `events/samples/<detail type>.json`, a few of each type, chosen to differ.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from delivery_events import CATALOG, Event

Detail = dict[str, Any]

FOLDER = "events/samples"
OF_EACH_TYPE = 3

# All that a text in an event may look like. Whatever else there is may be a name, a number to call or an address.
_HARMLESS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",  # the id of an account, an order, an event
        r"(request|timer|sweep|round|operator):[0-9A-Za-z:._-]+",  # what caused an event, when it was none
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
        r"[0-9a-f]{15}",  # an H3 cell
        r"[A-Z]{3}",  # a currency
        r"[A-Z][A-Z_]*",  # a member of an enumeration
        r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)?",  # a type's or a template's name
        r"(scenario-)?merchant-\d{1,4}",  # of the simulated city
        r"example(-[a-z]+)?",  # a partner of a laptop's
    )
)


def choose(events: Iterable[Event[Any]], number: int = OF_EACH_TYPE) -> dict[str, list[Detail]]:
    """Up to `number` events of each type, as they were published: first those that differ in which fields they have
    and in what their enumerations say, the most telling first."""
    kinds: dict[str, dict[tuple[Any, ...], Detail]] = {}
    for event in events:
        detail: Detail = json.loads(event.model_dump_json(exclude_none=True))
        kinds.setdefault(event.detail_type, {}).setdefault(_kind(detail), detail)
    return {
        detail_type: sorted(found.values(), key=lambda detail: (-len(list(_leaves(detail))), _moment(detail)))[:number]
        for detail_type, found in sorted(kinds.items())
    }


def suspicious(detail: Detail) -> list[str]:
    """The fields whose text might be personal, or that no model knows. What stands there is not told."""
    return [path for path, value in _leaves(detail) if isinstance(value, str) and not _harmless(value)]


def missing(samples: Mapping[str, list[Detail]]) -> list[str]:
    """The types of which there is no sample."""
    return sorted(CATALOG.keys() - {name for name, found in samples.items() if found})


def read(root: Path) -> dict[str, list[Detail]]:
    return {path.stem: json.loads(path.read_text()) for path in sorted((root / FOLDER).glob("*.json"))}


def write(root: Path, samples: Mapping[str, list[Detail]]) -> None:
    """Replaces those of the types given."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for detail_type, found in samples.items():
        (folder / f"{detail_type}.json").write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")


def _kind(detail: Detail) -> tuple[Any, ...]:
    leaves = list(_leaves(detail))
    said = [value for _, value in leaves if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z_]{3,}", value)]
    return tuple(path for path, _ in leaves), tuple(said)


def _moment(detail: Detail) -> str:
    return str(detail["metadata"]["occurred_at"])


def _harmless(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in _HARMLESS)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    match value:
        case dict():
            for name in sorted(value):
                yield from _leaves(value[name], f"{path}.{name}".lstrip("."))
        case list():
            for each in value:
                yield from _leaves(each, f"{path}[]")
        case _:
            yield path, value
