"""Every mutation of a delivery, held against domain.TRANSITIONS on the delivery's and the driver's row."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.dispatch import DeliveryState
from delivery_events.envelope import rfc3339

from local.appsync.callers import Caller
from services.dispatch import domain
from tests.api import Answer, Api, caller
from tests.dispatch.rows import (
    DELIVERY_ID,
    NOW,
    OFFER,
    Row,
    assigned,
    driver,
    driver_busy,
    driver_offered,
    offered,
    picked_up,
    put,
)
from tests.tables import contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ME, OTHER = caller("driver-1", "driver"), caller("driver-2", "driver")
OPERATOR = caller("operator-1", "operator")
DELIVERY_KEY, DRIVER_KEY = (f"DELIVERY#{DELIVERY_ID}", "DELIVERY"), ("DRIVER#driver-1", "DRIVER")
STANDING = OFFER | {"expires_at": rfc3339(datetime.now(UTC) + timedelta(hours=2))}


@dataclass(frozen=True)
class Call:
    """A mutation of the test's delivery, and the trigger it is in domain.TRANSITIONS."""

    mutation: str
    trigger: str
    arguments: dict[str, Any] = field(default_factory=dict)
    who: Caller = ME

    def __str__(self) -> str:
        return f"{self.mutation} {self.arguments.get('stop', '')}".strip()

    def make(self, api: Api, who: Caller | None = None, **changes: Any) -> Answer:
        return api.call(who or self.who, self.mutation, deliveryId=DELIVERY_ID, **(self.arguments | changes))

    @property
    def sources(self) -> set[Any]:
        found = (each for each in domain.TRANSITIONS if each.aggregate == "delivery" and each.trigger == self.trigger)
        return {source for each in found for source in each.sources}


ACCEPT = Call("acceptOffer", "acceptOffer", {"offerId": "offer-1"})
DECLINE = Call("declineOffer", "declineOffer", {"offerId": "offer-1"})
AT_PICKUP = Call("arrive", "arrive at pickup", {"stop": "PICKUP"})
PICK_UP = Call("pickUp", "pickUp")
AT_DROPOFF = Call("arrive", "arrive at dropoff", {"stop": "DROPOFF"})
DELIVER = Call("deliver", "deliver", {"proof": {"kind": "LEFT_AT_DOOR", "photoKey": "photos/1.jpg"}})
START_RETURN = Call("startReturn", "startReturn", {"reason": "DAMAGED"})
RETURNED = Call("returned", "returned")
DROP_OUT = Call("dropOut", "dropOut")
REASSIGN = Call("reassign", "reassign", {"fromDriverId": "driver-1"}, OPERATOR)
OFFERS = (ACCEPT, DECLINE)
ALONE = (AT_PICKUP, PICK_UP, AT_DROPOFF, START_RETURN)  # on the delivery's row alone
TOGETHER = (DELIVER, RETURNED, DROP_OUT, REASSIGN)  # on both rows
ALL = (*OFFERS, *ALONE, *TOGETHER)
AFTER_PICKUP = {DeliveryState.PICKED_UP, DeliveryState.ARRIVED_AT_DROPOFF, DeliveryState.RETURNING}


def before(call: Call, state: DeliveryState | None = None) -> tuple[Row, Row]:
    """A delivery and a driver on whom the call may be made; or as they would be, were the delivery in `state`."""
    if state is None and call in OFFERS:
        return offered(offer=STANDING), driver_offered()
    chosen = state or min(call.sources)
    reason = "DAMAGED" if chosen is DeliveryState.RETURNING else None
    make = picked_up if chosen in AFTER_PICKUP else assigned
    return make(state=chosen.value, transition="before", reason=reason), driver_busy()


def state_of(row: Row) -> str:
    return str(domain.state_of(row))


@pytest.mark.parametrize(
    ("call", "delivery_state", "driver_state"),
    [
        (ACCEPT, "ASSIGNED", "BUSY"),
        (DECLINE, "SEARCHING", "AVAILABLE"),
        (AT_PICKUP, "ARRIVED_AT_PICKUP", "BUSY"),
        (PICK_UP, "PICKED_UP", "BUSY"),
        (AT_DROPOFF, "ARRIVED_AT_DROPOFF", "BUSY"),
        (DELIVER, "DELIVERED", "AVAILABLE"),
        (START_RETURN, "RETURNING", "BUSY"),
        (RETURNED, "RETURNED", "AVAILABLE"),
        (DROP_OUT, "SEARCHING", "AVAILABLE"),
        (REASSIGN, "SEARCHING", "AVAILABLE"),
    ],
    ids=str,
)
def test_a_call_is_one_transition_of_each_row_it_concerns(
    api: Api, dynamo: "Table", call: Call, delivery_state: str, driver_state: str
) -> None:
    put(dynamo, *before(call))
    old = contents(dynamo)
    answer = call.make(api)
    new = contents(dynamo)
    assert answer.error is None, answer
    assert (state_of(new[DELIVERY_KEY]), state_of(new[DRIVER_KEY])) == (delivery_state, driver_state)
    concerned = [DELIVERY_KEY] if call in ALONE else [DELIVERY_KEY, DRIVER_KEY]
    for key in concerned:
        assert domain.transition(old[key], new[key]).trigger == call.trigger
        assert new[key]["sequence"] == old[key]["sequence"] + 1
        assert new[key]["caused_by"].startswith("request:")
    assert len(domain.events_for(old[DELIVERY_KEY], new[DELIVERY_KEY])) == 1
    assert {key for key in new if new[key] != old[key]} == set(concerned)


@pytest.mark.parametrize("call", ALL, ids=str)
def test_asking_again_changes_nothing_and_gets_the_same_answer(api: Api, dynamo: "Table", call: Call) -> None:
    put(dynamo, *before(call))
    first = call.make(api)
    after = contents(dynamo)
    assert first.error is None
    assert call.make(api) == first
    assert contents(dynamo) == after


@pytest.mark.parametrize("call", ALL, ids=str)
def test_in_any_other_state_it_is_a_conflict_and_nothing_is_written(api: Api, dynamo: "Table", call: Call) -> None:
    targets = {target for each in domain.TRANSITIONS if each.trigger == call.trigger for target in each.targets}
    for state in set(DeliveryState) - call.sources - targets:  # in the target state it is the same call again
        put(dynamo, *before(call, state))
        old = contents(dynamo)
        answer = call.make(api)
        assert (state, answer.error) == (state, "Conflict")
        assert state.value in answer.message
        assert contents(dynamo) == old


@pytest.mark.parametrize("call", [call for call in ALL if call is not REASSIGN], ids=str)
def test_anothers_delivery_cannot_be_told_from_none(api: Api, dynamo: "Table", call: Call) -> None:
    put(dynamo, driver("driver-2"))
    none = call.make(api, OTHER)
    put(dynamo, *before(call))
    old = contents(dynamo)
    assert call.make(api, OTHER) == none == Answer(None, "NotFound", "Delivery not found")
    assert contents(dynamo) == old


@pytest.mark.parametrize("call", ALL, ids=str)
@pytest.mark.parametrize("noted", [{"ready_at": rfc3339(NOW)}, {"cancelled_by": "event-1"}], ids=["ready", "cancelled"])
def test_what_is_noted_of_a_delivery_before_it_is_opened_is_no_delivery(
    api: Api, dynamo: "Table", call: Call, noted: Row
) -> None:
    put(dynamo, {"pk": DELIVERY_KEY[0], "sk": DELIVERY_KEY[1], **noted}, driver())
    old = contents(dynamo)
    assert call.make(api) == Answer(None, "NotFound", "Delivery not found")
    assert contents(dynamo) == old


@pytest.mark.parametrize("call", OFFERS, ids=str)
def test_only_the_offer_that_stands_can_be_answered(api: Api, dynamo: "Table", call: Call) -> None:
    put(dynamo, *before(call))
    old = contents(dynamo)
    assert call.make(api, offerId="offer-0").error == "Conflict"
    assert contents(dynamo) == old


def test_a_lapsed_offer_cannot_be_accepted_though_its_timer_has_not_run(api: Api, dynamo: "Table") -> None:
    lapsed = OFFER | {"expires_at": rfc3339(datetime.now(UTC) - timedelta(seconds=1))}
    put(dynamo, offered(offer=lapsed), driver_offered())
    old = contents(dynamo)
    assert ACCEPT.make(api).error == "Conflict"
    assert contents(dynamo) == old


@pytest.mark.parametrize("call", [*OFFERS, *TOGETHER], ids=str)
def test_when_the_drivers_row_disagrees_neither_row_changes(api: Api, dynamo: "Table", call: Call) -> None:
    put(dynamo, before(call)[0], driver())
    old = contents(dynamo)
    answer = call.make(api)
    assert (answer.error, "driver" in answer.message) == ("Conflict", True)
    assert contents(dynamo) == old


def test_a_driver_who_accepts_a_second_delivery_carries_both(api: Api, dynamo: "Table") -> None:
    put(dynamo, offered(offer=STANDING), driver_offered(deliveries={"another"}))
    assert ACCEPT.make(api).error is None
    assert contents(dynamo)[DRIVER_KEY]["deliveries"] == {"another", DELIVERY_ID}


def test_a_driver_who_gives_a_delivery_back_is_not_offered_it_again(api: Api, dynamo: "Table") -> None:
    for call in (DECLINE, DROP_OUT, REASSIGN):
        put(dynamo, *before(call))
        assert call.make(api).error is None
        row = contents(dynamo)[DELIVERY_KEY]
        assert row["refused_by"] == {"driver-1"}
        assert row.get("barred") == ({"driver-1"} if call is REASSIGN else None)
        assert row["zone_key"] == row["zone"]  # and it is looked for in the zone again
        assert "holder_id" not in row


def test_an_operator_takes_a_delivery_only_from_the_driver_who_has_it(api: Api, dynamo: "Table") -> None:
    put(dynamo, *before(REASSIGN), driver("driver-2"))
    old = contents(dynamo)
    assert REASSIGN.make(api, fromDriverId="driver-2").error == "Conflict"
    assert contents(dynamo) == old


def test_a_proof_keeps_the_name_of_its_photo(api: Api, dynamo: "Table") -> None:
    put(dynamo, *before(DELIVER))
    answer = DELIVER.make(api)
    assert answer.value["delivery"]["proof"] == {"kind": "LEFT_AT_DOOR", "photoKey": "photos/1.jpg"}
    assert "roster" not in contents(dynamo)[DELIVERY_KEY]


@pytest.mark.parametrize("call", [DELIVER, RETURNED], ids=str)
def test_a_driver_who_is_done_with_a_delivery_is_no_longer_told_where_it_went(
    api: Api, dynamo: "Table", call: Call
) -> None:
    put(dynamo, *before(call))
    for _ in ("first", "again"):
        assert call.make(api).value["delivery"]["dropoff"] is None


@pytest.mark.parametrize("photo", [" ", "p" * 1025])
def test_a_bad_proof_is_refused_before_anything_is_written(api: Api, dynamo: "Table", photo: str) -> None:
    put(dynamo, *before(DELIVER))
    old = contents(dynamo)
    assert DELIVER.make(api, proof={"kind": "HANDED_OVER", "photoKey": photo}).error == "Invalid"
    assert contents(dynamo) == old
