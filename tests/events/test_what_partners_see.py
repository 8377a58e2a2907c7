"""Every field that a partner sees, type by type: whoever adds one to an event is asked here whether partners may.

What tells where a customer or a driver is stays inside: a position, a distance from a place that is known, and a time
from which such a distance follows. So does what a driver earns.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from delivery_events import CATALOG, parse
from delivery_events.envelope import Metadata
from delivery_events.public import public_detail, public_fields

from local.contracts import samples
from local.environment.workspace import ROOT

METADATA = {
    "aggregate_id", "causation_id", "correlation_id", "event_id", "occurred_at", "sequence", "type", "version",
}  # fmt: skip
ORDER = {
    "customer_id", "driver_id", "expected_ready_at", "item_count", "merchant_id", "order_id", "pickup", "pickup.lat",
    "pickup.lng", "placed_at", "promised_at", "ready_at", "reason", "status", "total", "total.amount", "total.currency",
}  # fmt: skip
DELIVERY = {
    "assigned_at", "customer_id", "delayed_at", "delivered_at", "delivery_id", "driver_id", "expected_ready_at",
    "merchant_id", "offer", "offer.driver_id", "offer.expires_at", "offer.offer_id", "order_id", "picked_up_at",
    "pickup", "pickup.lat", "pickup.lng", "ready_at", "reason", "state", "trip", "trip.position", "trip.size",
    "trip.trip_id", "zone",
}  # fmt: skip
SEEN = {
    "delivery.arrived_at_dropoff.v1": DELIVERY,
    "delivery.arrived_at_pickup.v1": DELIVERY,
    "delivery.assigned.v1": DELIVERY,
    "delivery.cancellation_refused.v1": DELIVERY,
    "delivery.cancelled.v1": DELIVERY,
    "delivery.delayed.v1": DELIVERY,
    "delivery.delivered.v1": DELIVERY,
    "delivery.driver_dropped.v1": DELIVERY,
    "delivery.offer_declined.v1": DELIVERY,
    "delivery.offer_expired.v1": DELIVERY,
    "delivery.offer_withdrawn.v1": DELIVERY,
    "delivery.offered.v1": DELIVERY,
    "delivery.picked_up.v1": DELIVERY,
    "delivery.requested.v1": DELIVERY,
    "delivery.returned.v1": DELIVERY,
    "delivery.returning.v1": DELIVERY,
    "delivery.search_extended.v1": DELIVERY,
    "delivery.unassigned.v1": DELIVERY,
    "order.cancel_requested.v1": ORDER,
    "order.cancelled.v1": ORDER,
    "order.completed.v1": ORDER,
    "order.confirmed.v1": ORDER,
    "order.failed.v1": ORDER,
    "order.placed.v1": ORDER,
    "order.ready.v1": ORDER,
    "order.rejected.v1": ORDER,
}
RECORDED = samples.read(ROOT)


def paths(content: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in content.items():
        yield prefix + name
        if isinstance(value, dict):
            yield from paths(value, f"{prefix}{name}.")


def test_the_types_that_a_partner_can_be_sent_are_these() -> None:
    """Those of a merchant, as a partner is sent the events of its merchants alone."""
    assert set(SEEN) == {name for name, model in CATALOG.items() if "merchant_id" in model.model_fields}


@pytest.mark.parametrize("detail_type", SEEN)
def test_a_partner_sees_these_fields_and_no_other(detail_type: str) -> None:
    assert set(public_fields(CATALOG[detail_type])) == SEEN[detail_type]
    assert set(public_fields(Metadata)) == METADATA


@pytest.mark.parametrize("detail_type", SEEN)
def test_and_is_sent_no_other_of_what_the_platform_publishes(detail_type: str) -> None:
    for detail in RECORDED[detail_type]:
        sent = public_detail(parse(detail_type, detail))
        assert set(paths(sent["data"])) <= SEEN[detail_type]
        assert set(paths(sent["metadata"])) <= METADATA
