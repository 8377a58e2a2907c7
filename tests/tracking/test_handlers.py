"""The handlers on moto: what they answer Lambda, and what they leave behind."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from botocore.exceptions import ClientError
from delivery_events.outbox import plain

from services.tracking.table import TrackingTable
from tests.accounts import Account, account
from tests.lambdas import Function, delivered
from tests.tables import stored
from tests.tracking.journey import ASSIGNED, CONFIRMED, ORDER_ID, PICKED_UP, PLACED, at, delivery, driver

INBOX, OUTBOX = "services.tracking.handlers.inbox", "services.tracking.handlers.outbox"


@pytest.fixture
def aws() -> Iterator[Account]:
    with account("tracking") as each:
        yield each


@pytest.fixture
def inbox(aws: Account, monkeypatch: pytest.MonkeyPatch) -> Function:
    return Function(INBOX, {**aws.environment, "KEEP_SECONDS": "7200", "LINK_SECONDS": "3600"}, monkeypatch)


@pytest.fixture
def outbox(aws: Account, monkeypatch: pytest.MonkeyPatch) -> Function:
    settings = {"MOVED_SECONDS": "60", "GEOFENCE_METRES": "60", "SPEED_MPS": "5"}
    return Function(OUTBOX, {**aws.environment, **settings}, monkeypatch)


def status(aws: Account) -> object:
    return aws.table.get_item(Key={"pk": f"ORDER#{ORDER_ID}", "sk": "TRACKING"})["Item"]["status"]


def test_what_cannot_be_read_is_parked_with_the_reason_and_the_rest_goes_on(aws: Account, inbox: Function) -> None:
    newer = delivered(PLACED).replace("order.placed.v1", "order.placed.v2")
    assert inbox.messages("no JSON", newer, delivered(CONFIRMED)) == []
    assert status(aws) == "CONFIRMED"
    parked = aws.parked()
    assert [body for body, _ in parked] == ["no JSON", newer]
    assert "not an EventBridge event" in parked[0][1]
    assert parked[1][1] == "order.placed is known in major version [1], not 2"


def test_only_the_events_that_failed_are_delivered_again(
    aws: Account, inbox: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = TrackingTable.tracking

    def unreachable(self: TrackingTable, order_id: str) -> object:
        if order_id == "unreachable":
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "GetItem")
        return read(self, order_id)

    monkeypatch.setattr(TrackingTable, "tracking", unreachable)
    other = delivery(type(ASSIGNED.data), "ASSIGNED", 1, 1, order_id="unreachable", driver_id="driver-2")
    assert inbox.messages(delivered(CONFIRMED), delivered(other), delivered(ASSIGNED)) == ["1"]
    assert status(aws) == "ASSIGNED"
    assert aws.parked() == []


def test_a_drivers_way_is_told_to_the_bus(aws: Account, outbox: Function) -> None:
    stop = {f"stop#{ORDER_ID}": {"stop": "PICKUP", "lat": 40.44, "lng": -80.0, "since": at(3)}}
    there = driver(lat=40.44, at=at(7), reported=[[0, 40.44, -80.0]], sequence=2, **stop)
    assert outbox.changes((driver(**stop), there), (None, {"pk": "ORDER#1", "sk": "TRACKING", "sequence": 1})) == []
    published = aws.published()
    assert [event["detail-type"] for event in published] == ["driver.moved.v1", "driver.arrived.v1"]
    assert {event["source"] for event in published} == {"delivery.tracking"}
    assert published[1]["detail"]["data"]["delivery_id"] == ORDER_ID


def test_of_a_batch_the_last_position_is_pushed_and_all_events_are_published(aws: Account, outbox: Function) -> None:
    stop = {
        f"stop#{ORDER_ID}": {"stop": "DROPOFF", "lat": 40.45, "lng": -80.0, "since": at(3), "watched_until": at(40)}
    }
    rows = [driver(lat=40.43 + n / 1000, at=at(5 + n), sequence=1 + n, **stop) for n in range(4)]
    assert outbox.changes(*pairwise(rows)) == []
    assert len(aws.published()) == 3
    [(mutation, told)] = outbox.pushed
    assert (mutation, told["orderId"], told["pickedUp"]) == ("publishDriverMovement", ORDER_ID, True)
    assert (told["position"]["lat"], told["sequence"]) == (rows[-1]["lat"], 4)


def test_the_outbox_carries_who_watches_an_order_to_its_driver(aws: Account, inbox: Function, outbox: Function) -> None:
    inbox.messages(delivered(CONFIRMED), delivered(ASSIGNED))
    known = plain(aws.table.get_item(Key={"pk": f"ORDER#{ORDER_ID}", "sk": "TRACKING"})["Item"])
    outbox.changes((known, known | {"watched_until": at(40), "revision": 1}))
    driven = plain(aws.table.get_item(Key={"pk": "DRIVER#driver-1", "sk": "DRIVER"})["Item"])
    assert driven[f"stop#{ORDER_ID}"]["watched_until"] == at(40)
    assert outbox.pushed == []


def test_a_row_that_can_become_no_event_is_parked_and_does_not_block_the_others(aws: Account, outbox: Function) -> None:
    broken = driver(lat="north", sequence=2)
    assert outbox.changes((None, broken), (None, driver())) == []
    assert [event["detail-type"] for event in aws.published()] == ["driver.moved.v1"]
    [(body, reason)] = aws.parked()
    assert '"north"' in body
    assert "Error" in reason


def test_following_and_telling_work_on_the_same_row(aws: Account, inbox: Function, outbox: Function) -> None:
    """The stop that the inbox sets is the one that the outbox recognises."""
    aws.table.put_item(Item=stored(driver()))
    inbox.messages(delivered(CONFIRMED), delivered(PICKED_UP))
    row = aws.table.get_item(Key={"pk": "DRIVER#driver-1", "sk": "DRIVER"})["Item"]
    ahead = plain(row)
    there = ahead | {"lat": 40.45, "at": at(24), "reported": [[0, 40.45, -80.0]], "sequence": ahead["sequence"] + 1}
    outbox.changes((ahead, there))
    [arrived] = [event for event in aws.published() if event["detail-type"] == "driver.arrived.v1"]
    assert arrived["detail"]["data"]["stop"] == "DROPOFF"
