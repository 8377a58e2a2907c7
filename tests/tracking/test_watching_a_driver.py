"""Subscription.onDriverMoved, from who may subscribe to who is told what, and when that ends."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events import Event
from delivery_events.dispatch import DeliveryData, DeliveryDelivered, DeliveryPickedUp, TripPart
from delivery_events.envelope import rfc3339
from delivery_events.outbox import Change

from local.appsync.callers import Caller
from services.tracking.domain import newly_watched
from services.tracking.following import follow_event
from services.tracking.pushes import changes, expected_arrival, movements
from services.tracking.stack import CONCERNS_SOMEBODY
from services.tracking.table import TrackingTable
from tests.api import Answer, Api, Watching, caller
from tests.stream_filters import reaches
from tests.tables import contents, stored
from tests.tracking.journey import (
    ASSIGNED,
    AT_DROPOFF,
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
    READY,
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
ORDER_KEY, DRIVER_KEY = (f"ORDER#{ORDER_ID}", "TRACKING"), ("DRIVER#driver-1", "DRIVER")
SPEED = 5.0
NOT_FOUND = Answer(None, "NotFound", "Order not found")
NOW = datetime.now(UTC)


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

    def report(self, number: float, lat: float, **measured: Any) -> None:
        """The driver is at `lat`, `number` minutes after the order was placed; as reportLocations writes it. The outbox
        has noted by then who watches."""
        self.push()
        moved = {"lat": lat, "lng": -80.0, "at": at(number), "reported": [[0, lat, -80.0]], "reported_at": at(number)}
        row = contents(self._dynamo).get(DRIVER_KEY, driver(sequence=0))
        self._dynamo.put_item(Item=stored(row | moved | measured | {"sequence": row["sequence"] + 1}))
        self.push()

    def push(self) -> None:
        now = contents(self._dynamo)
        for key, row in now.items():
            change = Change(self._seen.get(key), row)
            if change.old != row:
                if (stop := newly_watched(change.old, row)) is not None:
                    TrackingTable(self._dynamo).watch(stop)
                pushes = [*movements(change, SPEED), *changes(change)]
                told = pushes or newly_watched(change.old, row) is not None
                assert not told or reaches(CONCERNS_SOMEBODY, change.old, row)
                for push in pushes:
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
        "otherOnBoard": False,
        "position": {"lat": 40.445, "lng": -80.0},
        "heading": 12.5,
        "speed": 6.0,
        "at": at(18),
        "path": [{"lat": 40.445, "lng": -80.0, "beforeMs": 0}],
        "sequence": movement["sequence"],
    }


def other(kind: type[DeliveryData], state: str, sequence: int, when: float, **fields: Any) -> Event[Any]:
    """An event of an order that the same driver accepted before, from the same merchant to another customer."""
    known = {"delivery_id": "other", "order_id": "other", "customer_id": "customer-2", "driver_id": "driver-1"}
    return delivery(kind, state, sequence, when, **known | {"assigned_at": at(1), "picked_up_at": at(2)} | fields)


ON_BOARD = other(DeliveryPickedUp, "PICKED_UP", 5, 2)
HANDED_OVER = other(DeliveryDelivered, "DELIVERED", 7, 6.5, delivered_at=at(6.5))


def test_a_merchant_is_not_told_of_the_way_to_another_orders_door(api: Api, road: Road) -> None:
    """Nor, by the path, of how its driver came from there."""
    road.follow(*until(ASSIGNED), ON_BOARD)
    merchant, operator, carrying = (watch(api, who) for who in (MERCHANT, OPERATOR, DRIVER))
    road.report(5, 40.46)
    road.follow(HANDED_OVER)
    road.report(6.4, 40.462)  # measured before that, and late
    road.report(7, 40.455, reported=[[0, 40.455, -80.0], [20_000, 40.456, -80.0], [40_000, 40.46, -80.0]])
    for told in (operator, carrying):
        assert [each["position"]["lat"] for each in told.received] == [40.46, 40.462, 40.455]
    assert [each["otherOnBoard"] for each in operator.received] == [True, True, False]
    [movement] = merchant.received
    assert [point["lat"] for point in movement["path"]] == [40.456, 40.455]


def test_a_customer_is_told_of_the_way_from_pick_up_to_the_handing_over(api: Api, road: Road) -> None:
    """Also at the stops, and of no way before the pick-up."""
    road.follow(*until(AT_PICKUP))
    customer, merchant = watch(api, CUSTOMER), watch(api, MERCHANT)
    road.report(13, 40.44)
    road.follow(PICKED_UP)
    road.report(16.5, 40.441, reported=[[0, 40.441, -80.0], [20_000, 40.4405, -80.0], [60_000, 40.44, -80.0]])
    road.follow(AT_DROPOFF)
    road.report(25, 40.45)
    assert [each["position"]["lat"] for each in merchant.received] == [40.44]
    assert [each["position"]["lat"] for each in customer.received] == [40.441, 40.45]
    assert [point["lat"] for point in customer.received[0]["path"]] == [40.4405, 40.441]


def test_an_arrival_is_no_news_of_who_watches(road: Road, dynamo: "Table") -> None:
    road.follow(*until(ASSIGNED))
    before = contents(dynamo)[ORDER_KEY]
    road.follow(AT_PICKUP)
    assert newly_watched(before, contents(dynamo)[ORDER_KEY]) is None


def test_a_later_drop_off_is_not_expected_before_it_was_planned_for(api: Api, road: Road) -> None:
    """As long as the trip's drop-offs before it are ahead; then by the rest of the way alone."""
    first = {"assigned_at": at(3), "trip": {"trip_id": "o-1", "position": 1, "size": 2, "metres": 3000}}
    second = PICKED_UP.data.model_copy(update={"trip": TripPart(trip_id="o-1", position=2, size=2, metres=3000)})
    road.follow(*until(READY), PICKED_UP.model_copy(update={"data": second}))
    road.follow(other(DeliveryPickedUp, "PICKED_UP", 5, 16, **first))
    watching = watch(api, CUSTOMER)
    for number in (18.0, 24.5):
        road.report(number, 40.445)
    road.follow(other(DeliveryDelivered, "DELIVERED", 7, 24.8, **first, delivered_at=at(24.8)))
    road.report(25, 40.445)
    on = [rfc3339(expected_arrival({"lat": 40.445, "lng": -80.0, "at": at(n)}, DROPOFF, SPEED)) for n in (24.5, 25)]
    assert [each["expectedArrivalAt"] for each in watching.received] == [at(25), *on]


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
    """How soon the driver is to report; from the second time on, by the answer to a position that is known."""
    fix = {"lat": 40.44, "lng": -80.0, "at": NOW.isoformat()}
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


@pytest.mark.parametrize("event", [AT_PICKUP, AT_DROPOFF], ids=["pickup", "dropoff"])
def test_a_driver_who_waits_at_a_stop_goes_on_reporting_often(api: Api, road: Road, event: Event[Any]) -> None:
    road.follow(*until(event))
    watch(api, CUSTOMER)
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
    assert TrackingTable(dynamo).put_tracking(stale, left=None, ahead=None, at=minute(4)) is False
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
