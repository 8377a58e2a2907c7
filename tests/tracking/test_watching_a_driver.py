"""Subscription.onDriverMoved, from who may subscribe to who is told what, and when that ends."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events import Event
from delivery_events.envelope import rfc3339
from delivery_events.outbox import Change

from local.appsync.callers import Caller
from services.tracking.domain import newly_watched
from services.tracking.following import follow_event
from services.tracking.pushes import changes, expected_arrival, movements
from services.tracking.table import TrackingTable
from tests.api import Answer, Api, Watching, caller
from tests.tables import contents, stored
from tests.tracking.journey import (
    ASSIGNED,
    AT_PICKUP,
    CONFIRMED,
    DROPOFF,
    DROPPED,
    JOURNEY,
    KEPT,
    ORDER_ID,
    PICKED_UP,
    PICKUP,
    PLACED,
    at,
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
ORDER_KEY, DRIVER_KEY = (f"ORDER#{ORDER_ID}", "TRACKING"), ("DRIVER#driver-1", "DRIVER")
SPEED = 5.0
NOT_FOUND = Answer(None, "NotFound", "Order not found")


def until(event: Event[Any]) -> tuple[Event[Any], ...]:
    return JOURNEY[: JOURNEY.index(event) + 1]


class Road:
    """The table with what its outbox does: each change of the order or its driver is pushed."""

    def __init__(self, api: Api, dynamo: "Table") -> None:
        self._api, self._dynamo = api, dynamo
        self._seen = contents(dynamo)
        self.pushed: list[str] = []

    def follow(self, *events: Event[Any]) -> None:
        for event in events:
            follow_event(event, TrackingTable(self._dynamo), now=minute(30), kept=KEPT)
            self.push()

    def report(self, number: float, lat: float, **measured: float) -> None:
        """The driver is at `lat`, `number` minutes after the order was placed; as reportLocations writes it. The outbox
        has noted by then who watches."""
        self.push()
        moved = {"lat": lat, "lng": -80.0, "at": at(number), "reported": [[0, lat, -80.0]], **measured}
        row = contents(self._dynamo).get(DRIVER_KEY, driver(sequence=0))
        self._dynamo.put_item(Item=stored(row | moved | {"sequence": row["sequence"] + 1}))
        self.push()

    def push(self) -> None:
        now = contents(self._dynamo)
        for key, row in now.items():
            change = Change(self._seen.get(key), row)
            if change.old != row:
                if (stop := newly_watched(change.old, row)) is not None:
                    TrackingTable(self._dynamo).watch(stop)
                for push in (*movements(change, SPEED), *changes(change)):
                    self.pushed.append(push.publication.mutation)
                    self._api.publish(push)
        self._seen = contents(self._dynamo)


@pytest.fixture
def road(api: Api, dynamo: "Table") -> Road:
    return Road(api, dynamo)


def watch(api: Api, who: Caller) -> Watching:
    watching = api.subscribe(who, "onDriverMoved", orderId=ORDER_ID)
    assert isinstance(watching, Watching), watching
    return watching


def test_each_sees_the_part_of_the_way_that_concerns_them(api: Api, road: Road) -> None:
    road.follow(*until(ASSIGNED))
    seen = {name: watch(api, who) for name, who in (("customer", CUSTOMER), ("merchant", MERCHANT), ("driver", DRIVER))}
    seen["operator"] = watch(api, OPERATOR)
    road.report(5, 40.43)
    road.report(6, 40.435)
    road.follow(AT_PICKUP, PICKED_UP)
    road.report(18, 40.445)
    lats = {name: [each["position"]["lat"] for each in watching.received] for name, watching in seen.items()}
    assert lats == {
        "customer": [40.445],
        "merchant": [40.43, 40.435],
        "driver": [40.43, 40.435, 40.445],
        "operator": [40.43, 40.435, 40.445],
    }
    assert {name: watching.ended for name, watching in seen.items()} == {
        "customer": False,
        "merchant": True,  # from pick-up on the way leads to where the customer lives
        "driver": False,
        "operator": False,
    }


def test_a_way_that_nobody_watches_is_told_to_nobody(api: Api, road: Road, dynamo: "Table") -> None:
    road.follow(*until(PICKED_UP))
    road.report(18, 40.445)
    assert road.pushed == []  # neither where the driver is, nor that the merchant's right ended at pick-up
    watching = watch(api, CUSTOMER)
    road.report(19, 40.446)
    assert road.pushed == ["publishDriverMovement"]
    dynamo.update_item(
        Key={"pk": DRIVER_KEY[0], "sk": DRIVER_KEY[1]},
        UpdateExpression="SET #stop.watched_until = :past",
        ExpressionAttributeNames={"#stop": f"stop#{ORDER_ID}"},
        ExpressionAttributeValues={":past": at(1)},
    )
    road.report(20, 40.447)  # watched no more, as far as anybody can tell
    assert [each["position"]["lat"] for each in watching.received] == [40.446, 40.447]


def test_a_movement_says_where_how_and_until_when(api: Api, road: Road) -> None:
    road.follow(*until(PICKED_UP))
    watching = watch(api, CUSTOMER)
    road.report(18, 40.445, heading=12.5, speed=6.0)
    [movement] = watching.received
    where = {"lat": 40.445, "lng": -80.0, "at": at(18), "speed": 6.0}
    assert movement.pop("expectedArrivalAt") == rfc3339(expected_arrival(where, DROPOFF, SPEED))
    assert movement == {
        "orderId": ORDER_ID,
        "driverId": "driver-1",
        "pickedUp": True,
        "position": {"lat": 40.445, "lng": -80.0},
        "heading": 12.5,
        "speed": 6.0,
        "at": at(18),
        "path": [{"lat": 40.445, "lng": -80.0, "beforeMs": 0}],
        "sequence": movement["sequence"],
    }


def test_all_subscriptions_end_with_the_order(api: Api, road: Road) -> None:
    road.follow(*until(PICKED_UP))
    seen = [watch(api, who) for who in (CUSTOMER, DRIVER, OPERATOR)]
    road.follow(*JOURNEY[len(until(PICKED_UP)) :])
    assert all(watching.ended for watching in seen)
    for who in (CUSTOMER, DRIVER, OPERATOR, MERCHANT):
        answer = api.subscribe(who, "onDriverMoved", orderId=ORDER_ID)
        assert isinstance(answer, Answer)
        assert answer.error == "Conflict"


def test_a_driver_who_drops_out_watches_no_more(api: Api, road: Road) -> None:
    road.follow(*until(ASSIGNED))
    mine, theirs = watch(api, DRIVER), watch(api, CUSTOMER)
    road.follow(DROPPED)
    assert (mine.ended, theirs.ended) == (True, False)
    assert api.subscribe(DRIVER, "onDriverMoved", orderId=ORDER_ID) == NOT_FOUND


def test_a_merchant_may_watch_until_pick_up_only(api: Api, road: Road) -> None:
    road.follow(*until(PICKED_UP))
    answer = api.subscribe(MERCHANT, "onDriverMoved", orderId=ORDER_ID)
    assert isinstance(answer, Answer)
    assert answer.error == "Conflict"


def test_strangers_are_refused_as_if_there_were_nothing(api: Api, road: Road, dynamo: "Table") -> None:
    for who in (*STRANGERS, OPERATOR):
        assert api.subscribe(who, "onDriverMoved", orderId=ORDER_ID) == NOT_FOUND
    road.follow(*until(ASSIGNED))
    before = contents(dynamo)
    for who in STRANGERS:
        assert api.subscribe(who, "onDriverMoved", orderId=ORDER_ID) == NOT_FOUND
    assert contents(dynamo) == before


# -- while somebody watches -------------------------------------------------------------------------------------------


def interval(api: Api) -> int:
    fix = {"lat": 40.44, "lng": -80.0, "at": datetime.now(UTC).isoformat()}
    answer: dict[str, Any] = api.call(DRIVER, "reportLocations", positions=[fix]).value
    return int(answer["nextReportInSeconds"])


@pytest.mark.parametrize("when", ["before the driver is assigned", "on the way"])
def test_a_driver_reports_more_often_while_somebody_watches(api: Api, road: Road, when: str) -> None:
    first, rest = ((PLACED, CONFIRMED), until(ASSIGNED)[2:]) if "before" in when else (until(ASSIGNED), ())
    road.follow(*first)
    watch(api, CUSTOMER)
    road.follow(*rest)
    road.push()
    assert interval(api) == 5


def test_a_driver_whom_nobody_watches_any_more_reports_as_before(api: Api, road: Road, dynamo: "Table") -> None:
    road.follow(*until(ASSIGNED))
    assert interval(api) == 30
    watch(api, CUSTOMER)
    row = contents(dynamo)[ORDER_KEY]
    assert datetime.fromisoformat(row["watched_until"]) - datetime.now(UTC) > timedelta(minutes=19)
    dynamo.update_item(
        Key={"pk": ORDER_KEY[0], "sk": ORDER_KEY[1]},
        UpdateExpression="SET watched_until = :past",
        ExpressionAttributeValues={":past": "2026-01-05T18:30:00.000Z"},
    )
    road.push()
    assert interval(api) == 30


def test_watching_is_no_step_of_the_order_and_no_event_undoes_it(api: Api, road: Road, dynamo: "Table") -> None:
    road.follow(*until(ASSIGNED))
    known = contents(dynamo)[ORDER_KEY]
    watch(api, CUSTOMER)
    row = contents(dynamo)[ORDER_KEY]
    assert (row["sequence"], row["revision"]) == (known["sequence"], 1)
    stale = known | {"sequence": known["sequence"] + 1}  # made from what was read before somebody watched
    assert TrackingTable(dynamo).put_tracking(stale, left=None, ahead=None) is False
    road.follow(AT_PICKUP)
    assert contents(dynamo)[ORDER_KEY]["watched_until"] == row["watched_until"]


def test_the_arrival_is_expected_by_the_rest_of_the_way_and_the_speed() -> None:
    row = {"lat": PICKUP["lat"], "lng": PICKUP["lng"], "at": at(0)}
    way_s = (expected_arrival(row, DROPOFF, SPEED) - minute(0)).total_seconds()
    assert way_s == pytest.approx(1112 / 5, rel=0.01)
    fast = (expected_arrival(row | {"speed": 15.0}, DROPOFF, SPEED) - minute(0)).total_seconds()
    waiting = (expected_arrival(row | {"speed": 0.2}, DROPOFF, SPEED) - minute(0)).total_seconds()
    assert fast == pytest.approx(way_s / 2)
    assert waiting == pytest.approx(way_s)
