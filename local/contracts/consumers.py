"""Who reads what of which event: services by `services/<name>/reads.yaml`, partners by `infra/partners/<name>.yaml`.

The declarations are data, so that a change of an event can be judged without a consumer's code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.problem import Problem

SERVICES = "services/*/reads.yaml"
PARTNERS = "infra/partners/*.yaml"
# The events package reads these of every event, to find whom it is for and what to log of it.
BY_THE_PACKAGE = frozenset({"metadata.type", "metadata.version", "metadata.event_id", "metadata.correlation_id"})
_ALLOWED = "It is a list under `reads`, each entry with `types` (of events) and `fields` (such as data.order_id)."


@dataclass(frozen=True)
class Consumer:
    """name: such as "dispatch" or "partner acme". reads: the fields it needs, by detail type; None means every field
    that it is given, as it did not say."""

    name: str
    reads: Mapping[str, frozenset[str] | None]
    is_partner: bool = False

    def uses(self, detail_type: str, field: str) -> bool:
        """Whether a change of `field` concerns it: it reads that field, something in it, or the whole it is part of."""
        if detail_type not in self.reads:
            return False
        fields = self.reads[detail_type]
        return fields is None or any(_touch(field, each) for each in fields)


def registered(root: Path) -> list[Consumer]:
    """Every consumer, services first. Raises Problem that names the file and says what is allowed."""
    services = [_consumer(path, path.parent.name, is_partner=False) for path in sorted(root.glob(SERVICES))]
    partners = [_consumer(path, f"partner {path.stem}", is_partner=True) for path in sorted(root.glob(PARTNERS))]
    return services + partners


def _touch(one: str, other: str) -> bool:
    a, b = (f"{path.replace('[]', '')}." for path in (one, other))
    return one == "" or a.startswith(b) or b.startswith(a)


def _consumer(path: Path, name: str, *, is_partner: bool) -> Consumer:
    try:
        content = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise Problem(f"{path} is no YAML: {error}") from error
    given: dict[str, frozenset[str] | None] = {}
    if is_partner:
        given |= dict.fromkeys(_texts(path, content, "events"))
    for entry in _entries(path, content, optional=is_partner):
        fields = frozenset(_texts(path, entry, "fields"))
        for detail_type in _texts(path, entry, "types"):
            given[detail_type] = (given.get(detail_type) or frozenset()) | fields | BY_THE_PACKAGE
    return Consumer(name, given, is_partner)


def _entries(path: Path, content: Any, *, optional: bool) -> Iterator[Any]:
    entries = content.get("reads") if isinstance(content, dict) else None
    if entries is None and optional:
        return
    if not isinstance(entries, list) or not entries:
        raise Problem(f"{path} does not say what it reads.", _ALLOWED)
    yield from entries


def _texts(path: Path, entry: Any, key: str) -> list[str]:
    texts = entry.get(key) if isinstance(entry, dict) else None
    if not isinstance(texts, list) or not texts or not all(isinstance(each, str) for each in texts):
        raise Problem(f"{path}: `{key}` is {texts!r}, and not a list of texts.", _ALLOWED)
    return texts
