"""Who sees which delivery, and how much of it."""

from typing import TYPE_CHECKING, Any

import pytest

from local.appsync.callers import Caller
from services.dispatch import domain
from tests.api import Answer, Api, caller
from tests.dispatch.rows import DELIVERY_ID, DROPOFF, OFFER, Row, assigned, driver, offered, put, searching
from tests.orders.rows import order
from tests.tables import stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

TERMINAL = sorted(domain.TERMINAL)
ME, OTHER = caller("driver-1", "driver"), caller("driver-2", "driver")
OPERATOR = caller("operator-1", "operator")
NOT_FOUND = Answer(None, "NotFound", "Delivery not found")


def ids(answer: Answer) -> list[str]:
    return [edge["node"]["id"] for edge in answer.value["edges"]]


@pytest.mark.parametrize(
    ("row", "who", "dropoff"),
    [
        (assigned(), ME, DROPOFF),
        (offered(), ME, None),
        (offered(), OPERATOR, DROPOFF),
        (searching(), OPERATOR, DROPOFF),
        *((assigned(state=ended), ME, None) for ended in TERMINAL),
        *((assigned(state=ended), OPERATOR, DROPOFF) for ended in TERMINAL),
    ],
    ids=[
        "its driver",
        "who is offered it",
        "an operator",
        "an operator, before any offer",
        *(f"its driver, {ended}" for ended in TERMINAL),
        *(f"an operator, {ended}" for ended in TERMINAL),
    ],
)
def test_a_delivery_is_shown_to_those_it_concerns(
    api: Api, dynamo: "Table", row: Row, who: Caller, dropoff: dict[str, float] | None
) -> None:
    put(dynamo, row)
    shown = api.call(who, "delivery", id=DELIVERY_ID).value
    assert (shown["state"], shown["dropoff"]) == (row["state"], dropoff)


def test_to_others_a_delivery_cannot_be_told_from_none(api: Api, dynamo: "Table") -> None:
    assert api.call(OTHER, "delivery", id=DELIVERY_ID) == NOT_FOUND
    for row in (searching(), offered(), assigned()):
        put(dynamo, row)
        assert api.call(OTHER, "delivery", id=DELIVERY_ID) == NOT_FOUND


def test_an_id_that_is_longer_than_any_is_not_found(api: Api, dynamo: "Table") -> None:
    put(dynamo, assigned())
    endless = "d" * 5000
    assert api.call(ME, "delivery", id=endless) == NOT_FOUND
    assert api.call(ME, "pickUp", deliveryId=endless) == NOT_FOUND
    taken = api.call(OPERATOR, "reassign", deliveryId=DELIVERY_ID, fromDriverId=endless)
    assert (taken.error, taken.message) == ("NotFound", "Driver not found")


def test_what_is_noted_of_a_delivery_before_it_is_opened_is_no_delivery(api: Api, dynamo: "Table") -> None:
    put(dynamo, {"pk": f"DELIVERY#{DELIVERY_ID}", "sk": "DELIVERY", "ready_at": "2026-01-05T18:48:00.000Z"})
    assert api.call(OPERATOR, "delivery", id=DELIVERY_ID) == NOT_FOUND


def test_a_driver_lists_offers_and_deliveries_apart_and_nobody_elses(api: Api, dynamo: "Table") -> None:
    put(dynamo, offered("offered"), assigned("first"), assigned("last", holder_key="DELIVERY#2026-01-05T18:41#last"))
    put(dynamo, assigned("others", driver_id="driver-2", holder_id="driver-2"))
    offers = api.call(ME, "myOffers")
    assert ids(offers) == ["offered"]
    [offer] = offers.value["edges"]
    assert offer["node"]["dropoff"] is None
    assert offer["node"]["offer"]["toDropoffMetres"] == OFFER["to_dropoff_m"]
    assert ids(api.call(ME, "myDeliveries")) == ["last", "first"]


def test_pages_of_deliveries_stay_within_deliveries(api: Api, dynamo: "Table") -> None:
    put(dynamo, offered("offered"))
    put(dynamo, *(assigned(str(n), holder_key=f"DELIVERY#2026-01-05T18:4{n}#{n}") for n in range(3)))
    first = api.call(ME, "myDeliveries", first=2)
    second = api.call(ME, "myDeliveries", first=2, after=first.value["pageInfo"]["endCursor"])
    assert (ids(first), ids(second)) == (["2", "1"], ["0"])
    assert not second.value["pageInfo"]["hasNextPage"]


def test_the_cursor_of_another_list_is_refused(api: Api, dynamo: "Table") -> None:
    put(dynamo, offered())
    cursor = api.call(ME, "myOffers").value["pageInfo"]["endCursor"]
    assert api.call(ME, "myDeliveries", after=cursor).error == "Invalid"


def test_operators_list_what_is_open_and_who_drives(api: Api, dynamo: "Table") -> None:
    put(dynamo, searching("open"), assigned("ended", state="DELIVERED", roster=None), driver())
    assert ids(api.call(OPERATOR, "deliveries")) == ["open"]
    assert ids(api.call(OPERATOR, "drivers")) == ["driver-1"]


def test_operators_page_through_what_is_open_and_who_drives(api: Api, dynamo: "Table") -> None:
    assert [api.call(OPERATOR, each).value["edges"] for each in ("deliveries", "drivers")] == [[], []]
    put(dynamo, *(offered(str(n), roster_key=f"2026-01-05T18:4{n}#{n}") for n in range(3)))
    put(dynamo, *(driver(f"driver-{n}") for n in range(3)))
    for what, expected in (("deliveries", ["2", "1", "0"]), ("drivers", ["driver-2", "driver-1", "driver-0"])):
        first = api.call(OPERATOR, what, first=2)
        second = api.call(OPERATOR, what, first=2, after=first.value["pageInfo"]["endCursor"])
        assert ids(first) + ids(second) == expected
        assert (first.value["pageInfo"]["hasNextPage"], second.value["pageInfo"]["hasNextPage"]) == (True, False)


def delivered_order(api: Api, who: Caller) -> dict[str, Any]:
    return api.execute(
        who, "query ($id: ID!) { delivery(id: $id) { id order { address note dropoff { lat } } } }", id=DELIVERY_ID
    )


def test_the_address_is_for_the_driver_whom_orders_knows_as_its_driver(
    api: Api, dynamo: "Table", orders: "Table"
) -> None:
    put(dynamo, assigned())
    orders.put_item(Item=stored(order(driver_id="driver-1", note="Ring twice")))
    for who in (ME, OPERATOR):
        assert delivered_order(api, who)["data"]["delivery"]["order"] == {
            "address": "1 Example Street",
            "note": "Ring twice",
            "dropoff": {"lat": 40.45},
        }


def test_a_driver_forgets_where_a_delivery_went_once_its_order_has_ended(
    api: Api, dynamo: "Table", orders: "Table"
) -> None:
    put(dynamo, assigned(state="DELIVERED"))
    orders.put_item(Item=stored(order(status="DELIVERED", driver_id="driver-1", note="Ring twice")))
    shown = delivered_order(api, ME)["data"]["delivery"]["order"]
    assert shown == {"address": None, "note": None, "dropoff": None}
    assert delivered_order(api, OPERATOR)["data"]["delivery"]["order"]["address"] == "1 Example Street"


def test_an_offer_has_no_address_and_says_so_beside_the_delivery(api: Api, dynamo: "Table", orders: "Table") -> None:
    put(dynamo, offered())
    orders.put_item(Item=stored(order()))
    body = delivered_order(api, ME)
    assert body["data"]["delivery"] == {"id": DELIVERY_ID, "order": None}
    assert [(error["path"], error["errorType"]) for error in body["errors"]] == [(["delivery", "order"], "NotFound")]
    assert "Example Street" not in str(body)
