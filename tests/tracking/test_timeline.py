"""What an order's timeline keeps of its events."""

from delivery_events.dispatch import DeliveryOfferWithdrawn

from services.tracking.domain import timeline_entry
from tests.tracking.journey import ASSIGNED, DROPPED, JOURNEY, OFFER, OFFERED, ORDER_ID, at, delivery, minute


def test_an_entry_says_what_happened_when_and_why() -> None:
    entry = timeline_entry(DROPPED, keep_s=60)
    assert (entry["pk"], entry["type"], entry["occurred_at"], entry["producer"], entry["reason"]) == (
        f"ORDER#{ORDER_ID}",
        "delivery.driver_dropped",
        at(5),
        "delivery.dispatch",
        "DRIVER_DROPPED_OUT",
    )
    assert entry["expires_at"] == int(minute(6).timestamp())
    assert entry["causation_id"] == DROPPED.metadata.causation_id


def test_entries_sort_as_the_moments_they_are_about() -> None:
    keys = [timeline_entry(event, keep_s=60)["sk"] for event in JOURNEY]
    times = [event.metadata.occurred_at for event in JOURNEY]
    assert [key.split("#")[1] for key in sorted(keys)] == [at((t - minute(0)).total_seconds() / 60) for t in times]


def test_the_same_event_is_always_the_same_entry() -> None:
    assert timeline_entry(ASSIGNED, keep_s=60) == timeline_entry(ASSIGNED, keep_s=60)


def test_an_entry_names_nobody_and_no_place() -> None:
    for event in JOURNEY:
        told = str(timeline_entry(event, keep_s=60))
        assert "customer-1" not in told
        assert "driver-1" not in told
        assert "40.4" not in told


def test_whom_an_order_was_offered_to_is_for_operators_alone() -> None:
    withdrawn = delivery(DeliveryOfferWithdrawn, "SEARCHING", 3, 3, offer=OFFER)
    for event in (OFFERED, withdrawn):
        assert timeline_entry(event, keep_s=60)["operators_only"] is True
    assert "operators_only" not in timeline_entry(ASSIGNED, keep_s=60)
