"""What code really reads of an event: every field that is asked for is written down."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from delivery_events import Event, inbox, parse
from delivery_events.envelope import Model


class Reads:
    """The fields that were read, by detail type, such as data.pickup.lat.

    An event is watched from when an inbox has parsed it. What is asked for as a whole and then looked into counts as
    what was looked at; a dump counts for the fields that are taken out of it.
    """

    def __init__(self) -> None:
        self._where: dict[int, tuple[str, str]] = {}
        self._alive: list[Event[Any]] = []  # their ids are only theirs while they live
        self._read: dict[str, set[str]] = {}

    def of(self, detail_type: str) -> frozenset[str]:
        found = self._read.get(detail_type, set())
        return frozenset(each for each in found if not any(other.startswith(f"{each}.") for other in found))

    def watch(self, event: Event[Any]) -> None:
        self._alive.append(event)
        detail_type = event.detail_type
        for path, model in _models(event, ""):
            self._where[id(model)] = (detail_type, path)

    def note(self, model: Model, name: str) -> None:
        """Not what a type does not have: code for several types looks for the fields of all."""
        place = self._where.get(id(model))
        if place and name in type(model).__pydantic_fields__:
            self._read.setdefault(place[0], set()).add(f"{place[1]}.{name}".lstrip("."))

    def dumped(self, model: Model, content: dict[str, Any]) -> dict[str, Any]:
        return _Dump(content, lambda name: self.note(model, name)) if id(model) in self._where else content


class _Dump(dict[str, Any]):
    """What a model was dumped to; each look at a key counts as a read, and so does a copy for every key in it."""

    def __init__(self, content: Mapping[str, Any], note: Any) -> None:
        super().__init__(content)
        self._note = note

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def __iter__(self) -> Iterator[str]:
        for name in super().__iter__():
            self._note(name)
            yield name

    def keys(self) -> Any:
        return list(self)

    def values(self) -> Any:
        return [self[name] for name in self]

    def items(self) -> Any:
        return [(name, self[name]) for name in self]


def _models(model: Model, path: str) -> Iterator[tuple[str, Model]]:
    yield path, model
    for name in type(model).model_fields:
        if isinstance(value := vars(model).get(name), Model):
            yield from _models(value, f"{path}.{name}".lstrip("."))


@contextmanager
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reads]:
    """Watches every event that an inbox parses while this lasts."""
    found = Reads()
    dump = Model.model_dump

    def watching(detail_type: str, detail: Any) -> Event[Any]:
        event = parse(detail_type, detail)
        found.watch(event)
        return event

    def asked(self: Model, name: str) -> Any:
        if not name.startswith("_"):  # the classes' own workings
            found.note(self, name)
        return object.__getattribute__(self, name)

    def dumping(self: Model, **how: Any) -> dict[str, Any]:
        return found.dumped(self, dump(self, **how))

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "parse", watching)
        patch.setattr(Model, "__getattribute__", asked, raising=False)
        patch.setattr(Model, "model_dump", dumping)
        yield found
