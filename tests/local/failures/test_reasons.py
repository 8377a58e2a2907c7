"""What a failed message tells about itself."""

from typing import Any

import pytest

from local.failures.reasons import describe
from tests.local.failures.lying import EVENT, POINTER, RECORD, message, queue

NOT_DELIVERED = {
    "RULE_ARN": "arn:aws:events:us-east-1:0:rule/delivery/delivery-orders-inbox-from-dispatch",
    "TARGET_ARN": "arn:aws:sqs:us-east-1:0:delivery-orders-inbox",
    "ERROR_CODE": "NO_PERMISSIONS",
    "ERROR_MESSAGE": "not allowed",
}


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (EVENT, "order.placed.v1"),
        ({"template": "order_confirmed", "channel": "SMS", "event_id": "e"}, "alert order_confirmed SMS"),
        (RECORD, "change MODIFY"),
        (POINTER, "3 changes"),
        ({"kind": "offer_expiry"}, "timer offer_expiry"),
        ({"zone": "872aa845affffff"}, "round"),
        ({"order_id": "order-1"}, "timer"),
        ("{", "unreadable"),
        ("[1]", "unreadable"),
    ],
)
def test_the_body_tells_what_it_is(body: Any, type_: str) -> None:
    assert describe(queue("orders-inbox"), message(body), now=1000).type == type_


def test_a_parked_message_has_the_reason_and_who_parked_it() -> None:
    found = describe(
        queue("orders-inbox"), message(EVENT, {"reason": "newer version", "source": "orders-inbox"}), now=1060.25
    )
    assert (found.reason, found.source, found.age_s) == ("newer version", "orders-inbox", 60.2)
    assert found.event_id == EVENT["detail"]["metadata"]["event_id"]


def test_an_event_that_a_rule_could_not_deliver_names_rule_and_error() -> None:
    found = describe(queue("orders-inbox"), message(EVENT, NOT_DELIVERED), now=1000)
    assert found.source == "rule delivery-orders-inbox-from-dispatch"
    assert found.reason == "not delivered: NO_PERMISSIONS: not allowed"
    retried = describe(queue("orders-inbox"), message(EVENT, NOT_DELIVERED | {"RETRY_ATTEMPTS": "185"}), now=1000)
    assert retried.reason == "not delivered after 185 retries: NO_PERMISSIONS: not allowed"


def test_a_missed_call_by_the_clock_has_the_error_of_the_last_attempt() -> None:
    said = {"RequestID": "1", "ErrorCode": "200", "ErrorMessage": "no table"}
    found = describe(queue("orders-sweep-schedule"), message({"detail-type": "Scheduled Event"}, said), now=1000)
    assert (found.type, found.source) == ("Scheduled Event", "orders-sweep-schedule")
    assert found.reason == "failed at every attempt: no table"


def test_a_batch_that_a_stream_gave_up_says_after_how_many_attempts() -> None:
    found = describe(queue("orders-outbox"), message(POINTER), now=1000)
    assert (found.source, found.reason) == ("orders-outbox", "RetryAttemptsExhausted after 21 attempts")


def test_what_sqs_moved_after_its_last_attempt_has_no_reason_of_its_own() -> None:
    assert describe(queue("orders-inbox"), message(EVENT), now=1000).reason is None
