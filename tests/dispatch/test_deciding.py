"""What operators decide about who carries a delivery, and what its customer decides when nobody was found in time."""

from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.envelope import rfc3339

from services.dispatch import domain
from tests.api import Answer, Api, caller
from tests.dispatch.rows import (
    DELIVERY_ID,
    DRIVER,
    NOW,
    OTHER_DRIVER,
    Row,
    assigned,
    driver,
    driver_busy,
    picked_up,
    put,
    searching,
)
from tests.orders.rows import order
from tests.tables import contents, stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

OPERATOR, CUSTOMER = caller("operator-1", "operator"), caller("customer-1", "customer")
KEY = (f"DELIVERY#{DELIVERY_ID}", "DELIVERY")
DELAYED = {"delayed_at": rfc3339(NOW)}


def decide(api: Api, mutation: str, driver_id: str | None = DRIVER) -> Answer:
    """The delivery, or why not."""
    answer = api.call(OPERATOR, mutation, deliveryId=DELIVERY_ID, **({"driverId": driver_id} if driver_id else {}))
    return Answer(answer.value["delivery"]) if "deliveryId" in (answer.value or {}) else answer


def row(dynamo: "Table") -> Row:
    return contents(dynamo)[KEY]


def test_an_operator_pins_a_delivery_to_a_driver_and_lifts_it(api: Api, dynamo: "Table") -> None:
    put(dynamo, searching(), driver(), driver(OTHER_DRIVER))
    shown = decide(api, "pinDriver").value
    assert (shown["pinnedTo"], shown["forced"]) == (DRIVER, False)
    assert decide(api, "forceOffer", OTHER_DRIVER).value["forced"]
    assert (row(dynamo)["pinned_to"], row(dynamo)["decided_by"]) == (OTHER_DRIVER, "operator-1")
    shown = decide(api, "unpinDriver", None).value
    assert (shown["pinnedTo"], shown["forced"]) == (None, False)
    assert not {"pinned_to", "forced"} & row(dynamo).keys()


def test_an_operator_forbids_drivers_and_allows_them_again(api: Api, dynamo: "Table") -> None:
    put(dynamo, searching(barred={"driver-3"}), driver())
    assert sorted(decide(api, "forbidDriver").value["forbiddenTo"]) == [DRIVER, "driver-3"]
    assert decide(api, "allowDriver", "driver-3").value["forbiddenTo"] == [DRIVER]
    assert decide(api, "pinDriver").value["forbiddenTo"] == []  # who is to have it may have it
    assert "barred" not in row(dynamo)


def test_nobody_is_both_pinned_and_forbidden(api: Api, dynamo: "Table") -> None:
    put(dynamo, searching(pinned_to=DRIVER))
    before = contents(dynamo)
    answer = decide(api, "forbidDriver")
    assert (answer.error, "unpin" in answer.message) == ("Conflict", True)
    assert contents(dynamo) == before
    assert decide(api, "forbidDriver", OTHER_DRIVER).error is None


@pytest.mark.parametrize("mutation", ["pinDriver", "forceOffer"])
def test_nothing_is_pinned_to_nobody(api: Api, dynamo: "Table", mutation: str) -> None:
    put(dynamo, searching(barred={DRIVER}), driver())
    before = contents(dynamo)
    assert decide(api, mutation, "driver-O") == Answer(None, "NotFound", "Driver not found")
    assert contents(dynamo) == before
    assert decide(api, mutation).value["pinnedTo"] == DRIVER
    pinned = row(dynamo)
    assert domain.opened_work(before[KEY], pinned) == pinned["zone"]  # a round plans with it at once


DECISIONS = ("pinDriver", "forceOffer", "forbidDriver", "allowDriver")


@pytest.mark.parametrize("mutation", DECISIONS)
def test_a_decision_is_no_step_of_the_delivery_and_makes_no_event(api: Api, dynamo: "Table", mutation: str) -> None:
    put(dynamo, assigned(), driver())
    before = row(dynamo)
    assert decide(api, mutation).error is None
    assert row(dynamo)["sequence"] == before["sequence"]
    assert domain.events_for(before, row(dynamo)) == []


@pytest.mark.parametrize("mutation", DECISIONS)
def test_what_is_picked_up_or_not_there_is_not_decided_about(api: Api, dynamo: "Table", mutation: str) -> None:
    assert decide(api, mutation) == Answer(None, "NotFound", "Delivery not found")
    put(dynamo, picked_up())
    before = contents(dynamo)
    answer = decide(api, mutation)
    assert (answer.error, "PICKED_UP" in answer.message) == ("Conflict", True)
    assert contents(dynamo) == before


def test_drivers_are_not_told_what_operators_decided(api: Api, dynamo: "Table") -> None:
    put(dynamo, assigned(pinned_to=DRIVER, barred={OTHER_DRIVER}))
    shown = api.call(caller(DRIVER, "driver"), "delivery", id=DELIVERY_ID).value
    assert (shown["pinnedTo"], shown["forced"], shown["forbiddenTo"]) == (None, False, [])


def test_taking_a_delivery_from_its_driver_lifts_the_pin_too(api: Api, dynamo: "Table") -> None:
    put(dynamo, assigned(pinned_to=DRIVER, forced=True), driver_busy())
    assert api.call(OPERATOR, "reassign", deliveryId=DELIVERY_ID, fromDriverId=DRIVER).error is None
    assert not {"pinned_to", "forced"} & row(dynamo).keys()


# -- the customer ------------------------------------------------------------------------------------------------------


def keep_waiting(api: Api, who: Any = CUSTOMER) -> Answer:
    return api.call(who, "keepWaiting", orderId=DELIVERY_ID)


def test_a_customer_who_was_asked_keeps_waiting_and_the_search_begins_anew(api: Api, dynamo: "Table") -> None:
    put(dynamo, searching(**DELAYED))
    before = row(dynamo)
    first = keep_waiting(api)
    after = row(dynamo)
    assert first == Answer({"orderId": DELIVERY_ID})
    assert [event.detail_type for event in domain.events_for(before, after)] == ["delivery.search_extended.v1"]
    assert after["searching_since"] > before["searching_since"]
    assert "delayed_at" not in after
    assert keep_waiting(api) == first
    assert row(dynamo) == after


@pytest.mark.parametrize("given", [searching(), assigned(), searching(state="UNASSIGNED", **DELAYED)])
def test_who_was_not_asked_has_nothing_to_decide(api: Api, dynamo: "Table", given: Row) -> None:
    put(dynamo, given)
    before = contents(dynamo)
    assert keep_waiting(api).error == "Conflict"
    assert contents(dynamo) == before


def test_anothers_order_cannot_be_told_from_none(api: Api, dynamo: "Table") -> None:
    stranger = caller("customer-2", "customer")
    none = keep_waiting(api, stranger)
    put(dynamo, searching(**DELAYED))
    before = contents(dynamo)
    assert keep_waiting(api, stranger) == none == Answer(None, "NotFound", "Order not found")
    assert contents(dynamo) == before


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (searching(**DELAYED), rfc3339(NOW)),
        (searching(), None),
        (assigned(**DELAYED), None),
        (None, None),
    ],
    ids=["asked", "not asked", "found meanwhile", "no delivery yet"],
)
def test_an_order_says_whether_its_customer_is_asked(
    api: Api, dynamo: "Table", orders: "Table", given: Row | None, shown: str | None
) -> None:
    orders.put_item(Item=stored(order()))
    if given:
        put(dynamo, given)
    body = api.execute(CUSTOMER, "query ($id: ID!) { order(id: $id) { delayedAt } }", id=DELIVERY_ID)
    assert body == {"data": {"order": {"delayedAt": shown}}}
