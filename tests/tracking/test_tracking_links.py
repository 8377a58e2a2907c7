"""A tracking link: who gets one, what it shows, and when it ends."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events import Event
from delivery_events.envelope import rfc3339

from services.tracking.following import follow_event
from services.tracking.table import TrackingTable
from tests.api import SHARED_KEY, Answer, Api, Watching, caller
from tests.tables import contents
from tests.tracking.journey import (
    ASSIGNED,
    DELIVERED,
    JOURNEY,
    KEPT,
    OFFERED,
    ORDER_ID,
    PICKED_UP,
    PICKUP,
    minute,
)
from tests.tracking.test_watching_a_driver import Road, until

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

CUSTOMER, DRIVER = caller("customer-1", "customer"), caller("driver-1", "driver")
NOT_FOUND = Answer(None, "NotFound", "Order not found")


@pytest.fixture
def road(api: Api, dynamo: "Table") -> Road:
    return Road(api, dynamo)


def share(api: Api) -> str:
    link = api.call(CUSTOMER, "shareTracking", orderId=ORDER_ID).value
    return str(link["token"])


def look(api: Api, token: str) -> Answer:
    return api.call(SHARED_KEY, "sharedTracking", token=token)


def watch(api: Api, token: str) -> Watching:
    watching = api.subscribe(SHARED_KEY, "onSharedTrackingChanged", token=token)
    assert isinstance(watching, Watching), watching
    return watching


def ended_at(dynamo: "Table", moment: datetime, events: tuple[Event[Any], ...] = JOURNEY) -> None:
    for event in events:
        follow_event(event, TrackingTable(dynamo), now=moment, kept=KEPT)


def test_a_link_is_unguessable_and_the_same_each_time(api: Api, road: Road, dynamo: "Table") -> None:
    road.follow(*until(ASSIGNED))
    token = share(api)
    order_id, secret = token.split(".")
    assert order_id == ORDER_ID
    assert re.fullmatch(r"[0-9a-f]{64}", secret)  # two UUIDs of 122 random bits each
    assert share(api) == token
    assert contents(dynamo)[f"ORDER#{ORDER_ID}", "TRACKING"]["share_secret"] == secret


def test_only_the_customer_gets_a_link(api: Api, road: Road) -> None:
    assert api.call(CUSTOMER, "shareTracking", orderId=ORDER_ID) == NOT_FOUND
    road.follow(*until(ASSIGNED))
    assert api.call(caller("customer-2", "customer"), "shareTracking", orderId=ORDER_ID) == NOT_FOUND
    assert api.call(DRIVER, "shareTracking", orderId=ORDER_ID).error == "Unauthorized"


def test_a_link_shows_the_order_without_an_account_and_nobodys_id(api: Api, road: Road) -> None:
    road.follow(*until(PICKED_UP))
    road.report(18, 40.445, heading=10.0)
    shown = look(api, share(api)).value
    assert (shown["orderId"], shown["status"], shown["pickup"]) == (ORDER_ID, "PICKED_UP", PICKUP)
    assert (shown["position"]["lat"], shown["position"]["heading"]) == (40.445, 10.0)
    assert [entry["type"] for entry in shown["timeline"]][-1] == "delivery.picked_up"
    assert OFFERED.metadata.type not in {entry["type"] for entry in shown["timeline"]}
    for personal in ("customer-1", "driver-1", "merchant-1", "dropoff"):
        assert personal not in str(shown)


def test_a_driver_is_shown_from_pick_up_only(api: Api, road: Road) -> None:
    road.follow(*until(ASSIGNED))
    road.report(5, 40.43)
    token = share(api)
    assert look(api, token).value["position"] is None


def test_who_follows_a_link_hears_of_status_and_way_until_the_end(api: Api, road: Road) -> None:
    road.follow(*until(ASSIGNED))
    watching = watch(api, share(api))
    road.push()  # the outbox notes on the driver's row that there is a link
    road.report(5, 40.43)
    road.follow(*until(PICKED_UP)[len(until(ASSIGNED)) :])
    road.report(18, 40.445)
    road.report(20, 40.449)
    road.follow(*JOURNEY[len(until(PICKED_UP)) :])
    told = [each["status"] or each["position"]["lat"] for each in watching.received]
    assert told == [
        *("ARRIVED_AT_PICKUP", "ARRIVED_AT_PICKUP"),  # the order is ready, which does not show there
        *("PICKED_UP", 40.445, 40.449, "ARRIVED_AT_DROPOFF", "DELIVERED"),
    ]
    assert watching.ended
    assert "driver-1" not in str(watching.received)


@pytest.mark.parametrize("token", ["", "no token", f"{ORDER_ID}.", f"{ORDER_ID}.{'0' * 64}", f"other.{'0' * 64}"])
def test_what_is_no_link_shows_nothing(api: Api, road: Road, token: str) -> None:
    road.follow(*until(PICKED_UP))
    share(api)
    assert look(api, token) == NOT_FOUND
    assert api.subscribe(SHARED_KEY, "onSharedTrackingChanged", token=token) == NOT_FOUND


def test_an_order_that_nobody_shared_has_no_link(api: Api, road: Road) -> None:
    road.follow(*until(PICKED_UP))
    for secret in ("undefined", "null", "", "0" * 64):
        assert look(api, f"{ORDER_ID}.{secret}") == NOT_FOUND


def test_a_link_ends_an_hour_after_the_order(api: Api, dynamo: "Table") -> None:
    now = datetime.now(UTC)
    ended_at(dynamo, now, until(PICKED_UP))
    token = share(api)
    delivered = now - timedelta(seconds=KEPT.link_s - 30)
    ended_at(dynamo, delivered)
    shown = look(api, token).value
    assert (shown["status"], shown["position"]) == ("DELIVERED", None)
    assert shown["expiresAt"] == rfc3339(delivered + timedelta(seconds=KEPT.link_s))
    assert api.call(CUSTOMER, "shareTracking", orderId=ORDER_ID).value["token"] == token


def test_after_that_it_shows_nothing_and_there_is_no_new_one(api: Api, dynamo: "Table") -> None:
    now = datetime.now(UTC)
    ended_at(dynamo, now, until(PICKED_UP))
    token = share(api)
    ended_at(dynamo, now - timedelta(seconds=KEPT.link_s + 1))
    assert look(api, token) == NOT_FOUND
    assert api.subscribe(SHARED_KEY, "onSharedTrackingChanged", token=token) == NOT_FOUND
    assert api.call(CUSTOMER, "shareTracking", orderId=ORDER_ID).error == "Conflict"


def test_what_comes_late_does_not_give_a_link_more_time(api: Api, dynamo: "Table") -> None:
    ended_at(dynamo, minute(26), (*until(DELIVERED),))
    first = contents(dynamo)[f"ORDER#{ORDER_ID}", "TRACKING"].get("shared_until")
    ended_at(dynamo, minute(90))
    last = contents(dynamo)[f"ORDER#{ORDER_ID}", "TRACKING"]["shared_until"]
    assert first in (None, last)


def test_the_api_key_opens_nothing_else(api: Api, road: Road) -> None:
    road.follow(*until(PICKED_UP))
    assert api.call(SHARED_KEY, "tracking", orderId=ORDER_ID).error == "Unauthorized"
    answer = api.subscribe(SHARED_KEY, "onDriverMoved", orderId=ORDER_ID)
    assert isinstance(answer, Answer)
    assert answer.error == "Unauthorized"
