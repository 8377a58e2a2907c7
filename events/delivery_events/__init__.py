"""The delivery platform's versioned events.

    from delivery_events import parse
    event = parse(message["detail-type"], message["detail"])   # typed: Event[OrderPlaced], …

Needs pydantic alone. Publishing and consuming on AWS (`publish`, `outbox`, `inbox`) need the extra `aws`.
"""

from delivery_events.catalog import CATALOG, MalformedEvent, UnknownEventType, UnsupportedVersion, parse
from delivery_events.envelope import Event, EventData, Metadata, new_event
from delivery_events.public import parse_public

__all__ = [
    "CATALOG",
    "Event",
    "EventData",
    "MalformedEvent",
    "Metadata",
    "UnknownEventType",
    "UnsupportedVersion",
    "new_event",
    "parse",
    "parse_public",
]
