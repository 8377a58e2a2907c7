"""Subscription.onDeliveryOffered and onFleetChanged, from who may subscribe to who is told what."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.outbox import Change
from delivery_events.push import Push

from local.appsync.callers import Caller
from services.dispatch.fleet import Fleet
from services.dispatch.pushes import fleet_pushes, offer_pushes
from services.dispatch.table import DispatchTable
from tests.api import Answer, Api, Watching, caller
from tests.dispatch.rows import (
    DELIVERY_ID,
    DRIVER,
    DROPOFF,
    NOW,
    OFFER,
    PICKUP,
    ZONE,
    Row,
    assigned,
    driver,
    driver_busy,
    driver_offered,
    offered,
    put,
    searching,
)
from tests.events import samples

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ME, OTHER = caller("driver-1", "driver"), caller("driver-2", "driver")
CUSTOMER, OPERATOR = caller("customer-1", "customer"), caller("operator-1", "operator")


def watch(api: Api, who: Caller, field: str, **arguments: Any) -> Watching:
    watching = api.subscribe(who, field, **arguments)
    assert isinstance(watching, Watching), watching
    return watching


def tell(api: Api, old: Row | None, new: Row) -> None:
    change = Change(old, new)
    for push in (*offer_pushes(change), *fleet_pushes(change, ())):
        api.publish(push)


# -- offers -------------------------------------------------------------------------------------------------------


def after_offer(transition: str, **changes: Any) -> Row:
    return offered(**{"transition": transition, "offer": None, "sequence": 3} | changes)


AFTER = {
    "ACCEPTED": assigned(),
    "DECLINED": after_offer("declineOffer", state="SEARCHING"),
    "EXPIRED": after_offer("offer expiry", state="SEARCHING"),
    "WITHDRAWN": after_offer("cancellation", state="CANCELLED", reason="CANCEL_REQUESTED"),
}


@pytest.mark.parametrize("who", [ME, OPERATOR], ids=["driver", "operator"])
@pytest.mark.parametrize("kind", AFTER)
def test_a_driver_hears_of_an_offer_and_of_what_becomes_of_it(
    api: Api, dynamo: "Table", who: Caller, kind: str
) -> None:
    put(dynamo, driver())
    watching = watch(api, who, "onDeliveryOffered", driverId=DRIVER)
    tell(api, searching(), offered())
    tell(api, offered(), AFTER[kind])
    assert [each["kind"] for each in watching.received] == ["OFFERED", kind]
    assert watching.received[0] == {
        "deliveryId": DELIVERY_ID,
        "driverId": DRIVER,
        "offerId": "offer-1",
        "kind": "OFFERED",
        "at": offered()["occurred_at"],
        "expiresAt": OFFER["expires_at"],
        "toPickupMetres": 400,
        "toDropoffMetres": 1100,
        "merchantId": "merchant-1",
        "pickup": PICKUP,
        "expectedReadyAt": offered()["expected_ready_at"],
        "expectedPickupAt": offered()["expected_pickup_at"],
        "expectedDropoffAt": offered()["expected_dropoff_at"],
        "sequence": 2,
    }
    assert str(DROPOFF["lat"]) not in str(watching.received)


def test_another_drivers_offers_are_nobody_elses_business(api: Api, dynamo: "Table") -> None:
    not_found = Answer(None, "NotFound", "Driver not found")
    assert api.subscribe(ME, "onDeliveryOffered", driverId=DRIVER) == not_found  # not registered
    put(dynamo, driver(), driver("driver-2"))
    assert api.subscribe(OTHER, "onDeliveryOffered", driverId=DRIVER) == not_found
    assert api.subscribe(ME, "onDeliveryOffered", driverId="d" * 5000) == not_found
    other = watch(api, OTHER, "onDeliveryOffered", driverId="driver-2")
    tell(api, searching(), offered())
    assert other.received == []


# -- the fleet ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [ME, CUSTOMER], ids=["driver", "customer"])
def test_the_fleet_is_for_operators_alone(api: Api, who: Caller) -> None:
    answer = api.subscribe(who, "onFleetChanged")
    assert isinstance(answer, Answer)
    assert answer.error == "Unauthorized"


@pytest.mark.usefixtures("dynamo")
def test_operators_see_what_drivers_and_deliveries_do(api: Api) -> None:
    everywhere = watch(api, OPERATOR, "onFleetChanged")
    tell(api, driver(), driver_offered())
    tell(api, searching(), offered())
    seen_driver, seen_delivery = everywhere.received
    assert (seen_driver["zone"], seen_driver["driver"]["state"], seen_driver["delivery"]) == (ZONE, "OFFERED", None)
    delivery = seen_delivery["delivery"]
    assert (seen_delivery["zone"], delivery["state"], delivery["offeredTo"]) == (ZONE, "OFFERED", DRIVER)
    assert (delivery["pickup"], delivery["dropoff"], delivery["sequence"]) == (PICKUP, DROPOFF, 2)


@pytest.mark.usefixtures("dynamo")
def test_a_busy_driver_is_shown_with_what_is_carried(api: Api) -> None:
    everywhere = watch(api, OPERATOR, "onFleetChanged", zone=None)
    busy = driver_busy() | {"deliveries": {DELIVERY_ID}}  # as a stream's images have it
    tell(api, driver(), busy)
    [change] = everywhere.received
    assert (change["driver"]["state"], change["driver"]["deliveryIds"]) == ("BUSY", [DELIVERY_ID])


@pytest.mark.usefixtures("dynamo")
def test_who_leaves_a_zone_is_seen_leaving_it_and_coming_into_the_next(api: Api) -> None:
    left = watch(api, OPERATOR, "onFleetChanged", zone=ZONE)
    entered = watch(api, OPERATOR, "onFleetChanged", zone="872830828ffffff")
    other = watch(api, OPERATOR, "onFleetChanged", zone="872830829ffffff")
    moved = driver(
        zone="872830828ffffff", zone_key="872830828ffffff", position={"lat": 40.5, "lng": -80.1}, position_sequence=7
    )
    tell(api, driver(), moved)
    for seen in (left, entered):
        [change] = seen.received
        assert (change["zone"], change["formerZone"]) == ("872830828ffffff", ZONE)
        assert (change["driver"]["position"], change["driver"]["positionSequence"]) == ({"lat": 40.5, "lng": -80.1}, 7)
    assert other.received == []


@pytest.mark.usefixtures("dynamo")
def test_who_goes_off_duty_leaves_the_zone(api: Api) -> None:
    watching = watch(api, OPERATOR, "onFleetChanged", zone=ZONE)
    off = driver(on_duty=False, zone_key=None, transition="goOffDuty", sequence=driver()["sequence"] + 1)
    tell(api, driver(), off)
    [change] = watching.received
    assert (change["zone"], change["formerZone"], change["driver"]["state"]) == (None, ZONE, "OFF_DUTY")


def test_what_concerns_nobody_is_not_pushed() -> None:
    noted = {"pk": f"DELIVERY#{DELIVERY_ID}", "sk": "DELIVERY", "ready_at": NOW.isoformat()}
    for change in (Change(None, noted), Change(driver(), driver()), Change(driver(), None)):
        assert offer_pushes(change) == fleet_pushes(change, ()) == []


# -- of a batch ---------------------------------------------------------------------------------------------------


class Board:
    """A fleet's pushes of one batch, as an operator's board gets them."""

    def __init__(self, until: datetime | None = NOW + timedelta(minutes=20)) -> None:
        self.told: list[dict[str, Any]] = []
        self.asked = 0
        self.until = until
        self.fleet = Fleet(self._push, self._watched_until, now=lambda: NOW)

    def batch(self, *changes: tuple[Row | None, Row]) -> list[dict[str, Any]]:
        for old, new in changes:
            for push in fleet_pushes(Change(old, new), [samples.event("delivery.offered.v1")]):
                self.fleet.add(push)
        self.fleet.flush()
        return self.told

    def _push(self, pushes: Sequence[Push]) -> None:
        self.told += [dict(each.input) for each in pushes]

    def _watched_until(self) -> datetime | None:
        self.asked += 1
        return self.until


@pytest.mark.parametrize("until", [None, NOW - timedelta(seconds=1), NOW])
def test_nothing_is_told_of_a_fleet_at_which_nobody_looks(until: datetime | None) -> None:
    board = Board(until)
    assert board.batch((searching(), offered()), (driver(), driver_offered())) == []
    assert board.asked == 1
    board.until = NOW + timedelta(seconds=1)
    assert board.batch() == []  # what was not told then is not told now
    assert len(board.batch((searching(), offered()))) == 1


def test_of_a_batch_each_ones_latest_change_is_told_with_what_the_others_were() -> None:
    first, second = "872830828ffffff", "872830829ffffff"
    moved = driver(zone=first, zone_key=first, position_sequence=7)
    again = driver(zone=second, zone_key=second, position_sequence=8)
    told = Board().batch((driver(), moved), (searching(), offered()), (moved, again))
    assert [("driver" in each, each["zone"], each.get("formerZone")) for each in told] == [
        (False, ZONE, None),
        (True, second, ZONE),
    ]
    assert [(each["eventsIn"], each["eventsOut"]) for each in told] == [(0, 1), (2, 2)]


def test_who_comes_back_within_a_batch_has_left_no_zone() -> None:
    there = driver(zone="872830828ffffff", zone_key="872830828ffffff", position_sequence=7)
    [told] = Board().batch((driver(), there), (there, driver(position_sequence=8)))
    assert (told["zone"], told["formerZone"]) == (ZONE, None)


def test_a_subscription_counts_as_watching_for_a_while(api: Api, dynamo: "Table") -> None:
    table = DispatchTable(dynamo)
    assert table.fleet_watched_until() is None
    watch(api, OPERATOR, "onFleetChanged")
    until = table.fleet_watched_until()
    assert until is not None
    assert timedelta(minutes=19) < until - datetime.now(UTC) <= timedelta(minutes=20)


def test_what_an_event_made_is_told_from_what_was_asked_for() -> None:
    event_id = "3f2b8c1e-9d4a-5e0b-8a57-0c6f1d2e3b4a"
    for cause, expected in ((event_id, 1), (f"request:{event_id}", 0), ("sweep", 0), ("timer:offer_expiry", 0)):
        [told] = Board().batch((None, searching(caused_by=cause)))
        assert told["eventsIn"] == expected, cause


def test_no_push_holds_a_pin() -> None:
    change = Change(searching(pin="0042"), offered(pin="0042"))
    pushes = [*offer_pushes(change), *fleet_pushes(change, ())]
    assert len(pushes) == 2
    assert "0042" not in str([each.input for each in pushes])
