"""What an order's row says after events of both producers, whatever order they come in."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from delivery_events import Event
from delivery_events.dispatch import DeliveryCancelled, DeliveryReturning, DeliveryState, DeliveryUnassigned
from delivery_events.orders import OrderCancelled, OrderFailed, OrderReady
from hypothesis import given
from hypothesis import strategies as st

from services.tracking.domain import PHASES, follow, next_stop
from tests.tracking.journey import (
    ASSIGNED,
    AT_DROPOFF,
    AT_PICKUP,
    COMPLETED,
    CONFIRMED,
    DELIVERED,
    DROPPED,
    JOURNEY,
    KEPT,
    OFFERED,
    PICKED_UP,
    PLACED,
    READY,
    REQUESTED,
    at,
    delivery,
    minute,
    order,
)

NOW = minute(30)
# What the row says of its own writing.
STAMP = {"sequence", "occurred_at", "caused_by"}


def after(*events: Event[Any]) -> dict[str, Any]:
    """The row after these events."""
    row: dict[str, Any] | None = None
    for event in events:
        row = follow(row, event, now=NOW, kept=KEPT) or row
    assert row is not None
    return row


def statuses(events: Iterable[Event[Any]]) -> list[str]:
    seen = list(events)
    return [after(*seen[: n + 1])["status"] for n in range(len(seen))]


def test_an_order_is_shown_as_it_goes_on() -> None:
    assert statuses(JOURNEY) == [
        "PENDING",
        *("CONFIRMED",) * 3,  # that a driver is being asked is nobody's business
        "ASSIGNED",
        *("ARRIVED_AT_PICKUP",) * 2,  # ready by now, but where the driver is says more
        "PICKED_UP",
        "ARRIVED_AT_DROPOFF",
        *("DELIVERED",) * 2,
    ]


@given(st.permutations(JOURNEY))
def test_the_same_events_in_any_order_tell_the_same(events: Sequence[Event[Any]]) -> None:
    expected = {name: value for name, value in after(*JOURNEY).items() if name not in STAMP}
    assert {name: value for name, value in after(*events).items() if name not in STAMP} == expected


@pytest.mark.parametrize("known", [CONFIRMED, ASSIGNED, AT_PICKUP, READY])
def test_an_event_that_is_known_or_older_changes_nothing(known: Event[Any]) -> None:
    row = after(PLACED, CONFIRMED, REQUESTED, ASSIGNED, AT_PICKUP, READY)
    assert follow(row, known, now=NOW, kept=KEPT) is None


def test_a_later_event_makes_up_for_those_that_never_came() -> None:
    row = after(COMPLETED, DELIVERED)
    assert (row["placed_at"], row["ready_at"], row["picked_up_at"], row["driver_id"]) == (
        at(0),
        at(15),
        at(16),
        "driver-1",
    )


def test_each_change_is_counted_and_says_what_caused_it() -> None:
    row = after(PLACED, CONFIRMED)
    assert (row["sequence"], row["caused_by"]) == (2, str(CONFIRMED.metadata.event_id))


def test_ready_is_shown_until_a_driver_is_found_and_again_when_it_comes_after_that() -> None:
    early = order(OrderReady, "READY", 3, 2, ready_at=at(2))
    assert after(PLACED, CONFIRMED, REQUESTED, early)["status"] == "READY"
    assert after(PLACED, CONFIRMED, REQUESTED, early, ASSIGNED)["status"] == "ASSIGNED"
    assert after(PLACED, CONFIRMED, REQUESTED, ASSIGNED, READY)["status"] == "READY"


def test_a_driver_is_shown_from_the_assignment_on_and_not_from_the_offer() -> None:
    assert "driver_id" not in after(CONFIRMED, OFFERED)
    assert after(CONFIRMED, OFFERED, ASSIGNED)["driver_id"] == "driver-1"


def test_a_driver_who_drops_out_is_forgotten_with_all_that_was_expected_of_it() -> None:
    row = after(CONFIRMED, REQUESTED, ASSIGNED, DROPPED)
    assert row["status"] == "CONFIRMED"
    assert not {"driver_id", "carried", "assigned_at", "expected_pickup_at", "reason"} & row.keys()


def test_the_drivers_position_belongs_to_the_order_only_while_it_is_carried() -> None:
    assert [after(*JOURNEY[: n + 1]).get("carried", False) for n in range(len(JOURNEY))] == [
        *(False,) * 4,
        *(True,) * 5,
        *(False,) * 2,
    ]


@pytest.mark.parametrize(
    ("events", "status", "reason"),
    [
        (
            [PLACED, order(OrderCancelled, "CANCELLED", 2, 1, reason="MERCHANT_TIMEOUT")],
            "CANCELLED",
            "MERCHANT_TIMEOUT",
        ),
        ([CONFIRMED, delivery(DeliveryUnassigned, "UNASSIGNED", 9, 9, reason="NO_DRIVER")], "FAILED", "NO_DRIVER"),
        (
            [CONFIRMED, delivery(DeliveryCancelled, "CANCELLED", 2, 2, reason="CANCEL_REQUESTED")],
            "CANCELLED",
            "CANCEL_REQUESTED",
        ),
        (
            [PICKED_UP, delivery(DeliveryReturning, "RETURNING", 7, 25, driver_id="d", reason="RECIPIENT_ABSENT")],
            "RETURNING",
            "RECIPIENT_ABSENT",
        ),
        # Once the order itself has ended, its own reason counts.
        (
            [
                delivery(DeliveryUnassigned, "UNASSIGNED", 9, 9, reason="NO_DRIVER"),
                order(OrderFailed, "FAILED", 9, 9, reason="RETURNED"),
            ],
            "FAILED",
            "RETURNED",
        ),
    ],
)
def test_whatever_ends_or_turns_back_says_why(events: list[Event[Any]], status: str, reason: str) -> None:
    row = after(*events)
    assert (row["status"], row["reason"]) == (status, reason)


def test_an_order_that_has_ended_is_kept_for_a_while_and_any_other_for_good() -> None:
    assert "expires_at" not in after(*JOURNEY[:-2])
    assert after(*JOURNEY)["expires_at"] == int((NOW + timedelta(seconds=KEPT.row_s)).timestamp())


def test_every_state_of_a_delivery_means_something_to_whoever_watches() -> None:
    assert set(PHASES) == set(DeliveryState)


def test_the_next_stop_is_the_merchant_and_then_the_customer() -> None:
    states = (OFFERED, ASSIGNED, AT_PICKUP, PICKED_UP, AT_DROPOFF, DELIVERED)
    on_the_way = [next_stop(after(CONFIRMED, event)) for event in states]
    assert [stop and (stop.stop, stop.driver_id, stop.lat, stop.since, stop.arrived) for stop in on_the_way] == [
        None,
        ("PICKUP", "driver-1", 40.44, at(3), False),
        ("PICKUP", "driver-1", 40.44, at(3), True),  # until it is picked up
        ("DROPOFF", "driver-1", 40.45, at(16), False),
        ("DROPOFF", "driver-1", 40.45, at(16), True),
        None,
    ]
