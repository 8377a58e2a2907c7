"""Rows of the orders table, for tests."""

from typing import Any

ORDER_ID = "3f2b8c1e-9d4a-4e0b-8a57-0c6f1d2e3b4a"


def order(**changes: Any) -> dict[str, Any]:
    """A PENDING order that its merchant may answer, with `changes`; a value of None removes the attribute."""
    row = {
        "pk": f"ORDER#{ORDER_ID}",
        "sk": "ORDER",
        "order_id": ORDER_ID,
        "customer_id": "customer-1",
        "merchant_id": "merchant-1",
        "status": "PENDING",
        "on_cancel": "CANCELLED",
        "lines": [{"name": "Noodles", "quantity": 2, "unit_amount": 900}],
        "item_count": 2,
        "total": {"amount": 1800, "currency": "USD"},
        "dropoff": {"lat": 40.45, "lng": -80.0},
        "address": "1 Example Street",
        "placed_at": "2026-01-05T18:30:00.000Z",
        "placed_key": f"2026-01-05T18:30:00.000Z#{ORDER_ID}",
        "merchant_key": f"2026-01-05T18:30:00.000Z#{ORDER_ID}",
        "sequence": 1,
        "occurred_at": "2026-01-05T18:30:00.000Z",
        "caused_by": "request:test",
    } | changes
    return {name: value for name, value in row.items() if value is not None}


def unjudged(**changes: Any) -> dict[str, Any]:
    """The same order as createOrder writes it, before the outbox held it against the rules."""
    return order(merchant_key=None, **changes)


def merchant(**changes: Any) -> dict[str, Any]:
    row = {
        "pk": "MERCHANT#merchant-1",
        "sk": "MERCHANT",
        "merchant_id": "merchant-1",
        "name": "Example Kitchen",
        "place": {"lat": 40.44, "lng": -80.0},
        "currency": "USD",
        "delivery_radius_m": 5000,
        "accepting": True,
        "hours": [],
    }
    return row | changes


PICKUP = {"lat": 40.44, "lng": -80.0}


def confirmed(**changes: Any) -> dict[str, Any]:
    """The same order after its merchant confirmed it."""
    return order(
        **{
            "status": "CONFIRMED",
            "on_cancel": None,
            "pickup": PICKUP,
            "expected_ready_at": "2026-01-05T18:50:00.000Z",
            "sequence": 2,
            "occurred_at": "2026-01-05T18:31:00.000Z",
        }
        | changes
    )
