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
        report("dispatch-rounds", "2026-01-05T18:33:00.040Z", decision={"driverId": "of one not on the timeline yet"}),
    ]
    found = called("byEvent", given, TIMELINE, folder=tmp_path)
    assert {event: [one["decision"]["driverId"] for one in each] for event, each in found.items()} == {
        "offer-1": ["first"],
        "offer-2": ["second"],
    }


def test_logs_are_searched_from_the_first_event_to_some_time_after_the_last(tmp_path: Path) -> None:
    since = "2026-01-05T18:30:00.000Z"
    assert called("periodOf", TIMELINE, None, folder=tmp_path) == {"since": since, "until": "2026-01-05T18:52:00.000Z"}
    days = [*TIMELINE, {"id": "late", "type": "order.completed", "at": "2026-01-09T18:30:00.000Z"}]
    assert called("periodOf", days, None, folder=tmp_path) == {"since": since, "until": "2026-01-06T18:30:00.000Z"}
    assert called("periodOf", [], None, folder=tmp_path) is None


def test_what_was_sent_back_later_is_looked_for_too(tmp_path: Path) -> None:
    at_20 = 1_767_643_200_000
    assert called("periodOf", TIMELINE, at_20, folder=tmp_path)["until"] == "2026-01-05T20:20:00.000Z"


def read_all(pages: str, folder: Path) -> Any:
    """What is read where `page`, of a cursor, answers as this expression says."""
    script = f"""
        import {{ readAll }} from './operator/reports.ts';
        const report = (at) => ({{ at }});
        const asked = [];
        const page = async (after) => {{ asked.push(after); return ({pages})(after); }};
        const {{ reports, complete }} = await readAll('orders-inbox', page);
        console.log(JSON.stringify({{ asked, complete, at: reports.map(({{ at }}) => at) }}));
    """
    return run(script, folder)


def test_pages_are_read_to_the_last_even_if_they_are_empty(tmp_path: Path) -> None:
    answers = """(after) => ({
        null: { reports: [], endCursor: 'a' }, a: { reports: [report('1')], endCursor: 'b' },
        b: { reports: [report('2')], endCursor: null },
    })[after]"""
    assert read_all(answers, tmp_path) == {"asked": [None, "a", "b"], "complete": True, "at": ["1", "2"]}


def test_what_was_read_before_a_page_failed_is_kept(tmp_path: Path) -> None:
    answers = "(after) => { if (after) throw new Error('later'); return { reports: [report('1')], endCursor: 'a' }; }"
    assert read_all(answers, tmp_path) == {"asked": [None, "a"], "complete": False, "at": ["1"]}


def test_a_log_without_an_end_is_not_read_for_ever(tmp_path: Path) -> None:
    found = read_all("() => ({ reports: [], endCursor: 'on' })", tmp_path)
    assert (len(found["asked"]), found["complete"]) == (20, False)
