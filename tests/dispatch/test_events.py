"""The events that changes of deliveries and drivers make, and the table of transitions they are read from."""

from datetime import timedelta
from typing import Any

import pytest
from delivery_events.dispatch import DeliveryData, DeliveryState, DriverDutyData
from delivery_events.envelope import rfc3339

from services.dispatch import domain
from services.dispatch.domain import TERMINAL, TRANSITIONS, DriverState, events_for
from services.dispatch.picture import CAPACITY
from tests.dispatch.rows import (
    DELIVERY_ID,
    DRIVER,
    NOW,
    OFFER,
    ZONE,
    assigned,
    confirmed,
    driver,
    driver_busy,
    driver_offered,
    off_duty,
    offered,
    picked_up,
    searching,
)

Row = dict[str, Any]


def after(row: Row, trigger: str, **changes: Any) -> Row:
    """`row` one change later."""
    changed = row | {"transition": trigger, "sequence": row["sequence"] + 1} | changes
    return {name: value for name, value in changed.items() if value is not None}


def types(old: Row | None, new: Row) -> list[str]:
    return [event.detail_type for event in events_for(old, new)]


LOST = {"state": "SEARCHING", "zone_key": ZONE} | dict.fromkeys(("driver_id", "assigned_at", "offer", "trip", "pay"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, searching(), "delivery.requested.v1"),
        ({"pk": f"DELIVERY#{DELIVERY_ID}", "ready_at": NOW}, searching(), "delivery.requested.v1"),
        (searching(), offered(), "delivery.offered.v1"),
        (offered(), assigned(), "delivery.assigned.v1"),
        (offered(), after(offered(), "declineOffer", **LOST), "delivery.offer_declined.v1"),
        (offered(), after(offered(), "offer expiry", **LOST), "delivery.offer_expired.v1"),
        (offered(), after(offered(), "offer withdrawn", **LOST), "delivery.offer_withdrawn.v1"),
        (searching(), after(searching(), "search delayed", delayed_at="2026-01-05T19:00:00Z"), "delivery.delayed.v1"),
        (searching(), after(searching(), "keepWaiting"), "delivery.search_extended.v1"),
        (searching(), after(searching(), "search over", state="UNASSIGNED"), "delivery.unassigned.v1"),
        (assigned(), after(assigned(), "arrive at pickup", state="ARRIVED_AT_PICKUP"), "delivery.arrived_at_pickup.v1"),
        (assigned(), picked_up(), "delivery.picked_up.v1"),
        (assigned(), after(assigned(), "dropOut", **LOST), "delivery.driver_dropped.v1"),
        (assigned(), after(assigned(), "reassign", **LOST), "delivery.driver_dropped.v1"),
        (assigned(), after(assigned(), "cancellation", state="CANCELLED"), "delivery.cancelled.v1"),
        (
            picked_up(),
            after(picked_up(), "arrive at dropoff", state="ARRIVED_AT_DROPOFF"),
            "delivery.arrived_at_dropoff.v1",
        ),
        (picked_up(), after(picked_up(), "deliver", state="DELIVERED"), "delivery.delivered.v1"),
        (picked_up(), after(picked_up(), "cancellation refused"), "delivery.cancellation_refused.v1"),
        (
            picked_up(),
            after(picked_up(), "startReturn", state="RETURNING", reason="DAMAGED"),
            "delivery.returning.v1",
        ),
        (off_duty(), after(off_duty(), "goOnDuty", on_duty=True), "driver.on_duty.v1"),
        (driver(), after(driver(), "goOffDuty", on_duty=False), "driver.off_duty.v1"),
    ],
)
def test_each_change_has_its_event(old: Row | None, new: Row, expected: str) -> None:
    assert types(old, new) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (driver(), driver_offered()),
        (driver_offered(), driver_busy()),
        (driver_busy(), after(driver_busy(), "deliver", deliveries=None)),
        (driver_busy(on_duty=False), after(driver_busy(on_duty=False), "deliver", deliveries=None)),
        (driver_busy(), after(driver_busy(), "offer", offer_id="offer-2")),
        (driver_busy(offer_id="offer-2"), after(driver_busy(), "declineOffer")),
        (driver_busy(offer_id="offer-2"), after(driver_busy(offer_id="offer-2"), "deliver", deliveries=None)),
        (driver_busy(deliveries={"a", "b"}), after(driver_busy(), "cancellation")),
        (None, off_duty(transition="registerDriver", sequence=1)),
    ],
)
def test_what_concerns_a_driver_beside_a_delivery_is_told_by_the_delivery(old: Row | None, new: Row) -> None:
    assert types(old, new) == []


@pytest.mark.parametrize("new", [searching(ready_at="2026-01-05T18:50:00.000Z"), None])
def test_a_technical_change_or_a_deletion_makes_no_event(new: Row | None) -> None:
    assert events_for(searching(), new) == []


def test_a_note_of_a_delivery_that_was_not_opened_makes_no_event() -> None:
    assert events_for(None, {"pk": f"DELIVERY#{DELIVERY_ID}", "sk": "DELIVERY", "cancelled_by": "event-9"}) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, offered()),
        (picked_up(), after(picked_up(), "dropOut", **LOST)),
        (searching(), after(searching(), "no such trigger", state="OFFERED")),
        (offered(), after(offered(), "deliver", state="DELIVERED")),
        (driver(), driver_busy()),
    ],
)
def test_a_change_that_is_no_transition_is_a_corrupt_row(old: Row | None, new: Row) -> None:
    with pytest.raises(ValueError, match="no transition"):
        events_for(old, new)


def test_the_event_of_a_lost_offer_names_the_offer_that_the_row_no_longer_holds() -> None:
    [event] = events_for(offered(), after(offered(), "declineOffer", **LOST))
    assert event.data.offer.offer_id == OFFER["offer_id"]
    assert event.data.driver_id is None


def test_an_offers_event_says_which_part_of_which_trip_it_is_of_and_what_it_pays() -> None:
    [event] = events_for(searching(), offered())
    assert event.data.model_dump(mode="json", include={"trip", "pay"}) == {
        "trip": {"trip_id": "offer-1", "position": 1, "size": 1, "metres": 1500.0},
        "pay": {"amount": 490, "currency": "USD"},
    }


@pytest.mark.parametrize(("trigger", "reason"), [("dropOut", "DRIVER_DROPPED_OUT"), ("reassign", "REASSIGNED")])
def test_the_event_of_a_lost_driver_names_the_driver_and_why(trigger: str, reason: str) -> None:
    [event] = events_for(assigned(), after(assigned(), trigger, **LOST))
    assert (event.data.driver_id, event.data.reason) == (DRIVER, reason)


@pytest.mark.parametrize("held", [offered(), assigned()])
def test_a_cancellation_names_whoever_carried_it_or_was_offered_it(held: Row) -> None:
    [event] = events_for(held, after(held, "cancellation", state="CANCELLED", offer=None))
    assert event.data.driver_id == DRIVER


def test_the_order_ties_an_events_chain_together() -> None:
    [event] = events_for(None, searching())
    metadata = event.metadata
    assert (metadata.correlation_id, metadata.aggregate_id, metadata.causation_id) == (
        DELIVERY_ID,
        DELIVERY_ID,
        "event-1",
    )


def test_the_same_change_makes_the_same_event_again() -> None:
    assert events_for(searching(), offered()) == events_for(searching(), offered())


# -- the table of transitions ------------------------------------------------------------------------------------------


def reached(aggregate: str) -> set[Any]:
    """All states that transitions lead to, one after the other, from none."""
    found: set[Any] = {None}
    while True:
        new = {
            target
            for each in TRANSITIONS
            if each.aggregate == aggregate and (each.sources & found if each.sources else None in found)
            for target in each.targets
        } - found
        if not new:
            return found - {None}
        found |= new


@pytest.mark.parametrize(("aggregate", "states"), [("delivery", DeliveryState), ("driver", DriverState)])
def test_every_state_can_be_reached(aggregate: str, states: type[DeliveryState] | type[DriverState]) -> None:
    assert reached(aggregate) == set(states)


def test_what_has_ended_stays_ended_and_everything_else_can_go_on() -> None:
    left = {source for each in TRANSITIONS if each.aggregate == "delivery" and each.targets for source in each.sources}
    assert left == set(DeliveryState) - TERMINAL


def test_every_way_into_an_end_publishes_an_event_and_every_cancellation_has_a_reason() -> None:
    into = [each for each in TRANSITIONS if each.targets & TERMINAL]
    assert all(each.event for each in into)
    assert all(each.reason for each in into if each.targets & {DeliveryState.CANCELLED, DeliveryState.UNASSIGNED})


def test_every_event_of_dispatch_has_a_transition() -> None:
    published = {*DeliveryData.__subclasses__(), *DriverDutyData.__subclasses__()}
    assert {each.event for each in TRANSITIONS if each.event} == published


def test_no_state_and_trigger_lead_to_two_places() -> None:
    starts = [(e.aggregate, e.trigger, source) for e in TRANSITIONS for source in (e.sources or {None})]
    assert len(starts) == len(set(starts))


@pytest.mark.parametrize(("articles", "units"), [(1, 1), (8, 1), (9, 2), (24, 3), (40, 5), (500, 5)])
def test_what_room_an_order_takes_is_told_by_its_articles(articles: int, units: int) -> None:
    order = confirmed()
    order = order.model_copy(update={"data": order.data.model_copy(update={"item_count": articles})})
    assert domain.new_delivery(order, zone=ZONE, now=NOW, pin="0042")["size"] == units


def test_no_order_is_too_large_for_all_but_cars() -> None:
    assert min(CAPACITY[vehicle] for vehicle in ("BICYCLE", "SCOOTER", "CAR")) >= domain.MOST_UNITS


def test_a_new_delivery_is_what_its_transition_says() -> None:
    def new(*, cancelled: bool = False) -> dict[str, Any]:
        row = domain.new_delivery(confirmed(), zone=ZONE, now=NOW, pin="0042", cancelled=cancelled)
        return row | {"pk": f"DELIVERY#{DELIVERY_ID}"}

    open_, ended = new(), new(cancelled=True)
    assert types(None, open_) == ["delivery.requested.v1"]
    assert types(None, ended) == ["delivery.cancelled.v1"]


def test_a_new_delivery_has_what_its_customer_was_promised() -> None:
    assert "promised_at" not in domain.new_delivery(confirmed(), zone=ZONE, now=NOW, pin="0042")
    at = NOW + timedelta(minutes=40)
    row = domain.new_delivery(confirmed(promised_at=rfc3339(at)), zone=ZONE, now=NOW, pin="0042")
    assert row["promised_at"] == rfc3339(at)


def test_a_new_delivery_remembers_when_its_merchant_spoke() -> None:
    row = domain.new_delivery(confirmed(), zone=ZONE, now=NOW + timedelta(minutes=4), pin="0042")
    assert (domain.confirmed_at(row), row["requested_at"]) == (rfc3339(NOW), rfc3339(NOW + timedelta(minutes=4)))
    assert domain.confirmed_at({"requested_at": "then"}) == "then"


def test_the_pin_is_on_the_row_and_in_no_event() -> None:
    row = domain.new_delivery(confirmed(), zone=ZONE, now=NOW, pin="0042") | {"pk": f"DELIVERY#{DELIVERY_ID}"}
    assert row["pin"] == "0042"
    assert all("0042" not in event.model_dump_json() for event in domain.events_for(None, row))
