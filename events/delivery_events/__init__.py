"""The delivery platform's versioned events.

    from delivery_events import parse, parse_public
    event = parse_public(message["type"], message)             # a partner: from a webhook, a queue, a bus's `detail`
    event = parse(message["detail-type"], message["detail"])   # within the platform: typed, Event[OrderPlaced], …

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
