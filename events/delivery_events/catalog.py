"""Every event type in every major version, and the one way to read an event."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from delivery_events import dispatch, notifications, orders, partners, tracking
from delivery_events.envelope import Event, EventData


def _published(module: Any) -> list[type[EventData]]:
    found = [
        c for c in vars(module).values() if isinstance(c, type) and issubclass(c, EventData) and hasattr(c, "TYPE")
    ]
    return [c for c in found if c.__module__ == module.__name__]


CATALOG: Mapping[str, type[EventData]] = {
    model.detail_type(): model
    for module in (orders, dispatch, tracking, notifications, partners)
    for model in _published(module)
}


class UnreadableEvent(ValueError):  # noqa: N818 - it names what it holds, like the three below
    """An event that this version of the package cannot read. The text says why and what would be right."""


class UnknownEventType(UnreadableEvent):
    """No version of this type is known."""


class UnsupportedVersion(UnreadableEvent):
    """The type is known, but not in this major version."""


class MalformedEvent(UnreadableEvent):
    """The text is no event of its type."""


def parse(detail_type: str, detail: str | bytes | Mapping[str, Any]) -> Event[Any]:
    """Read one event.

    `detail_type` is EventBridge's `detail-type`; `detail` is its `detail`, as JSON text or as the decoded object.
    Fields this version does not know are kept. Raises `UnknownEventType`, `UnsupportedVersion` or `MalformedEvent`.
    """
    model = CATALOG.get(detail_type)
    if model is None:
        raise unknown(detail_type)
    return read(model, detail_type, detail)


def read(model: type[EventData], detail_type: str, detail: str | bytes | Mapping[str, Any]) -> Event[Any]:
    """Read an event as one of `model`. Raises `MalformedEvent`."""
    try:
        content = json.loads(detail) if isinstance(detail, str | bytes) else detail
        event: Event[Any] = Event[model].model_validate(content)  # type: ignore[valid-type]
    except (ValueError, ValidationError) as error:
        raise MalformedEvent(f"not a valid {detail_type}: {_readable(error)}") from error
    if event.detail_type != detail_type:
        raise MalformedEvent(f"its detail-type is {detail_type}, but its metadata says {event.detail_type}")
    return event


def unknown(detail_type: str) -> UnreadableEvent:
    """Why there is no model for a detail type."""
    type_, _, version = detail_type.rpartition(".v")
    known = sorted(m.VERSION for m in CATALOG.values() if type_ == m.TYPE)
    if known:
        return UnsupportedVersion(f"{type_} is known in major version {known}, not {version}")
    return UnknownEventType(f"no event type {detail_type!r}; known are {', '.join(sorted(CATALOG))}")


def _readable(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    # Inputs are left out: they can hold what must not be logged.
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'detail'}: {e['msg']}" for e in error.errors(include_input=False)
    )
