"""Query.tracking and Tracking.position: who sees where an order stands, and how much of it."""

from typing import TYPE_CHECKING, Any

import pytest
from delivery_events import Event
from delivery_events.dispatch import DeliveryArrivedAtDropoff, DeliveryData, DeliveryDelivered, DeliveryPickedUp
from delivery_events.envelope import rfc3339

from local.appsync.callers import Caller
from services.tracking.following import follow_event
from services.tracking.table import TrackingTable
from tests.api import Answer, Api, caller
from tests.tables import stored
from tests.tracking.journey import (
    ASSIGNED,
    DROPOFF,
    JOURNEY,
    KEPT,
    OFFERED,
    ORDER_ID,
    PICKED_UP,
    at,
    delivery,
    driver,
    minute,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

CUSTOMER, DRIVER = caller("customer-1", "customer"), caller("driver-1", "driver")
MERCHANT = caller("clerk-1", "merchant", custom_merchant_id="merchant-1")
OPERATOR = caller("operator-1", "operator")
STRANGERS = (
    caller("customer-2", "customer"),
    caller("driver-2", "driver"),
    caller("clerk-2", "merchant", custom_merchant_id="merchant-2"),
    caller("clerk-3", "merchant"),
)


def tell(dynamo: "Table", events: tuple[Event[Any], ...]) -> None:
    for event in events:
        follow_event(event, TrackingTable(dynamo), now=minute(30), kept=KEPT)


def until(event: Event[Any]) -> tuple[Event[Any], ...]:
    return JOURNEY[: JOURNEY.index(event) + 1]


def look(api: Api, who: Caller) -> Any:
    return api.call(who, "tracking", orderId=ORDER_ID)


@pytest.mark.parametrize(
    ("who", "dropoff"),
    [(CUSTOMER, DROPOFF), (DRIVER, DROPOFF), (OPERATOR, DROPOFF), (MERCHANT, None)],
    ids=["customer", "driver", "operator", "merchant"],
)
def test_where_an_order_stands_is_shown_to_those_it_concerns(
    api: Api, dynamo: "Table", who: Caller, dropoff: dict[str, float] | None
) -> None:
    tell(dynamo, until(PICKED_UP))
    shown = look(api, who).value
    assert (shown["orderId"], shown["status"], shown["driverId"]) == (ORDER_ID, "PICKED_UP", "driver-1")
    assert (shown["pickedUpAt"], shown["expectedDropoffAt"]) == (at(16), at(25))
    assert shown["dropoff"] == dropoff


def test_to_others_an_order_cannot_be_told_from_none(api: Api, dynamo: "Table") -> None:
    for who in STRANGERS:
        assert look(api, who) == Answer(None, "NotFound", "Order not found")
    tell(dynamo, until(PICKED_UP))
    for who in STRANGERS:
        assert look(api, who) == Answer(None, "NotFound", "Order not found")


def test_an_order_of_no_known_merchant_is_shown_to_no_account_without_one(api: Api, dynamo: "Table") -> None:
    tell(dynamo, until(PICKED_UP))
    dynamo.update_item(Key={"pk": f"ORDER#{ORDER_ID}", "sk": "TRACKING"}, UpdateExpression="REMOVE merchant_id")
    for who in STRANGERS:
        assert look(api, who).error == "NotFound"


def test_the_timeline_is_in_order_and_offers_are_for_operators_alone(api: Api, dynamo: "Table") -> None:
    tell(dynamo, tuple(reversed(JOURNEY)))
    happened = sorted((rfc3339(event.metadata.occurred_at), event.metadata.type) for event in JOURNEY)
    offer = (rfc3339(OFFERED.metadata.occurred_at), OFFERED.metadata.type)
    for who, expected in ((OPERATOR, happened), (CUSTOMER, [each for each in happened if each != offer])):
        shown = [(entry["at"], entry["type"]) for entry in look(api, who).value["timeline"]]
        assert [moment for moment, _ in shown] == [moment for moment, _ in expected]
        assert sorted(shown) == expected


def test_an_operator_sees_who_published_each_event_and_what_led_to_it(api: Api, dynamo: "Table") -> None:
    tell(dynamo, JOURNEY)
    shown = {entry["id"]: (entry["producer"], entry["causedBy"]) for entry in look(api, OPERATOR).value["timeline"]}
    assert shown == {
        str(event.metadata.event_id): (event.data.SOURCE, event.metadata.causation_id) for event in JOURNEY
    }


TO_THE_MERCHANT = ["delivery.assigned", "delivery.arrived_at_pickup", "order.ready"]
TO_THE_CUSTOMER = ["delivery.picked_up", "delivery.arrived_at_dropoff"]


@pytest.mark.parametrize(
    ("who", "part"),
    [
        (CUSTOMER, TO_THE_CUSTOMER),
        (MERCHANT, TO_THE_MERCHANT),
        (DRIVER, TO_THE_MERCHANT + TO_THE_CUSTOMER),
        (OPERATOR, TO_THE_MERCHANT + TO_THE_CUSTOMER),
    ],
    ids=["customer", "merchant", "driver", "operator"],
)
def test_a_drivers_position_is_shown_to_each_on_their_part_of_the_way(
    api: Api, dynamo: "Table", who: Caller, part: list[str]
) -> None:
    dynamo.put_item(Item=stored(driver(at=at(27), speed=4.5)))
    shown = []
    for event in JOURNEY:
        tell(dynamo, (event,))
        answer = look(api, who)
        if answer.error is None and answer.value["position"] is not None:
            shown.append(event.metadata.type)
    assert shown == part


def other(kind: type[DeliveryData], state: str, sequence: int, when: float, **fields: Any) -> Event[Any]:
    """An event of an order that the same driver accepted before, from the same merchant to another customer."""
    known = {"delivery_id": "other", "order_id": "other", "customer_id": "customer-2", "driver_id": "driver-1"}
    return delivery(kind, state, sequence, when, **known | {"assigned_at": at(1), "picked_up_at": at(2)} | fields)


def test_a_merchant_does_not_see_its_driver_go_to_another_orders_door(api: Api, dynamo: "Table") -> None:
    """Nor find the driver there once it has been handed over."""
    tell(dynamo, (*until(ASSIGNED), other(DeliveryPickedUp, "PICKED_UP", 5, 2)))
    seen = []
    for number, event in (
        (4.0, None),
        (5.0, other(DeliveryArrivedAtDropoff, "ARRIVED_AT_DROPOFF", 6, 5)),
        (6.0, other(DeliveryDelivered, "DELIVERED", 7, 6.5, delivered_at=at(6.5))),
        (7.0, None),
    ):
        row = dynamo.get_item(Key={"pk": "DRIVER#driver-1", "sk": "DRIVER"})["Item"]
        dynamo.put_item(Item=row | stored({"lat": 40.43, "lng": -80.0, "at": at(number), "reported": []}))
        tell(dynamo, (event,) if event else ())
        seen.append([look(api, who).value["position"] is not None for who in (MERCHANT, CUSTOMER, OPERATOR)])
    assert seen == [[False, False, True], [False, False, True], [False, False, True], [True, False, True]]


def test_a_driver_forgets_where_an_order_went_once_it_has_ended(api: Api, dynamo: "Table") -> None:
    tell(dynamo, JOURNEY)
    assert (look(api, DRIVER).value["dropoff"], look(api, CUSTOMER).value["dropoff"]) == (None, DROPOFF)


def test_an_id_that_is_longer_than_any_is_not_found(api: Api, dynamo: "Table") -> None:
    assert api.call(CUSTOMER, "tracking", orderId="o" * 5000) == Answer(None, "NotFound", "Order not found")


def test_the_position_is_the_last_one_its_driver_reported(api: Api, dynamo: "Table") -> None:
    tell(dynamo, until(PICKED_UP))
    assert look(api, CUSTOMER).value["position"] is None  # not one report yet
    dynamo.put_item(Item=stored(driver(speed=4.5)))
    assert look(api, CUSTOMER).value["position"] == {
        "lat": 40.43,
        "lng": -80.0,
        "at": at(5),
        "heading": None,
        "speed": 4.5,
    }
