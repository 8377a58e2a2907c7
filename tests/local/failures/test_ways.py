"""The way back of each kind of failed message."""

from typing import Any

import pytest

from infra import names
from local.failures.ways import NoWayBack, ToFunction, ToFunctionFromStream, ToLog, ToQueue, way_back
from tests.local.failures.lying import EVENT, POINTER, RECORD, message, queue

KEPT = {"channel": "SMS"}
NOT_DELIVERED = {
    "RULE_ARN": "arn:aws:events:us-east-1:0:rule/delivery/all",
    "TARGET_ARN": "arn:aws:sqs:us-east-1:0:delivery-tracking-inbox",
    "ERROR_CODE": "NO_PERMISSIONS",
    "ERROR_MESSAGE": "not allowed",
    "RETRY_ATTEMPTS": "1",
    "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
}


def test_what_a_consumer_failed_on_goes_back_to_its_queue_as_it_came() -> None:
    text = '{"not": "touched" }'
    way = way_back(
        queue("notifications-sms"), message(text, KEPT | {"reason": "no alert", "source": "notifications-sms"})
    )
    assert way == ToQueue("delivery-notifications-sms", text, KEPT)


def test_what_a_rule_could_not_deliver_goes_where_the_rule_would_have_sent_it() -> None:
    failed = message(EVENT, NOT_DELIVERED)
    assert way_back(queue("orders-inbox"), failed) == ToQueue("delivery-tracking-inbox", failed.body, {})


def test_a_round_goes_back_into_its_zones_group_under_an_id_that_is_no_duplicate() -> None:
    parked = message({"zone": "872aa845affffff"}, {"reason": "no zone"}, group="message-0")
    assert way_back(queue("dispatch-rounds", fifo=True), parked) == ToQueue(
        "delivery-dispatch-rounds.fifo", parked.body, {}, "872aa845affffff", "redrive:message-1"
    )


def test_a_round_without_a_zone_keeps_its_group() -> None:
    way = way_back(queue("dispatch-rounds", fifo=True), message("{", group="message-0"))
    assert isinstance(way, ToQueue)
    assert way.group == "message-0"


def test_a_change_goes_to_its_outbox_alone_in_a_batch() -> None:
    way = way_back(queue("orders-outbox"), message(RECORD, {"reason": "KeyError: 'status'"}))
    assert way == ToFunction("delivery-orders-outbox", {"Records": [RECORD]}, report=True)


def test_a_batch_that_a_stream_gave_up_is_read_from_the_stream() -> None:
    way = way_back(queue("orders-outbox"), message(POINTER))
    assert way == ToFunctionFromStream("delivery-orders-outbox", POINTER["DDBStreamBatchInfo"])


def test_a_missed_call_by_the_clock_is_made_up_for() -> None:
    way = way_back(queue("orders-sweep-schedule"), message({"detail-type": "Scheduled Event"}, NOT_DELIVERED))
    assert way == ToFunction("delivery-orders-sweep", {"detail-type": "Scheduled Event"}, report=False)


def test_an_event_that_was_not_logged_is_logged_and_no_consumer_gets_it_again() -> None:
    to_log = NOT_DELIVERED | {"TARGET_ARN": f"arn:aws:logs:us-east-1:0:log-group:{names.EVENT_LOG}"}
    failed = message(EVENT, to_log)
    assert way_back(queue("event-log"), failed) == ToLog(names.EVENT_LOG, failed.body)
    with pytest.raises(NoWayBack, match="not an event"):
        way_back(queue("event-log"), message("{", to_log))


@pytest.mark.parametrize("body", ["{", {"hello": "world"}, {"DDBStreamBatchInfo": {"shardId": "shard-1"}}])
def test_what_no_outbox_could_handle_has_no_way_back(body: Any) -> None:
    with pytest.raises(NoWayBack):
        way_back(queue("orders-outbox"), message(body))
