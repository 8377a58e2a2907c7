"""What lies in the failure queues."""

import json
import time

import pytest

from local.failures import queues
from local.failures.listing import list_failures
from local.problem import Problem
from tests.local.failures.fakes import Cloud
from tests.local.failures.lying import EVENT, message, queue

EVENT_ID = EVENT["detail"]["metadata"]["event_id"]


def test_every_failure_queue_is_listed_with_what_lies_in_it_and_it_stays_there(cloud: Cloud) -> None:
    cloud.queue("orders-inbox")
    cloud.queue("dispatch-rounds-failures.fifo")
    inbox = cloud.queue("orders-inbox-failures")
    cloud.send(inbox, "{", reason="not an EventBridge event", source="orders-inbox")
    listed = list_failures(cloud.aws)
    assert [(each.queue, each.count) for each in listed] == [("dispatch-rounds", 0), ("orders-inbox", 1)]
    assert [(each.type, each.reason) for each in listed[1].failures] == [("unreadable", "not an EventBridge event")]
    assert cloud.lying_in(inbox) == ["{"]


def test_more_than_sqs_hands_out_at_once_is_listed_once_each(cloud: Cloud) -> None:
    inbox = cloud.queue("orders-inbox-failures")
    sent = {cloud.send(inbox, "{", reason="bad") for _ in range(23)}
    (listed,) = list_failures(cloud.aws)
    assert {each.message_id for each in listed.failures} == sent
    assert len(listed.failures) == 23


def test_what_failed_at_every_attempt_has_the_last_reason_that_its_consumer_logged(cloud: Cloud) -> None:
    for n, reason in enumerate(["ConnectionError()", "TimeoutError()"]):
        line = {"event_id": EVENT_ID, "outcome": "failed", "reason": reason}
        cloud.log.append((time.time() + n, json.dumps(line)))
    cloud.log.append((time.time() + 2, json.dumps({"event_id": "another", "reason": "KeyError()"})))
    inbox = cloud.queue("orders-inbox-failures")
    cloud.send(inbox, EVENT)
    cloud.send(inbox, {"order_id": "order-1"})
    (listed,) = list_failures(cloud.aws)
    assert {each.type: each.reason for each in listed.failures} == {
        "order.placed.v1": "failed at every attempt: TimeoutError()",
        "timer": "failed at every attempt: see /aws/lambda/delivery-orders-inbox",
    }


def test_a_queue_is_asked_for_by_its_name_or_its_consumers() -> None:
    inbox, rounds = queue("orders-inbox"), queue("dispatch-rounds", fifo=True)
    assert queues.choose([inbox, rounds], ["orders-inbox"]) == [inbox]
    assert queues.choose([inbox, rounds], ["delivery-dispatch-rounds-failures.fifo", "orders-inbox"]) == [inbox, rounds]
    with pytest.raises(Problem, match="There is no failure queue orders-outbox"):
        queues.choose([inbox, rounds], ["orders-inbox", "orders-outbox"])


def test_a_platform_that_is_not_deployed_is_named_as_the_reason(cloud: Cloud) -> None:
    cloud.queue("orders-inbox")
    with pytest.raises(Problem, match="There are no failure queues"):
        list_failures(cloud.aws)


def test_the_age_of_a_message_counts_from_when_it_was_sent() -> None:
    assert message("{", sent_at=1000.5).sent_at == 1000.5
