"""What is asked of CloudWatch Logs about an order's events, and what is made of its answers."""

import json
from typing import Any

import pytest

from infra import consumers_api
from local.appsync.evaluate import evaluate
from local.appsync.javascript import Evaluation
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


def answered(content: Any, status: int = 200) -> Evaluation:
    result = {"statusCode": status, "headers": {}, "body": content if isinstance(content, str) else json.dumps(content)}
    context = {"env": ENV, "arguments": ARGUMENTS, "result": result}
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
        "limit": 200,
    }
    assert requested(after="next").value["params"]["body"]["nextToken"] == "next"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"consumer": "orders-outbox"}, "consumer is orders-outbox; allowed are dispatch-inbox"),
        ({"consumer": "../orders-inbox"}, "allowed are"),
        ({"orderId": 'x" || "y'}, "orderId is not a UUID"),
        ({"since": "2026-01-05T18:30:00+05:30:15"}, "since is"),
        ({"until": "2026-01-05T18:29:59Z"}, "from since to a day later"),
        ({"until": "2026-01-06T18:30:01Z"}, "from since to a day later"),
        ({"after": "x" * 3_000}, "not a cursor"),
    ],
)
def test_bad_input_is_invalid(arguments: dict[str, Any], told: str) -> None:
    thrown = requested(**arguments).thrown
    assert thrown
    assert (thrown.error_type, told in thrown.message) == ("Invalid", True)


def test_lines_become_reports() -> None:
    lines = [
        line(level="INFO", message="event handled", event_id=EVENT, correlation_id=ORDER, outcome="applied"),
        line(message="event failed", event_id=EVENT, outcome="failed", reason="Throttled('x')", exception="Traceback"),
        line(message="round run", zone="891e2659c2fffff"),
        {"timestamp": SINCE_MS, "message": "START RequestId"},
    ]
    at = "2026-01-05T18:30:00.250Z"
    assert answered({"events": lines, "nextToken": "next"}).value == {
        "reports": [
            {"at": at, "eventId": EVENT, "outcome": "applied", "reason": None, "decision": None},
            {"at": at, "eventId": EVENT, "outcome": "failed", "reason": "Throttled('x')", "decision": None},
        ],
        "endCursor": "next",
    }


def test_a_trip_that_was_offered_says_why() -> None:
    considered = [{"driver_id": "driver-2", "costs_more_s": None, "because": "its shift ends"}]
    offered = line(
        message="trip offered",
        offer_id="offer-1",
        driver_id="driver-1",
        order_ids=[ORDER],
        size=2,
        metres=3_400,
        leaves_when_free=False,
        decided="least delay",
        considered=considered,
    )
    [report] = answered({"events": [offered]}).value["reports"]
    assert report["eventId"] is None
    assert report["decision"] == {
        "driverId": "driver-1",
        "decided": "least delay",
        "deliveries": 2,
        "metres": 3_400,
        "leavesWhenFree": False,
        "considered": [{"driverId": "driver-2", "costsMoreSeconds": None, "because": "its shift ends"}],
    }


def test_a_function_that_never_ran_has_no_reports() -> None:
    found = answered({"__type": "com.amazonaws.logs#ResourceNotFoundException", "message": "x"}, 400)
    assert found.value == {"reports": [], "endCursor": None}


def test_a_cursor_that_logs_do_not_know_is_invalid() -> None:
    thrown = answered({"__type": "InvalidParameterException", "message": "x"}, 400).thrown
    assert thrown
    assert thrown.error_type == "Invalid"


@pytest.mark.parametrize(
    ("content", "status"), [({"__type": "ThrottlingException", "message": "x"}, 400), ("<html>", 503), ("", 500)]
)
def test_any_other_failure_is_internal_and_tells_nothing(content: Any, status: int) -> None:
    thrown = answered(content, status).thrown
    assert thrown
    assert (thrown.error_type, "x" in thrown.message.split()) == ("Internal", False)
