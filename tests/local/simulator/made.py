"""Events for the tests, each by a short call."""

from datetime import UTC, datetime, timedelta
from typing import Any

from delivery_events import CATALOG, Event, new_event

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def order_event(kind: str, order: str = "o1", *, time: float = 0, sequence: int = 1, **data: Any) -> Event[Any]:
    """An event of the orders service, such as `order_event("confirmed")`, `time` seconds after noon."""
    defaults: dict[str, Any] = {
        "order_id": order,
        "customer_id": f"customer-of-{order}",
        "merchant_id": "m1",
        "status": "CONFIRMED",
        "placed_at": NOON,
        "item_count": 1,
        "total": {"amount": 900, "currency": "USD"},
        "dropoff": {"lat": 40.0, "lng": -80.0},
        "pickup": {"lat": 40.0, "lng": -80.0},
        "expected_ready_at": at(600),
        "ready_at": at(time),
        "reason": "CUSTOMER_REQUEST",
    }
    return _event(f"order.{kind}.v1", defaults | data, order, order, time, sequence)


def delivery_event(
    kind: str, order: str = "o1", driver: str | None = "d1", *, time: float = 0, sequence: int = 1, **data: Any
) -> Event[Any]:
    """An event of the dispatch service about the delivery of `order`."""
    defaults: dict[str, Any] = {
        "delivery_id": order,
        "order_id": order,
        "customer_id": f"customer-of-{order}",
        "merchant_id": "m1",
        "state": "ASSIGNED",
        "pickup": {"lat": 40.0, "lng": -80.0},
        "dropoff": {"lat": 40.0, "lng": -80.0},
        "driver_id": driver,
        "reason": "NO_DRIVER",
    }
    if kind.startswith("offer"):
        offer = {"offer_id": f"offer-{sequence}", "driver_id": driver, "expires_at": at(time + 45)}
        defaults |= {"driver_id": None, "offer": offer | {"to_pickup_m": 1.0, "to_dropoff_m": 2.0}}
    return _event(f"delivery.{kind}.v1", defaults | data, order, order, time, sequence)


def driver_event(kind: str, driver: str = "d1", *, time: float = 0, sequence: int = 1) -> Event[Any]:
    """An event of a driver alone."""
    data: dict[str, Any] = {"driver_id": driver}
    if kind == "moved":
        data |= {"position": {"lat": 40.0, "lng": -80.0}, "zone": "872aa845affffff", "at": at(time)}
    return _event(f"driver.{kind}.v1", data, driver, driver, time, sequence)


def _event(kind: str, data: dict[str, Any], aggregate: str, correlation: str, time: float, sequence: int) -> Event[Any]:
    return new_event(
        CATALOG[kind].model_validate(data),
        aggregate_id=aggregate,
        sequence=sequence,
        occurred_at=at(time),
        correlation_id=correlation,
        causation_id="request:test",
    )
