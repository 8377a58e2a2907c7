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
    PAY,
    PHOTO_KEY,
    Row,
    assigned,
    driver,
    driver_busy,
    driver_offered,
    offered,
    picked_up,
    put,
    together,
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
        named = {} if "deliveryIds" in self.arguments else {"deliveryId": DELIVERY_ID}
        return api.call(who or self.who, self.mutation, **(named | self.arguments | changes))

    @property
    def sources(self) -> set[Any]:
        found = (each for each in domain.TRANSITIONS if each.aggregate == "delivery" and each.trigger == self.trigger)
        return {source for each in found for source in each.sources}


ANSWER = {"offerId": "offer-1", "deliveryIds": [DELIVERY_ID]}
ACCEPT = Call("acceptOffer", "acceptOffer", ANSWER)
DECLINE = Call("declineOffer", "declineOffer", ANSWER)
AT_PICKUP = Call("arrive", "arrive at pickup", {"stop": "PICKUP"})
PICK_UP = Call("pickUp", "pickUp")
AT_DROPOFF = Call("arrive", "arrive at dropoff", {"stop": "DROPOFF"})
DELIVER = Call("deliver", "deliver", {"proof": {"kind": "LEFT_AT_DOOR", "photoKey": PHOTO_KEY}})
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


@pytest.mark.parametrize("call", [call for call in ALL if call is not ACCEPT], ids=str)
def test_in_any_other_state_it_is_a_conflict_and_nothing_is_written(api: Api, dynamo: "Table", call: Call) -> None:
    targets = {target for each in domain.TRANSITIONS if each.trigger == call.trigger for target in each.targets}
    for state in set(DeliveryState) - call.sources - targets:  # in the target state it is the same call again
        put(dynamo, *before(call, state))
        old = contents(dynamo)
        answer = call.make(api)
        assert (state, answer.error) == (state, "Conflict")
        assert state.value in answer.message
        assert contents(dynamo) == old


@pytest.mark.parametrize("state", sorted(set(DeliveryState) - ACCEPT.sources))
def test_a_delivery_carried_in_another_trip_cannot_be_accepted(api: Api, dynamo: "Table", state: DeliveryState) -> None:
    carried, busy = before(ACCEPT, state)
    put(dynamo, carried | {"trip": carried["trip"] | {"trip_id": "offer-0"}}, busy)
    old = contents(dynamo)
    answer = ACCEPT.make(api)
    assert answer.error == "Conflict"
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


@pytest.mark.parametrize(
    ("decided", "accepted"),
    [
        ({"barred": {"driver-1", "driver-3"}}, False),
        ({"pinned_to": "driver-2"}, False),
        ({"pinned_to": "driver-2", "forced": True}, False),
        ({"barred": {"driver-2"}, "pinned_to": "driver-1"}, True),
    ],
    ids=["forbidden", "pinned to another", "forced on another", "pinned to this one"],
)
def test_an_offer_that_an_operator_decided_against_since_cannot_be_accepted(
    api: Api, dynamo: "Table", decided: Row, accepted: bool
) -> None:
    put(dynamo, offered(offer=STANDING, **decided), driver_offered())
    rows = contents(dynamo)
    answer = ACCEPT.make(api)
    assert answer.error == (None if accepted else "Conflict")
    assert accepted or "an operator decided otherwise" in answer.message
    assert (contents(dynamo) == rows) is not accepted


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


def test_a_driver_who_accepts_the_next_trip_carries_both(api: Api, dynamo: "Table") -> None:
    put(dynamo, offered(offer=STANDING), driver_offered(deliveries={"another"}, trip_id="offer-0"))
    old = contents(dynamo)[DRIVER_KEY]
    assert ACCEPT.make(api).error is None
    row = contents(dynamo)[DRIVER_KEY]
    assert (row["deliveries"], row["trip_deliveries"]) == ({"another", DELIVERY_ID}, {DELIVERY_ID})
    assert domain.transition(old, row).trigger == "acceptOffer"
    assert (row["trip_id"], row["ends_at"], row["ends_in"]) == ("offer-1", old["offer_ends_at"], old["offer_ends_in"])


def test_an_acceptance_asked_for_again_holds_though_the_driver_has_arrived_meanwhile(api: Api, dynamo: "Table") -> None:
    put(dynamo, offered(offer=STANDING), driver_offered())
    assert ACCEPT.make(api).error is None
    assert AT_PICKUP.make(api).error is None
    old = contents(dynamo)
    assert ACCEPT.make(api).error is None
    assert contents(dynamo) == old


# -- trips of several deliveries ---------------------------------------------------------------------------------------

SECOND = "5a1e7d20-6c3b-4f88-9d11-2b7c0e4f6a90"
BOTH = [DELIVERY_ID, SECOND]
SECOND_KEY = (f"DELIVERY#{SECOND}", "DELIVERY")


def offered_together(dynamo: "Table") -> dict[tuple[str, str], Row]:
    put(dynamo, *together(offered, *BOTH, offer=STANDING), driver_offered(offered=set(BOTH)))
    return contents(dynamo)


@pytest.mark.parametrize(
    ("call", "delivery_state", "driver_state"), [(ACCEPT, "ASSIGNED", "BUSY"), (DECLINE, "SEARCHING", "AVAILABLE")]
)
def test_a_trip_is_answered_as_a_whole(
    api: Api, dynamo: "Table", call: Call, delivery_state: str, driver_state: str
) -> None:
    old = offered_together(dynamo)
    answer = call.make(api, deliveryIds=[SECOND, DELIVERY_ID])
    new = contents(dynamo)
    assert answer.error is None, answer
    assert [state_of(new[key]) for key in (DELIVERY_KEY, SECOND_KEY, DRIVER_KEY)] == [
        delivery_state,
        delivery_state,
        driver_state,
    ]
    assert sum(len(domain.events_for(old[key], new[key])) for key in new) == 2
    assert call.make(api, deliveryIds=[SECOND, DELIVERY_ID]) == answer
    assert contents(dynamo) == new
    if call is ACCEPT:
        assert [each["id"] for each in answer.value["deliveries"]] == [SECOND, DELIVERY_ID]
        assert answer.value["deliveries"][0]["trip"]["deliveryIds"] == BOTH


@pytest.mark.parametrize("call", OFFERS, ids=str)
@pytest.mark.parametrize("saw", [[DELIVERY_ID], [SECOND]])
def test_an_answer_to_another_trip_than_the_one_offered_is_a_conflict_that_says_so(
    api: Api, dynamo: "Table", call: Call, saw: list[str]
) -> None:
    old = offered_together(dynamo)
    answer = call.make(api, deliveryIds=saw)
    assert answer.error == "Conflict"
    assert DELIVERY_ID in answer.message
    assert SECOND in answer.message
    assert contents(dynamo) == old


@pytest.mark.parametrize("call", OFFERS, ids=str)
@pytest.mark.parametrize("saw", [[], [DELIVERY_ID, DELIVERY_ID], [str(n) for n in range(21)]], ids=len)
def test_an_answer_names_each_delivery_once(api: Api, dynamo: "Table", call: Call, saw: list[str]) -> None:
    old = offered_together(dynamo)
    assert call.make(api, deliveryIds=saw).error == "Invalid"
    assert contents(dynamo) == old


def test_a_trip_of_which_one_delivery_is_another_drivers_is_not_accepted(api: Api, dynamo: "Table") -> None:
    offered_together(dynamo)
    put(dynamo, offered(SECOND, offer=STANDING | {"driver_id": "driver-2"}, holder_id="driver-2"))
    old = contents(dynamo)
    assert ACCEPT.make(api, deliveryIds=BOTH).error == "NotFound"
    assert contents(dynamo) == old


def test_what_is_carried_together_is_picked_up_and_handed_over_one_by_one(api: Api, dynamo: "Table") -> None:
    put(dynamo, *together(assigned, *BOTH), driver_busy(deliveries=set(BOTH)))
    for each, left in ((SECOND, {DELIVERY_ID}), (DELIVERY_ID, None)):
        assert api.call(ME, "pickUp", deliveryId=each).error is None
        assert api.call(ME, "deliver", deliveryId=each, proof={"kind": "HANDED_OVER"}).error is None
        assert contents(dynamo)[DRIVER_KEY].get("deliveries") == left
    done = api.call(ME, "myDoneDeliveries").value["edges"]
    assert [edge["node"]["id"] for edge in done] == [DELIVERY_ID, SECOND]
    assert all(edge["node"]["pay"] == PAY and edge["node"]["dropoff"] is None for edge in done)
    assert api.call(ME, "myDeliveries").value["edges"] == []


def test_dropping_one_delivery_leaves_the_rest_of_the_trip(api: Api, dynamo: "Table") -> None:
    put(dynamo, *together(assigned, *BOTH), driver_busy(deliveries=set(BOTH)))
    old = contents(dynamo)
    assert DROP_OUT.make(api).error is None
    new = contents(dynamo)
    assert new[DRIVER_KEY]["deliveries"] == {SECOND}
    assert new[SECOND_KEY] == old[SECOND_KEY]
    assert not {"trip", "pay"} & new[DELIVERY_KEY].keys()


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
    assert answer.value["delivery"]["proof"] == {"kind": "LEFT_AT_DOOR", "photoKey": PHOTO_KEY}
    assert "roster" not in contents(dynamo)[DELIVERY_KEY]


@pytest.mark.parametrize("call", [DELIVER, RETURNED], ids=str)
def test_a_driver_who_is_done_with_a_delivery_is_no_longer_told_where_it_went(
    api: Api, dynamo: "Table", call: Call
) -> None:
    put(dynamo, *before(call))
    for _ in ("first", "again"):
        assert call.make(api).value["delivery"]["dropoff"] is None


@pytest.mark.parametrize(
    "key",
    [
        " ",
        "photos/1.jpg",
        PHOTO_KEY.replace("proofs/", "other/"),
        PHOTO_KEY.replace(DELIVERY_ID, "another-delivery"),
        PHOTO_KEY.replace("us-east-1:", ""),
        PHOTO_KEY.removesuffix(".jpg"),
        f"{PHOTO_KEY}/more",
        f"{PHOTO_KEY}{'p' * 1024}",
        f"x/{PHOTO_KEY}",
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["PHOTO", "HANDED_OVER"])
def test_a_photo_of_something_else_is_refused_before_anything_is_written(
    api: Api, dynamo: "Table", kind: str, key: str
) -> None:
    put(dynamo, *before(DELIVER))
    old = contents(dynamo)
    answer = DELIVER.make(api, proof={"kind": kind, "photoKey": key})
    assert answer.error == "Invalid"
    assert f"proofs/<the driver's identity>/{DELIVERY_ID}.jpg" in answer.message
    assert contents(dynamo) == old


def test_what_was_brought_back_says_when(api: Api, dynamo: "Table") -> None:
    put(dynamo, *before(RETURNED))
    shown = RETURNED.make(api).value["delivery"]
    row = contents(dynamo)[DELIVERY_KEY]
    assert (shown["returnedAt"], shown["deliveredAt"]) == (row["occurred_at"], None)
    [done] = api.call(ME, "myDoneDeliveries").value["edges"]
    assert done["node"]["returnedAt"] == shown["returnedAt"]
