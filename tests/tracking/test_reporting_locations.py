"""reportLocations keeps the newest report of the caller, and says when to report again."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.envelope import rfc3339

from services.tracking.domain import counted_from
from tests.api import Answer, Api, caller
from tests.tables import contents, stored
from tests.tracking.journey import driver

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

DRIVER = caller("driver-1", "driver")
KEY = ("DRIVER#driver-1", "DRIVER")
NOW = datetime.now(UTC).replace(microsecond=0)


def fix(seconds: float = 0, lat: float = 40.43, **more: Any) -> dict[str, Any]:
    """A position measured `seconds` from now."""
    return {"lat": lat, "lng": -80.0, "at": rfc3339(NOW + timedelta(seconds=seconds)), **more}


def report(api: Api, *positions: dict[str, Any]) -> Answer:
    return api.call(DRIVER, "reportLocations", positions=list(positions))


def taken(next_in: int) -> dict[str, Any]:
    return {"accepted": True, "tooSoon": False, "nextReportInSeconds": next_in}


def known(next_in: int) -> dict[str, Any]:
    return {"accepted": False, "tooSoon": False, "nextReportInSeconds": next_in}


TOO_SOON = {"accepted": False, "tooSoon": True, "nextReportInSeconds": 2}


def rest(dynamo: "Table", seconds: float = 1.6) -> None:
    """The last report was taken so long ago."""
    dynamo.update_item(
        Key={"pk": KEY[0], "sk": KEY[1]},
        UpdateExpression="SET reported_at = :then",
        ExpressionAttributeValues={":then": rfc3339(datetime.now(UTC) - timedelta(seconds=seconds))},
    )


def test_a_first_report_is_accepted_and_kept(api: Api, dynamo: "Table") -> None:
    answer = report(api, fix(heading=90, speed=4.5))
    assert answer.value == taken(60)
    row = contents(dynamo)[KEY]
    assert (row["lat"], row["heading"], row["speed"], row["at"]) == (40.43, 90, 4.5, rfc3339(NOW))
    assert row["reported"] == [[0, 40.43, -80]]


def test_a_driver_s_count_goes_on_upwards_in_a_new_table(api: Api, dynamo: "Table") -> None:
    """Whoever knows of an hour's reports, one a second, takes the first report to the new table for newer than all."""
    report(api, fix())
    told = counted_from(rfc3339(NOW - timedelta(hours=1))) + 3600
    assert contents(dynamo)[KEY]["sequence"] > told


def test_of_positions_in_any_order_the_newest_counts_and_the_way_is_kept(api: Api, dynamo: "Table") -> None:
    report(api, fix(-10, 40.42), fix(0, 40.44), fix(-20, 40.41), fix(-9, 40.42001))
    row = contents(dynamo)[KEY]
    assert (row["lat"], row["at"]) == (40.44, rfc3339(NOW))
    # What was measured within some metres of the position before it adds nothing; times are before the newest.
    assert row["reported"] == [[10_000, 40.42, -80], [0, 40.44, -80], [20_000, 40.41, -80], [9_000, 40.42001, -80]]
    rest(dynamo)
    assert report(api, fix(5, 40.44), fix(6, 40.44001), fix(7, 40.44)).value["accepted"]
    assert contents(dynamo)[KEY]["reported"] == [[2_000, 40.44, -80], [0, 40.44, -80]]


def test_a_newer_report_replaces_all_that_was_measured(api: Api, dynamo: "Table") -> None:
    report(api, fix(-30, heading=90, speed=4.5))
    rest(dynamo)
    before = contents(dynamo)[KEY]
    assert report(api, fix(0, 40.5, speed=5)).value["accepted"]
    row = contents(dynamo)[KEY]
    assert (row["lat"], row["speed"], row["sequence"]) == (40.5, 5, before["sequence"] + 1)
    assert "heading" not in row


@pytest.mark.parametrize("seconds", [0, -1], ids=["the same again", "an older one"])
def test_what_is_not_the_newest_is_done_with_and_changes_nothing(api: Api, dynamo: "Table", seconds: float) -> None:
    report(api, fix())
    before = contents(dynamo)
    assert report(api, fix(seconds)).value == known(60)
    rest(dynamo)
    assert report(api, fix(seconds)).value == known(60)
    before[KEY]["reported_at"] = contents(dynamo)[KEY]["reported_at"]
    assert contents(dynamo) == before


def test_what_comes_too_soon_after_a_report_is_to_be_sent_again(api: Api, dynamo: "Table") -> None:
    """However many functions push what is reported, an order's watchers are told once a second at most."""
    assert report(api, fix(-3)).value == taken(60)
    rest(dynamo, 0.5)
    before = contents(dynamo)
    assert report(api, fix(-2), fix(-1)).value == TOO_SOON
    assert contents(dynamo) == before
    rest(dynamo)
    assert report(api, fix(-2, 40.44), fix(-1, 40.45), fix(0, 40.46)).value == taken(60)
    assert contents(dynamo)[KEY]["reported"] == [[2_000, 40.44, -80], [1_000, 40.45, -80], [0, 40.46, -80]]


def test_a_stop_that_is_set_makes_no_report_too_soon(api: Api, dynamo: "Table") -> None:
    assert report(api, fix(-3)).value == taken(60)
    rest(dynamo)
    dynamo.update_item(
        Key={"pk": KEY[0], "sk": KEY[1]},
        UpdateExpression="SET occurred_at = :now, turned_at = :now",
        ExpressionAttributeValues={":now": rfc3339(datetime.now(UTC))},
    )
    assert report(api, fix()).value == taken(60)


def test_moments_compare_whatever_their_offset_and_precision(api: Api, dynamo: "Table") -> None:
    local = (NOW + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S+01:00")
    assert report(api, {**fix(), "at": local}).value["accepted"]
    assert contents(dynamo)[KEY]["at"] == rfc3339(NOW)
    assert report(api, {**fix(), "at": NOW.strftime("%Y-%m-%dT%H:%M:%SZ")}).value == known(60)
    rest(dynamo)
    assert report(api, fix(0.25)).value["accepted"]


def test_a_driver_on_the_way_to_a_stop_reports_more_often(api: Api, dynamo: "Table") -> None:
    stop = {"stop": "PICKUP", "lat": 40.44, "lng": -80.0, "since": rfc3339(NOW)}
    dynamo.put_item(Item=stored(driver(**{"stop#order-1": stop})))
    assert report(api, fix()).value == taken(30)
    assert report(api, fix()).value == known(30)
    assert contents(dynamo)[KEY]["stop#order-1"] == stop


def test_a_driver_who_waits_at_a_stop_reports_often_only_while_somebody_watches(api: Api, dynamo: "Table") -> None:
    there = {"stop": "PICKUP", "lat": 40.44, "lng": -80.0, "since": rfc3339(NOW), "arrived": True}
    watched = there | {"watched_until": rfc3339(NOW + timedelta(minutes=20))}
    for stop, next_in in ((there, 60), (watched, 5)):
        dynamo.put_item(Item=stored(driver(**{"stop#order-1": stop})))
        assert report(api, fix()).value == taken(next_in)


def test_a_driver_known_by_a_stop_alone_may_report(api: Api, dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(driver(lat=None, lng=None, at=None, reported=None)))
    assert report(api, fix()).value["accepted"]
    assert contents(dynamo)[KEY]["sequence"] == 2


def test_what_a_phone_measured_while_it_was_out_of_reach_is_taken(api: Api, dynamo: "Table") -> None:
    assert report(api, fix(-23 * 3600), fix()).value["accepted"]


def test_a_report_that_is_too_old_is_refused_with_what_is_allowed(api: Api) -> None:
    assert "allowed is from 24 hours before now" in report(api, fix(-24 * 3600 - 60)).message


@pytest.mark.parametrize(
    "positions",
    [
        [],
        [fix()] * 101,
        [fix(), fix(lat=90.5)],
        [fix() | {"lng": 180.5}],
        [fix(heading=361)],
        [fix(heading=-1)],
        [fix(speed=101)],
        [fix(speed=-1)],
        [fix(), fix(-24 * 3600 - 60)],
        [fix(), fix() | {"at": "0001-01-01T00:00:00Z"}],
        [fix(), fix() | {"at": "2026-01-05T18:30:00+05:30:15"}],
    ],
    ids=[
        "none",
        "too many",
        "lat",
        "lng",
        "heading",
        "no heading",
        "speed",
        "no speed",
        "older than a day",
        "the first year of all",
        "an offset that no clock has",
    ],
)
def test_bad_input_is_refused_before_anything_is_written(
    api: Api, dynamo: "Table", positions: list[dict[str, Any]]
) -> None:
    assert report(api, *positions).error == "Invalid"
    assert contents(dynamo) == {}


def test_a_clock_that_is_ahead_is_refused(api: Api, dynamo: "Table") -> None:
    ahead = datetime.now(UTC) + timedelta(seconds=90)  # not NOW, which may be long ago when this runs
    assert "allowed is up to 60 seconds after now" in report(api, fix() | {"at": rfc3339(ahead)}).message
    assert contents(dynamo) == {}
