"""Events of an order's delivery, for tests."""

from datetime import UTC, datetime
from typing import Any

from delivery_events import Event, new_event
from delivery_events.dispatch import DeliveryData

from tests.orders.rows import ORDER_ID, PICKUP

NOW = datetime(2026, 1, 5, 18, 40, tzinfo=UTC)


def delivery(kind: type[DeliveryData], state: str, *, sequence: int, **fields: Any) -> Event[Any]:
    """`delivery.*` of the test order, in `state`, as the delivery's change number `sequence`."""
    data = kind(
        **{
            "delivery_id": ORDER_ID,
            "order_id": ORDER_ID,
            "customer_id": "customer-1",
            "merchant_id": "merchant-1",
            "state": state,
            "pickup": PICKUP,
            "dropoff": {"lat": 40.45, "lng": -80.0},
        }
        | fields
    )
    return new_event(
        data, aggregate_id=ORDER_ID, sequence=sequence, occurred_at=NOW, correlation_id=ORDER_ID, causation_id="test"
    )
