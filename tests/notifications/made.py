"""Alerts, and rows of contacts as the resolvers write them, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from delivery_events.notifications import Audience, Channel

from services.notifications.domain import Alert, Contact, Device, Limits, Platform
from tests.tables import Index

OCCURRED_AT = datetime(2026, 1, 5, 18, 30, tzinfo=UTC)
PHONE = "+12025550100"
LIMITS = Limits(max_age_s=900, memory_s=86_400)

INDEXES = (Index("order-index", "order_id", "sent_key", keys_only=True), Index("recent-index", "day", "sent_key"))


def after(seconds: float) -> datetime:
    """`seconds` after the event that the alert is about."""
    return OCCURRED_AT + timedelta(seconds=seconds)


def alert(channel: Channel = Channel.SMS, **changes: Any) -> Alert:
    fields: dict[str, Any] = {
        "event_id": "event-1",
        "order_id": "3f2b8c1e-9d4a-4e0b-8a57-0c6f1d2e3b4a",
        "recipient_id": "customer-1",
        "audience": Audience.CUSTOMER,
        "channel": channel,
        "template": "delivery_picked_up",
        "parameters": {"order": "3f2b8c1e"},
        "occurred_at": OCCURRED_AT,
    }
    return Alert(**fields | changes)


def device(**changes: Any) -> Device:
    fields: dict[str, Any] = {"device_id": "phone-1", "platform": Platform.FCM, "token": "token-1"}
    return Device(**fields | changes)


def contact(**changes: Any) -> Contact:
    """Somebody who can be reached by every channel and wants to be."""
    fields: dict[str, Any] = {"recipient_id": "customer-1", "phone": PHONE, "devices": (device(),)}
    return Contact(**fields | changes)


def contact_row(recipient_id: str = "customer-1", **changes: Any) -> dict[str, Any]:
    row = {
        "pk": f"CONTACT#{recipient_id}",
        "sk": "CONTACT",
        "recipient_id": recipient_id,
        "phone": PHONE,
        "locale": "en",
        "sequence": 1,
        "occurred_at": "2026-01-05T18:00:00.000Z",
        "caused_by": "request:test",
    }
    return row | changes


def device_row(recipient_id: str = "customer-1", device_id: str = "phone-1", **changes: Any) -> dict[str, Any]:
    row = {
        "pk": f"CONTACT#{recipient_id}",
        "sk": f"DEVICE#{device_id}",
        "recipient_id": recipient_id,
        "device_id": device_id,
        "platform": "FCM",
        "token": f"token-of-{device_id}",
        "registered_at": "2026-01-05T18:00:00.000Z",
        "sequence": 1,
        "occurred_at": "2026-01-05T18:00:00.000Z",
        "caused_by": "request:test",
    }
    return row | changes


def alert_row(state: str, **changes: Any) -> dict[str, Any]:
    """An alert's row as a sender writes it: first CLAIMED, then how it ended."""
    row = {
        "pk": "ALERT#alert-1",
        "sk": "ALERT",
        "alert_id": "alert-1",
        "event_id": "event-1",
        "order_id": "order-1",
        "recipient_id": "customer-1",
        "audience": "CUSTOMER",
        "channel": "SMS",
        "template": "order_failed",
        "state": state,
        "sequence": 1 if state == "CLAIMED" else 2,
        "occurred_at": "2026-01-05T18:30:01.000Z",
        "caused_by": "event-1",
    }
    return row | changes
