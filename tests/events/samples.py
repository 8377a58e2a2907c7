"""One valid event of every type, for tests."""

from datetime import UTC, datetime
from typing import Any

from delivery_events import CATALOG, Event, EventData, new_event

MOMENT = datetime(2026, 1, 5, 18, 30, tzinfo=UTC)

# What a field of this name holds in a sample. A field that is in no model would fail `test_every_sample_value_is_used`.
VALUES: dict[str, Any] = {
    "alert_id": "alert-1",
    "assigned_at": "2026-01-05T18:31:00.000Z",
    "at": "2026-01-05T18:30:00.000Z",
    "audience": "CUSTOMER",
    "channel": "SMS",
    "channels": ["SMS"],
    "customer_id": "customer-1",
    "delayed_at": "2026-01-05T18:55:00.000Z",
    "delivery_id": "order-1",
    "dropoff": {"lat": 40.4501, "lng": -79.9502},
    "driver_id": "driver-1",
    "event_id": "event-1",
    "expected_ready_at": "2026-01-05T18:50:00.000Z",
    "item_count": 3,
    "merchant_id": "merchant-1",
    "offer": {
        "offer_id": "offer-1",
        "driver_id": "driver-1",
        "expires_at": "2026-01-05T18:30:45.000Z",
        "to_pickup_m": 800.5,
        "to_dropoff_m": 2100,
    },
    "order_id": "order-1",
    "partner_id": "acme",
    "pay": {"amount": 490, "currency": "USD"},
    "pickup": {"lat": 40.4406, "lng": -79.9959},
    "placed_at": "2026-01-05T18:29:00.000Z",
    "position": {"lat": 40.4407, "lng": -79.9958},
    "ready_at": "2026-01-05T18:48:00.000Z",
    "recipient_id": "customer-1",
    "state": "ASSIGNED",
    "status": "CONFIRMED",
    "stop": "PICKUP",
    "template": "delivery_assigned",
    "trip": {"trip_id": "offer-1", "position": 1, "size": 2, "metres": 3400},
    "total": {"amount": 2350, "currency": "USD"},
    "zone": "872aa845affffff",
}
# `reason` is another enumeration in each service.
REASONS = {
    "delivery.orders": "CUSTOMER_REQUEST",
    "delivery.dispatch": "DRIVER_DROPPED_OUT",
    "delivery.notifications": "REFUSED",
    "delivery.partners": "GONE",
}

ALL_TYPES = sorted(CATALOG)


def data(model: type[EventData], **values: Any) -> EventData:
    """An instance of `model` with every field set for which there is a value."""
    known = {name: VALUES[name] for name in model.model_fields if name in VALUES}
    if "reason" in model.model_fields:
        known["reason"] = REASONS[model.SOURCE]
    return model.model_validate(known | values)


def event(detail_type: str, *, sequence: int = 1, occurred_at: datetime = MOMENT, **values: Any) -> Event[Any]:
    """A valid event of one type; `values` replace fields of its data."""
    model = CATALOG[detail_type]
    content = data(model, **values)
    aggregate = getattr(content, "order_id", None) or getattr(content, "driver_id", None) or "customer-1"
    return new_event(
        content,
        aggregate_id=aggregate,
        sequence=sequence,
        occurred_at=occurred_at,
        correlation_id=aggregate,
        causation_id="request:1",
    )
