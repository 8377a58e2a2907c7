"""What consumers told of an order's events stands with the event that it is about."""

import json
from pathlib import Path
from typing import Any

from tests.web.script import run

TIMELINE = [
    {"id": "placed", "type": "order.placed", "at": "2026-01-05T18:30:00.000Z"},
    {"id": "offer-1", "type": "delivery.offered", "at": "2026-01-05T18:31:00.000Z"},
    {"id": "offer-2", "type": "delivery.offered", "at": "2026-01-05T18:32:00.000Z"},
]


def called(function: str, *given: Any, folder: Path) -> Any:
    arguments = ", ".join(json.dumps(each) for each in given)
    shown = "value instanceof Map ? Object.fromEntries(value) : value"
    script = f"""
        import {{ {function} }} from './operator/reports.ts';
        const value = {function}({arguments});
        console.log(JSON.stringify({shown}));
    """
    return run(script, folder)


def report(consumer: str, at: str, event: str | None = None, decision: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"consumer": consumer, "at": at, "eventId": event, "outcome": "applied", "decision": decision}


def test_reports_stand_with_their_event_oldest_first(tmp_path: Path) -> None:
    given = [
        report("tracking-inbox", "2026-01-05T18:30:02.000Z", "placed"),
        report("dispatch-inbox", "2026-01-05T18:30:01.000Z", "placed"),
        report("dispatch-inbox", "2026-01-05T18:30:01.000Z", "another order's"),
    ]
    found = called("byEvent", given, TIMELINE, folder=tmp_path)
    assert [each["consumer"] for each in found["placed"]] == ["dispatch-inbox", "tracking-inbox"]


def test_why_a_trip_was_offered_stands_with_that_offer(tmp_path: Path) -> None:
    given = [
        report("dispatch-rounds", "2026-01-05T18:32:00.040Z", decision={"driverId": "second"}),
        report("dispatch-rounds", "2026-01-05T18:31:00.040Z", decision={"driverId": "first"}),
        report("dispatch-rounds", "2026-01-05T18:30:59.000Z", decision={"driverId": "of no offer"}),
    ]
    found = called("byEvent", given, TIMELINE, folder=tmp_path)
    assert {event: each[0]["decision"]["driverId"] for event, each in found.items()} == {
        "offer-1": "first",
        "offer-2": "second",
    }


def test_logs_are_searched_from_the_first_event_to_some_time_after_the_last(tmp_path: Path) -> None:
    assert called("periodOf", TIMELINE, folder=tmp_path) == {
        "since": "2026-01-05T18:30:00.000Z",
        "until": "2026-01-05T18:42:00.000Z",
    }
    days = [*TIMELINE, {"id": "late", "type": "order.completed", "at": "2026-01-09T18:30:00.000Z"}]
    assert called("periodOf", days, folder=tmp_path)["until"] == "2026-01-06T18:30:00.000Z"
    assert called("periodOf", [], folder=tmp_path) is None
