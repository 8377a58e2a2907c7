"""Subscription.onDeliveryOffered and onFleetChanged, from who may subscribe to who is told what."""

from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.outbox import Change

from local.appsync.callers import Caller
from services.dispatch.pushes import pushes_for
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

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ME, OTHER = caller("driver-1", "driver"), caller("driver-2", "driver")
CUSTOMER, OPERATOR = caller("customer-1", "customer"), caller("operator-1", "operator")


def watch(api: Api, who: Caller, field: str, **arguments: Any) -> Watching:
    watching = api.subscribe(who, field, **arguments)
    assert isinstance(watching, Watching), watching
    return watching


def tell(api: Api, old: Row | None, new: Row) -> None:
    for push in pushes_for(Change(old, new)):
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


def test_operators_see_what_drivers_and_deliveries_do(api: Api) -> None:
    everywhere = watch(api, OPERATOR, "onFleetChanged")
    tell(api, driver(), driver_offered())
    tell(api, searching(), offered())
    seen_driver, seen_delivery = everywhere.received
    assert (seen_driver["zone"], seen_driver["driver"]["state"], seen_driver["delivery"]) == (ZONE, "OFFERED", None)
    delivery = seen_delivery["delivery"]
    assert (seen_delivery["zone"], delivery["state"], delivery["offeredTo"]) == (ZONE, "OFFERED", DRIVER)
    assert (delivery["pickup"], delivery["dropoff"], delivery["sequence"]) == (PICKUP, DROPOFF, 2)


def test_a_busy_driver_is_shown_with_what_is_carried(api: Api) -> None:
    everywhere = watch(api, OPERATOR, "onFleetChanged", zone=None)
    busy = driver_busy() | {"deliveries": {DELIVERY_ID}}  # as a stream's images have it
    tell(api, driver(), busy)
    [change] = everywhere.received
    assert (change["driver"]["state"], change["driver"]["deliveryIds"]) == ("BUSY", [DELIVERY_ID])


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


def test_who_goes_off_duty_leaves_the_zone(api: Api) -> None:
    watching = watch(api, OPERATOR, "onFleetChanged", zone=ZONE)
    off = driver(on_duty=False, zone_key=None, transition="goOffDuty", sequence=driver()["sequence"] + 1)
    tell(api, driver(), off)
    [change] = watching.received
    assert (change["zone"], change["formerZone"], change["driver"]["state"]) == (None, ZONE, "OFF_DUTY")


def test_what_concerns_nobody_is_not_pushed() -> None:
    noted = {"pk": f"DELIVERY#{DELIVERY_ID}", "sk": "DELIVERY", "ready_at": NOW.isoformat()}
    assert pushes_for(Change(None, noted)) == []
    assert pushes_for(Change(driver(), driver())) == []
    assert pushes_for(Change(driver(), None)) == []


def test_no_push_holds_a_pin() -> None:
    pushes = pushes_for(Change(searching(pin="0042"), offered(pin="0042")))
    assert len(pushes) == 2
    assert "0042" not in str([each.input for each in pushes])
