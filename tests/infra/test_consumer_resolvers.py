"""What is asked of CloudWatch Logs about an order's events, and what is made of its answers."""

import json
from math import inf
from typing import Any

import pytest
from delivery_events.envelope import log_fields
from delivery_events.inbox import Outcome

from infra import consumers_api
from local.appsync.evaluate import evaluate
from local.appsync.javascript import Evaluation
from services.dispatch import rounds
from services.dispatch.planner.model import Considered, Explanation
from tests.dispatch.rows import planned
from tests.events import samples
from tests.infra.test_failure_resolvers import bundled

ORDER, EVENT = "0b9e4f5a-2c1d-4e8f-9a7b-3c6d5e4f2a1b", "7f3c2b1a-9d8e-5f6a-8b7c-1d2e3f4a5b6c"
ENV = consumers_api.environment()
ARGUMENTS = {
    "consumer": "orders-inbox",
    "orderId": ORDER,
    "since": "2026-01-05T18:30:00Z",
    "until": "2026-01-05T19:30:00.5Z",
}
SINCE_MS = 1_767_637_800_000


def requested(**arguments: Any) -> Evaluation:
    context = {"env": ENV, "arguments": ARGUMENTS | arguments}
    return evaluate(bundled()["Query.consumerReports"], "request", context)


def answered(content: Any, status: int = 200, **arguments: Any) -> Evaluation:
    result = {"statusCode": status, "headers": {}, "body": content if isinstance(content, str) else json.dumps(content)}
    context = {"env": ENV, "arguments": ARGUMENTS | arguments, "result": result}
    return evaluate(bundled()["Query.consumerReports"], "response", context)


def line(**content: Any) -> dict[str, Any]:
    return {"timestamp": SINCE_MS + 250, "message": json.dumps(content) + "\n"}


def test_consumers_are_named_without_asking_anybody() -> None:
    found = evaluate(bundled()["Query.consumers"], "request", {"env": ENV})
    assert found.value == consumers_api.consumers()
    assert {"orders-inbox", "dispatch-rounds"} <= set(found.value)


def test_one_log_is_searched_for_the_order_between_two_moments() -> None:
    found = requested().value
    assert (found["method"], found["resourcePath"]) == ("POST", "/")
    assert found["params"]["headers"] == {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "Logs_20140328.FilterLogEvents",
    }
    assert found["params"]["body"] == {
        "logGroupName": "/aws/lambda/delivery-orders-inbox",
        "filterPattern": f'"{ORDER}"',
        "startTime": SINCE_MS,
        "endTime": SINCE_MS + 3_600_500,
        "limit": 500,
    }
    cursor = "b/" * 4_000  # nothing says how long they may be
    assert requested(after=cursor).value["params"]["body"]["nextToken"] == cursor


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"consumer": "orders-outbox"}, "consumer is orders-outbox; allowed are dispatch-inbox"),
        ({"consumer": "../orders-inbox"}, "allowed are"),
        ({"orderId": 'x" || "y'}, "orderId is not a UUID"),
        ({"since": "2026-01-05T18:30:00+05:30:15"}, "since is"),
        ({"until": "2026-01-05T18:29:59Z"}, "from since to a day later"),
        ({"until": "2026-01-06T18:30:01Z"}, "from since to a day later"),
        ({"since": "1969-12-31T23:59:59Z"}, "a time from 1970 on"),
    ],
)
def test_bad_input_is_invalid(arguments: dict[str, Any], told: str) -> None:
    thrown = requested(**arguments).thrown
    assert thrown
    assert (thrown.error_type, told in thrown.message) == ("Invalid", True)


def report_of(**content: Any) -> Any:
    [report] = answered({"events": [line(**content)]}).value["reports"]
    return report


def test_what_an_inbox_logs_becomes_a_report() -> None:
    event = samples.event("order.placed.v1")
    logged = {**log_fields(event), "message": "event handled", "outcome": Outcome.APPLIED.value}
    assert report_of(**logged) == {
        "at": "2026-01-05T18:30:00.250Z",
        "eventId": str(event.metadata.event_id),
        "outcome": "applied",
        "reason": None,
        "partner": None,
        "decision": None,
    }
    failed = report_of(**logged | {"outcome": "failed", "reason": "Throttled('x')", "partner": "acme"})
    assert (failed["outcome"], failed["reason"], failed["partner"]) == ("failed", "Throttled('x')", "acme")


def test_lines_about_something_else_are_left_out() -> None:
    lines = [
        line(message="round run", zone="891e2659c2fffff"),
        {"timestamp": SINCE_MS, "message": "START RequestId"},
        {"timestamp": SINCE_MS, "message": '{"event_id": "cut off'},
    ]
    assert answered({"events": lines, "nextToken": "next"}).value == {"reports": [], "endCursor": "next"}


def test_what_a_round_logs_of_an_offer_becomes_a_decision() -> None:
    others = (Considered("driver-2", inf, 0.0, "its shift ends"), Considered("driver-3", 41.6, 0.0, "far away"))
    why = Explanation("least delay", others)
    offer = planned("driver-1", "order-1", "order-2")
    report = report_of(message="trip offered", **rounds._told("891e2659c2fffff", offer, why, ahead=True))
    assert report["eventId"] is None
    assert report["decision"] == {
        "driverId": "driver-1",
        "decided": "least delay",
        "deliveries": 2,
        "metres": 2_600,
        "leavesWhenFree": True,
        "considered": [
            {"driverId": "driver-2", "costsMoreSeconds": None, "because": "its shift ends"},
            {"driverId": "driver-3", "costsMoreSeconds": 42, "because": "far away"},
        ],
    }
    unexplained = report_of(message="trip offered", **rounds._told("891e2659c2fffff", offer, None, ahead=False))
    assert (unexplained["decision"]["decided"], unexplained["decision"]["considered"]) == ("", [])


def test_a_function_that_never_ran_has_no_reports() -> None:
    found = answered({"__type": "com.amazonaws.logs#ResourceNotFoundException", "message": "x"}, 400)
    assert found.value == {"reports": [], "endCursor": None}


def test_a_cursor_that_logs_do_not_know_is_invalid() -> None:
    refused = {"__type": "InvalidParameterException", "message": "x"}
    for after, told in (("old", "Invalid"), (None, "Internal")):
        thrown = answered(refused, 400, after=after).thrown
        assert thrown
        assert thrown.error_type == told


@pytest.mark.parametrize(
    ("content", "status"), [({"__type": "ThrottlingException", "message": "x"}, 400), ("<html>", 503), ("", 500)]
)
def test_any_other_failure_is_internal_and_tells_nothing(content: Any, status: int) -> None:
    thrown = answered(content, status).thrown
    assert thrown
    assert (thrown.error_type, "x" in thrown.message.split()) == ("Internal", False)
