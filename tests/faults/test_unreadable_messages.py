"""What a consumer cannot read goes to its failure queue with the reason, the rest goes on, and there is a way back."""

import json

import pytest

from tests.faults.cloud import Cloud, envelope, event_id, some_event, until

pytestmark = pytest.mark.local_cloud

# For each service a type that it consumes, and that opens nothing for an order that nobody has heard of.
CONSUMED = {
    "orders": "delivery.assigned",
    "dispatch": "order.ready",
    "tracking": "order.placed",
    "notifications": "order.completed",
}
HANDLED = ("applied", "stale", "ignored")


@pytest.mark.parametrize(("service", "type_"), CONSUMED.items())
def test_an_inbox_parks_what_it_cannot_read_and_takes_it_once_it_is_corrected(
    cloud: Cloud, service: str, type_: str
) -> None:
    inbox = f"{service}-inbox"
    good, newer = some_event(f"{type_}.v1"), some_event(f"{type_}.v1")
    cloud.send(
        inbox,
        "{",
        envelope(newer, **{"detail-type": "order.teleported.v1"}),
        envelope(newer, **{"detail-type": f"{type_}.v2"}),
        envelope(good),
    )

    assert until(lambda: cloud.outcomes(inbox, good), bool)[0] in HANDLED
    failures = until(lambda: cloud.failures(inbox), lambda found: len(found) == 3)
    reasons = [str(failure.reason) for failure in failures]
    assert [reason.partition(":")[0].partition(";")[0] for reason in reasons] == sorted(
        [
            "not an EventBridge event",
            "no event type 'order.teleported.v1'",
            f"{type_} is known in major version [1], not 2",
        ]
    )
    assert {failure.source for failure in failures} == {inbox}

    code, redriven = cloud.redrive(inbox)  # nothing has changed, so all of it comes back
    assert (code, redriven["redriven"]) == (1, 0)
    assert sorted(failure["reason"] for failure in redriven["left"]) == sorted(reasons)

    assert len(cloud.take(inbox)) == 3
    cloud.park(inbox, envelope(newer))
    code, redriven = cloud.redrive(inbox)
    assert (code, redriven["redriven"], redriven["left"]) == (0, 1, [])
    assert until(lambda: cloud.outcomes(inbox, newer)[-1], lambda last: last != "parked") in HANDLED


@pytest.mark.parametrize(
    ("consumer", "body"),
    [
        ("notifications-sms", {"channel": "FAX"}),
        ("notifications-push", {}),
        ("orders-timers", {"order": "1"}),
        ("dispatch-timers", {"kind": "alarm"}),
    ],
)
def test_other_queues_park_what_they_cannot_read(cloud: Cloud, consumer: str, body: dict[str, str]) -> None:
    cloud.send(consumer, json.dumps(body))
    (failure,) = until(lambda: cloud.failures(consumer), bool)
    assert failure.source == consumer
    assert failure.reason
    assert not failure.reason.startswith("failed at every attempt")


def test_a_round_of_no_zone_is_parked_and_holds_up_no_other(cloud: Cloud) -> None:
    cloud.send("dispatch-rounds.fifo", '{"district": "north"}', '{"zone": "872aa845affffff"}')
    (failure,) = until(lambda: cloud.failures("dispatch-rounds"), bool)
    assert failure.source == "dispatch-rounds"
    assert until(lambda: waiting(cloud, "dispatch-rounds.fifo"), lambda number: number == 0) == 0
    assert len(cloud.failures("dispatch-rounds")) == 1


def waiting(cloud: Cloud, queue: str) -> int:
    counts = cloud.sqs.get_queue_attributes(QueueUrl=cloud.url(queue), AttributeNames=["All"])["Attributes"]
    return sum(int(value) for name, value in counts.items() if name.startswith("ApproximateNumberOfMessages"))


def test_an_event_that_no_rule_can_deliver_waits_in_the_failure_queue_for_its_way_back(cloud: Cloud) -> None:
    inbox, event = cloud.url("tracking-inbox"), some_event("order.placed.v1")
    policy = cloud.sqs.get_queue_attributes(QueueUrl=inbox, AttributeNames=["Policy"])["Attributes"]["Policy"]
    cloud.sqs.set_queue_attributes(QueueUrl=inbox, Attributes={"Policy": ""})
    try:
        content = json.loads(envelope(event))
        entry = {"Source": content["source"], "DetailType": content["detail-type"]}
        entry |= {"Detail": json.dumps(content["detail"]), "EventBusName": "delivery"}
        assert cloud.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0
        failures = until(lambda: cloud.failures("tracking-inbox"), bool)
    finally:
        cloud.sqs.set_queue_attributes(QueueUrl=inbox, Attributes={"Policy": policy})
    assert event_id(event) in {failure.event_id for failure in failures}
    assert {failure.source for failure in failures} == {"rule delivery-tracking-inbox-from-orders"}
    assert str(failures[0].reason).startswith("not delivered: NO_PERMISSIONS")

    code, redriven = cloud.redrive("tracking-inbox")
    assert (code, redriven["left"]) == (0, [])
    assert until(lambda: cloud.outcomes("tracking-inbox", event), bool) == ["applied"]


def test_an_event_that_was_not_logged_is_logged_once_it_is_redriven_and_no_consumer_gets_it(cloud: Cloud) -> None:
    event = some_event("order.placed.v1")
    cloud.park("event-log", envelope(event))
    assert cloud.redrive("event-log") == (0, {"queue": "event-log", "redriven": 1, "left": [], "under_way": 0})
    assert [each["event_id"] for each in cloud.published(event.data.order_id)] == [event_id(event)]
    assert cloud.outcomes("tracking-inbox", event) == []
