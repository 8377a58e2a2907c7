"""Who reads what of which event: services by `services/<name>/reads.yaml`, partners by `infra/partners/<name>.yaml`,
under `events`.

The declarations are data, so that a change of an event can be judged without a consumer's code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.problem import Problem

SERVICES = "services/*/reads.yaml"
PARTNERS = "infra/partners/*.yaml"
# The events package reads these of every event, to find whom it is for and what to log of it.
BY_THE_PACKAGE = frozenset({"metadata.type", "metadata.version", "metadata.event_id", "metadata.correlation_id"})
_IN_A_SERVICE = (
    "It is a list under `reads`, each entry with `types` (of events) and `fields` (such as data.order_id), or `fields: "
    "all` where the service passes events on whole."
)
_IN_A_PARTNER = "Under `events` stands each type with a list of the fields of its data, such as order_id, or `all`."

Reads = Mapping[str, frozenset[str] | None]


@dataclass(frozen=True)
class Consumer:
    """name: such as "dispatch" or "partner acme". reads: the fields it needs, by detail type; None means every field
    that it is given."""

    name: str
    reads: Reads
    is_partner: bool = False

    def uses(self, detail_type: str, field: str) -> bool:
        """Whether a change of `field` concerns it: it reads that field, something in it, or the whole it is part of."""
        if detail_type not in self.reads:
            return False
        fields = self.reads[detail_type]
        return fields is None or any(_touch(field, each) for each in fields)


def registered(root: Path) -> list[Consumer]:
    """Every consumer, services first. Raises Problem that names the file and says what is allowed."""
    services = [Consumer(path.parent.name, _by_service(path)) for path in sorted(root.glob(SERVICES))]
    partners = [Consumer(f"partner {path.stem}", _by_partner(path), True) for path in sorted(root.glob(PARTNERS))]
    return services + partners


def _touch(one: str, other: str) -> bool:
    a, b = (f"{path.replace('[]', '')}." for path in (one, other))
    return one == "" or a.startswith(b) or b.startswith(a)


def _by_service(path: Path) -> Reads:
    entries = _content(path).get("reads")
    if not isinstance(entries, list) or not entries:
        raise Problem(f"{path} does not say what it reads.", _IN_A_SERVICE)
    reads: dict[str, frozenset[str] | None] = {}
    for entry in entries:
        given = entry if isinstance(entry, dict) else {}
        every = given.get("fields") == "all"
        fields = None if every else frozenset(_texts(path, "fields", given.get("fields"), _IN_A_SERVICE))
        for detail_type in _texts(path, "types", given.get("types"), _IN_A_SERVICE):
            if detail_type in reads:
                raise Problem(f"{path} names {detail_type} twice.", _IN_A_SERVICE)
            reads[detail_type] = None if fields is None else fields | BY_THE_PACKAGE
    return reads


def _by_partner(path: Path) -> Reads:
    """What else stands in a partner's file is for its deliveries, and is judged when the stacks are made."""
    events = _content(path).get("events")
    if not isinstance(events, dict) or not events:
        raise Problem(f"{path} does not say what it reads.", _IN_A_PARTNER)
    return {
        str(name): None
        if fields == "all"
        else frozenset(f"data.{each}" for each in _texts(path, name, fields, _IN_A_PARTNER)) | BY_THE_PACKAGE
        for name, fields in events.items()
    }


def _content(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise Problem(f"{path} is no YAML: {error}") from error
    return content if isinstance(content, dict) else {}


def _texts(path: Path, key: str, texts: Any, allowed: str) -> list[str]:
    if not isinstance(texts, list) or not texts or not all(isinstance(each, str) for each in texts):
        raise Problem(f"{path}: `{key}` is {texts!r}, and not a list of texts.", allowed)
    return texts
