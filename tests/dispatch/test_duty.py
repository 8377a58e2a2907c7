"""A driver registers, and goes on and off duty."""

from typing import TYPE_CHECKING, Any

import pytest

from services.dispatch import domain
from tests.api import Answer, Api, caller
from tests.dispatch.rows import (
    DELIVERY_ID,
    OFFER,
    PICKUP,
    TRIP,
    driver,
    driver_busy,
    driver_offered,
    off_duty,
    offered,
    put,
    together,
)
from tests.tables import contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ME = caller("driver-1", "driver")
KEY = ("DRIVER#driver-1", "DRIVER")


def on_duty(api: Api, position: dict[str, float] = PICKUP) -> Answer:
    return api.call(ME, "goOnDuty", position=position)


def on_duty_until(api: Api, until: str) -> Answer:
    return api.call(ME, "goOnDuty", position=PICKUP, until=until)


def off(api: Api) -> Answer:
    return api.call(ME, "goOffDuty")


def test_a_new_driver_is_registered_off_duty_and_on_the_roster(api: Api, dynamo: "Table") -> None:
    answer = api.call(ME, "registerDriver", vehicle="BICYCLE")
    assert answer.value == {
        "id": "driver-1",
        "state": "OFF_DUTY",
        "onDuty": False,
        "vehicle": "BICYCLE",
        "zone": None,
        "position": None,
        "deliveryIds": [],
        "offeredDeliveryIds": [],
        "acceptanceRate": 1,
        "shiftEndsAt": None,
        "sequence": 1,
        "positionSequence": None,
    }
    assert domain.transition(None, contents(dynamo)[KEY]).trigger == "registerDriver"
    [listed] = api.call(caller("operator-1", "operator"), "drivers").value["edges"]
    assert listed["node"] == answer.value


def test_registering_again_changes_the_vehicle_and_nothing_else(api: Api, dynamo: "Table") -> None:
    put(dynamo, driver_busy())
    answer = api.call(ME, "registerDriver", vehicle="CAR").value
    assert (answer["vehicle"], answer["state"], answer["deliveryIds"]) == ("CAR", "BUSY", [DELIVERY_ID])


def test_a_driver_on_duty_is_where_the_call_says_in_a_zone_yet_to_be_found(api: Api, dynamo: "Table") -> None:
    put(dynamo, off_duty())
    before = contents(dynamo)[KEY]
    assert on_duty(api, {"lat": 40.5, "lng": -79.9}).value["state"] == "AVAILABLE"
    row = contents(dynamo)[KEY]
    assert row["position"] == {"lat": 40.5, "lng": -79.9}
    assert not {"zone", "zone_key"} & row.keys()
    assert len(domain.events_for(before, row)) == 1


def test_what_is_carried_is_counted_by_shift(api: Api, dynamo: "Table") -> None:
    """Of the trips that were accepted, as fairness is about what drivers get to do."""
    put(dynamo, off_duty())
    on_duty(api)
    for number, ids in enumerate((["a"], ["b", "c"])):
        offer = OFFER | {"offer_id": f"offer-{number}", "expires_at": "2999-01-01T00:00:00.000Z"}
        held = contents(dynamo)[KEY] | {"offer_id": offer["offer_id"], "offered": set(ids)}
        ends = {"offer_ends_at": TRIP["ends_at"], "offer_ends_in": PICKUP}
        put(dynamo, *together(offered, *ids, offer=offer), held | ends)
        assert api.call(ME, "acceptOffer", offerId=offer["offer_id"], deliveryIds=ids).error is None
    assert contents(dynamo)[KEY]["carried"] == 3
    off(api)
    assert "carried" not in contents(dynamo)[KEY]


def test_going_on_duty_again_changes_nothing(api: Api, dynamo: "Table") -> None:
    put(dynamo, driver())
    before = contents(dynamo)
    assert on_duty(api, {"lat": 1, "lng": 1}).value["onDuty"]
    assert contents(dynamo) == before


@pytest.mark.parametrize(
    ("row", "state"),
    [(driver(), "OFF_DUTY"), (driver_offered(), "OFFERED"), (driver_busy(), "BUSY")],
    ids=["free", "offered", "busy"],
)
def test_going_off_duty_leaves_the_zone_but_not_what_is_offered_or_carried(
    api: Api, dynamo: "Table", row: dict[str, Any], state: str
) -> None:
    put(dynamo, row)
    before = contents(dynamo)[KEY]
    answer = off(api).value
    after = contents(dynamo)[KEY]
    assert (answer["onDuty"], answer["state"]) == (False, state)
    assert "zone_key" not in after
    assert len(domain.events_for(before, after)) == 1
    assert off(api).value == answer
    assert contents(dynamo)[KEY] == after


def test_who_is_not_registered_is_not_found_and_nothing_is_written(api: Api, dynamo: "Table") -> None:
    for answer in (on_duty(api), off(api)):
        assert answer == Answer(None, "NotFound", "Driver not found")
    assert contents(dynamo) == {}


@pytest.mark.parametrize("position", [{"lat": 91, "lng": 0}, {"lat": 0, "lng": 181}], ids=str)
def test_a_position_off_the_earth_is_refused(api: Api, dynamo: "Table", position: dict[str, float]) -> None:
    put(dynamo, off_duty())
    before = contents(dynamo)
    assert on_duty(api, position).error == "Invalid"
    assert contents(dynamo) == before


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        ("2099-01-05T18:30:00Z", "2099-01-05T18:30:00.000Z"),
        ("2099-01-05T18:30:00+05:30", "2099-01-05T13:00:00.000Z"),
    ],
)
def test_a_shift_ends_when_the_driver_says(api: Api, dynamo: "Table", until: str, ends: str) -> None:
    put(dynamo, off_duty())
    assert on_duty_until(api, until).value["shiftEndsAt"] == ends


@pytest.mark.parametrize(
    ("until", "right"),
    [
        ("2099-01-05T18:30:00+05:30:15", "allowed is a time such as"),
        ("2020-01-05T18:30:00Z", "right is a moment to come"),
    ],
    ids=["an offset that no clock has", "over already"],
)
def test_an_end_of_a_shift_that_cannot_be_is_refused_and_says_what_is_right(
    api: Api, dynamo: "Table", until: str, right: str
) -> None:
    put(dynamo, off_duty())
    before = contents(dynamo)
    answer = on_duty_until(api, until)
    assert (answer.error, f"until is {until}" in answer.message, right in answer.message) == ("Invalid", True, True)
    assert contents(dynamo) == before
