"""The tracking table's conditional writes on both engines, and how events are followed on it."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from delivery_events import Event
from delivery_events.inbox import Outcome
from delivery_events.values import Stop

from services.tracking.domain import NextStop, counted_from, follow
from services.tracking.following import ChangedMeanwhile, follow_event
from services.tracking.table import TrackingTable
from tests.tables import stored
from tests.tracking.journey import (
    ASSIGNED,
    AT_DROPOFF,
    AT_PICKUP,
    COMPLETED,
    CONFIRMED,
    DELIVERED,
    DROPPED,
    JOURNEY,
    KEPT,
    ORDER_ID,
    PICKED_UP,
    REQUESTED,
    at,
    delivery,
    driver,
    minute,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

STOP = f"stop#{ORDER_ID}"


def tell(dynamo: "Table", *events: Event[Any]) -> list[Outcome]:
    return [follow_event(event, TrackingTable(dynamo), now=minute(30), kept=KEPT) for event in events]


def tracking(dynamo: "Table") -> dict[str, Any]:
    row = TrackingTable(dynamo).tracking(ORDER_ID)
    assert row is not None
    return row


def driver_row(dynamo: "Table", driver_id: str = "driver-1") -> dict[str, Any]:
    return dict(dynamo.get_item(Key={"pk": f"DRIVER#{driver_id}", "sk": "DRIVER"}).get("Item", {}))


def timeline(dynamo: "Table") -> list[str]:
    rows = dynamo.scan()["Items"]
    return [str(row["type"]) for row in sorted(rows, key=lambda row: str(row["sk"])) if "type" in row]


def test_an_order_is_followed_from_end_to_end(dynamo: "Table") -> None:
    assert tell(dynamo, *JOURNEY) == [Outcome.APPLIED] * len(JOURNEY)
    row = tracking(dynamo)
    assert (row["status"], row["sequence"], row["caused_by"]) == (
        "DELIVERED",
        len(JOURNEY),
        str(COMPLETED.metadata.event_id),
    )
    assert sorted(timeline(dynamo)) == sorted(event.metadata.type for event in JOURNEY)


def test_an_event_that_comes_twice_changes_nothing_twice(dynamo: "Table") -> None:
    tell(dynamo, *JOURNEY)
    before = sorted(dynamo.scan()["Items"], key=str)
    assert tell(dynamo, *JOURNEY) == [Outcome.STALE] * len(JOURNEY)
    assert sorted(dynamo.scan()["Items"], key=str) == before


def test_a_late_event_is_part_of_the_timeline_and_moves_nothing_backwards(dynamo: "Table") -> None:
    tell(dynamo, CONFIRMED, PICKED_UP)
    assert tell(dynamo, ASSIGNED) == [Outcome.APPLIED]
    assert tracking(dynamo)["status"] == "PICKED_UP"
    assert timeline(dynamo) == ["order.confirmed", "delivery.assigned", "delivery.picked_up"]


def test_the_driver_learns_each_next_stop_and_loses_the_last(dynamo: "Table") -> None:
    tell(dynamo, CONFIRMED, REQUESTED, ASSIGNED)
    pickup = {"stop": "PICKUP", "lat": 40.44, "lng": -80, "since": at(3), "expected_at": at(12)}
    assert driver_row(dynamo)[STOP] == stored(pickup)
    tell(dynamo, AT_PICKUP)
    assert driver_row(dynamo)[STOP] == stored(pickup | {"arrived": True})
    assert "turned_at" not in driver_row(dynamo)
    tell(dynamo, PICKED_UP)
    dropoff = {"stop": "DROPOFF", "lat": 40.45, "lng": -80, "since": at(16), "expected_at": at(25)}
    row = driver_row(dynamo)
    assert (row[STOP], row["turned_at"]) == (stored(dropoff | {"trip_position": 1, "assigned_at": at(3)}), at(16))
    tell(dynamo, AT_DROPOFF)
    assert driver_row(dynamo)[STOP]["arrived"]
    tell(dynamo, DELIVERED)
    row = driver_row(dynamo)
    assert (STOP in row, row["turned_at"]) == (False, at(26))
    assert row["sequence"] == counted_from(at(30)) + 5  # each is a change of the driver's row, too


def test_a_late_assignment_brings_no_stop_back(dynamo: "Table") -> None:
    tell(dynamo, DELIVERED, ASSIGNED, PICKED_UP)
    assert driver_row(dynamo) == {}


def test_setting_a_stop_leaves_the_drivers_position_alone(dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(driver()))
    tell(dynamo, ASSIGNED)
    row = driver_row(dynamo)
    assert (row["at"], row["sequence"], row["caused_by"]) == (at(5), 2, str(ASSIGNED.metadata.event_id))


def test_a_delivery_that_changes_hands_leaves_one_driver_for_the_other(dynamo: "Table") -> None:
    """Even if the event that freed the first of them never came."""
    tell(dynamo, ASSIGNED)
    tell(dynamo, delivery(type(ASSIGNED.data), "ASSIGNED", 6, 8, driver_id="driver-2", assigned_at=at(8)))
    assert STOP not in driver_row(dynamo)
    assert driver_row(dynamo, "driver-2")[STOP]["since"] == at(8)


def test_a_driver_who_drops_out_has_no_stop_there_any_more(dynamo: "Table") -> None:
    tell(dynamo, CONFIRMED, ASSIGNED, DROPPED)
    assert STOP not in driver_row(dynamo)


def test_a_row_that_changed_meanwhile_is_not_overwritten(dynamo: "Table") -> None:
    """Neither alone nor with the driver's row, of which nothing is written then."""
    table = TrackingTable(dynamo)
    seen = follow(None, CONFIRMED, now=minute(1), kept=KEPT)
    assert seen is not None
    stop = NextStop("driver-1", ORDER_ID, Stop.PICKUP, 40.44, -80.0, at(3))
    assert table.put_tracking(seen, left=None, ahead=None, at=minute(1))
    assert not table.put_tracking(seen, left=None, ahead=None, at=minute(1))
    assert not table.put_tracking(seen | {"sequence": 3}, left=None, ahead=stop, at=minute(3))
    assert driver_row(dynamo) == {}
    assert table.put_tracking(seen | {"sequence": 2}, left=None, ahead=stop, at=minute(3))


def test_whoever_loses_the_race_for_a_row_reads_it_again(dynamo: "Table", monkeypatch: pytest.MonkeyPatch) -> None:
    tell(dynamo, CONFIRMED)
    read = TrackingTable.tracking
    rivals = [REQUESTED]

    def overtaken(self: TrackingTable, order_id: str) -> dict[str, Any] | None:
        row = read(self, order_id)
        if rivals:
            tell(dynamo, rivals.pop())
        return row

    monkeypatch.setattr(TrackingTable, "tracking", overtaken)
    assert tell(dynamo, ASSIGNED) == [Outcome.APPLIED]
    assert (tracking(dynamo)["sequence"], tracking(dynamo)["status"]) == (3, "ASSIGNED")


def test_an_event_that_never_gets_through_is_delivered_again(monkeypatch: pytest.MonkeyPatch, dynamo: "Table") -> None:
    monkeypatch.setattr(TrackingTable, "put_tracking", lambda *_args, **_stops: False)
    with pytest.raises(ChangedMeanwhile):
        tell(dynamo, CONFIRMED)
    assert timeline(dynamo) == []


@pytest.mark.parametrize(
    ("error", "reasons"),
    [
        ("ProvisionedThroughputExceededException", []),
        ("TransactionCanceledException", ["None", "ValidationError"]),
        ("TransactionCanceledException", []),
    ],
)
def test_an_error_of_the_table_is_not_taken_for_a_lost_race(
    dynamo: "Table", monkeypatch: pytest.MonkeyPatch, error: str, reasons: list[str]
) -> None:
    def fail(**_request: Any) -> None:
        answer: Any = {"Error": {"Code": error}, "CancellationReasons": [{"Code": reason} for reason in reasons]}
        raise ClientError(answer, "TransactWriteItems")

    monkeypatch.setattr(dynamo.meta.client, "transact_write_items", fail)
    with pytest.raises(ClientError):
        tell(dynamo, ASSIGNED)
