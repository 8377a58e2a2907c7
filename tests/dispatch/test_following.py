"""What events of orders and of tracking do to deliveries, in whatever order and however often they come."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events import Event, EventData, new_event
from delivery_events.inbox import Outcome
from delivery_events.tracking import DriverArrived, DriverMoved

from services.dispatch import domain
from services.dispatch.following import CONSUMES, ChangedMeanwhile, Following
from services.dispatch.table import DispatchTable
from tests.dispatch.rows import (
    DELIVERY_ID,
    DRIVER,
    NOW,
    ZONE,
    Row,
    assigned,
    cancel_requested,
    confirmed,
    driver,
    driver_busy,
    driver_in,
    off_duty,
    picked_up,
    put,
    ready,
)
from tests.tables import contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table as DynamoTable


@pytest.fixture
def following(table: DispatchTable) -> Following:
    return Following(table, now=lambda: NOW)


def follow(following: Following, *events: Event[Any]) -> list[Outcome]:
    handlers = following.handlers()
    return [handlers[type(event.data)](event) for event in events]


def delivery(table: DispatchTable) -> Row:
    row = table.delivery(DELIVERY_ID)
    assert row is not None
    return row


def of_driver(data: EventData, sequence: int) -> Event[Any]:
    return new_event(
        data,
        aggregate_id=DRIVER,
        sequence=sequence,
        occurred_at=NOW,
        correlation_id=DELIVERY_ID,
        causation_id="request:test",
    )


def moved(sequence: int) -> Event[Any]:
    """The driver is at 40.`sequence` degrees north."""
    position = {"lat": 40 + sequence / 10, "lng": -80.0}
    return of_driver(DriverMoved(driver_id=DRIVER, position=position, zone=ZONE, at=NOW), sequence)


def arrived(stop: str, driver_id: str = DRIVER, at: datetime = NOW) -> Event[Any]:
    return of_driver(DriverArrived(driver_id=driver_id, delivery_id=DELIVERY_ID, stop=stop, at=at), 7)


def test_there_is_a_handler_for_all_that_is_subscribed_to(following: Following) -> None:
    assert set(following.handlers()) == set(CONSUMES)


@pytest.mark.parametrize("order", list(permutations(["confirmed", "ready"])))
def test_a_delivery_opens_with_what_is_known_of_its_order(
    table: DispatchTable, following: Following, order: tuple[str, ...]
) -> None:
    events: dict[str, Event[Any]] = {"confirmed": confirmed(), "ready": ready()}
    assert follow(following, *(events[name] for name in order)) == [Outcome.APPLIED] * 2
    row = delivery(table)
    assert (domain.state_of(row), row["zone"], "ready_at" in row) == ("SEARCHING", ZONE, True)


@pytest.mark.parametrize("order", list(permutations(["confirmed", "ready", "cancelled"])))
def test_an_order_cancelled_before_pickup_has_a_cancelled_delivery_whatever_came_first(
    table: DispatchTable, following: Following, order: tuple[str, ...]
) -> None:
    events: dict[str, Event[Any]] = {"confirmed": confirmed(), "ready": ready(), "cancelled": cancel_requested()}
    follow(following, *(events[name] for name in order))
    assert domain.state_of(delivery(table)) == "CANCELLED"
    assert table.searching_in(ZONE) == []


def test_a_second_delivery_of_the_same_events_changes_nothing(
    dynamo: "DynamoTable", table: DispatchTable, following: Following
) -> None:
    events: list[Event[Any]] = [confirmed(), ready(), cancel_requested()]
    follow(following, *events)
    before = contents(dynamo)
    assert follow(following, *events) == [Outcome.STALE] * 3
    assert contents(dynamo) == before


def test_a_cancellation_noted_before_its_order_was_confirmed_is_forgotten_one_day(
    table: DispatchTable, following: Following
) -> None:
    assert follow(following, cancel_requested()) == [Outcome.APPLIED]
    forget_at = delivery(table)["expires_at"]
    assert forget_at == (NOW + timedelta(days=14)).timestamp()


def test_a_cancellation_lets_the_driver_go(dynamo: "DynamoTable", table: DispatchTable, following: Following) -> None:
    put(dynamo, assigned(), driver_busy())
    assert follow(following, cancel_requested()) == [Outcome.APPLIED]
    assert domain.state_of(delivery(table)) == "CANCELLED"
    assert domain.state_of(driver_in(dynamo)) == "AVAILABLE"


def test_after_pickup_a_cancellation_is_refused_once_for_each_request(
    dynamo: "DynamoTable", table: DispatchTable, following: Following
) -> None:
    put(dynamo, picked_up(), driver_busy())
    asked = [cancel_requested(4), cancel_requested(4), cancel_requested(6), cancel_requested(4)]
    applied, stale = Outcome.APPLIED, Outcome.STALE
    assert follow(following, *asked) == [applied, stale, applied, stale]
    row = delivery(table)
    assert (domain.state_of(row), row["sequence"]) == ("PICKED_UP", picked_up()["sequence"] + 2)


def test_a_delivery_that_changes_whenever_it_is_written_is_tried_again_later(
    dynamo: "DynamoTable", monkeypatch: pytest.MonkeyPatch, table: DispatchTable, following: Following
) -> None:
    put(dynamo, assigned(), driver_busy())
    monkeypatch.setattr(DispatchTable, "cancel", lambda self, row, *, now, caused_by: False)
    with pytest.raises(ChangedMeanwhile):
        follow(following, cancel_requested())
    assert domain.state_of(delivery(table)) == "ASSIGNED"


def test_one_change_in_between_does_not_stop_a_cancellation(
    dynamo: "DynamoTable", monkeypatch: pytest.MonkeyPatch, table: DispatchTable, following: Following
) -> None:
    """The driver picks it up between reading and writing: then it is refused."""
    put(dynamo, assigned(), driver_busy())
    cancel = DispatchTable.cancel

    def too_late(self: DispatchTable, row: Row, **kwargs: Any) -> bool:
        put(dynamo, picked_up())
        return cancel(self, row, **kwargs)

    monkeypatch.setattr(DispatchTable, "cancel", too_late)
    assert follow(following, cancel_requested()) == [Outcome.APPLIED]
    row = delivery(table)
    assert (row["state"], row["transition"]) == ("PICKED_UP", domain.REFUSE_CANCELLATION)


def test_older_news_of_a_driver_changes_nothing(
    dynamo: "DynamoTable", table: DispatchTable, following: Following
) -> None:
    put(dynamo, driver())
    assert follow(following, moved(3), moved(2), moved(3)) == [Outcome.APPLIED, Outcome.STALE, Outcome.STALE]
    row = driver_in(dynamo)
    assert row["position"]["lat"] == pytest.approx(40.3)
    assert row["sequence"] == driver()["sequence"]


def test_a_driver_off_duty_is_not_followed(dynamo: "DynamoTable", table: DispatchTable, following: Following) -> None:
    put(dynamo, off_duty())
    assert follow(following, moved(3)) == [Outcome.STALE]


@pytest.mark.parametrize(
    ("row", "stop", "state"),
    [(assigned(), "PICKUP", "ARRIVED_AT_PICKUP"), (picked_up(), "DROPOFF", "ARRIVED_AT_DROPOFF")],
)
def test_a_driver_who_is_seen_at_a_stop_has_arrived_once(
    dynamo: "DynamoTable", table: DispatchTable, following: Following, row: Row, stop: str, state: str
) -> None:
    put(dynamo, row)
    assert follow(following, arrived(stop), arrived(stop)) == [Outcome.APPLIED, Outcome.STALE]
    assert domain.state_of(delivery(table)) == state


@pytest.mark.parametrize(
    ("row", "event"),
    [
        (assigned(), arrived("DROPOFF")),
        (picked_up(), arrived("PICKUP")),
        (assigned(), arrived("PICKUP", driver_id="driver-2")),
        (assigned(), arrived("PICKUP", at=NOW - timedelta(minutes=30))),
        (picked_up(), arrived("DROPOFF", at=NOW - timedelta(seconds=1))),
    ],
    ids=["passing by", "late", "somebody else", "of an assignment before", "before it was picked up"],
)
def test_any_other_arrival_changes_nothing(
    dynamo: "DynamoTable", following: Following, row: Row, event: Event[Any]
) -> None:
    put(dynamo, row)
    before = contents(dynamo)
    assert follow(following, event) == [Outcome.STALE]
    assert contents(dynamo) == before
