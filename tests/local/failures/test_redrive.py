"""Failed messages on their way back."""

import json
from typing import Any

import pytest

from infra import names
from local.failures.redrive import Redrive, Redriven
from tests.local.failures.fakes import Cloud, Streams
from tests.local.failures.lying import EVENT, POINTER, RECORD


def redrive(cloud: Cloud, consumer: str) -> Redriven:
    way = Redrive(cloud.aws, wait_s=0, progress=lambda _queue, _done, _total: None)
    return way.queue(cloud.failures(consumer))


def test_messages_go_back_to_their_queue_and_leave_the_failure_queue(cloud: Cloud) -> None:
    inbox, failures = cloud.queue("orders-inbox"), cloud.queue("orders-inbox-failures")
    for n in range(12):
        cloud.send(failures, {"n": n}, reason="newer version", source="orders-inbox")
    assert redrive(cloud, "orders-inbox") == Redriven("orders-inbox", 12, (), under_way=12)
    assert cloud.lying_in(failures) == []
    assert len(cloud.lying_in(inbox)) == 10


def test_a_message_that_cannot_be_sent_stays_and_says_why(cloud: Cloud) -> None:
    failures = cloud.queue("orders-inbox-failures")  # and no queue that they came from
    cloud.send(failures, "{", reason="newer version")
    done = redrive(cloud, "orders-inbox")
    assert done.redriven == 0
    assert "NonExistentQueue" in str(done.left[0].reason)
    assert cloud.lying_in(failures) == ["{"]


def test_a_round_goes_back_into_the_fifo_queue_with_its_zone_as_group(cloud: Cloud) -> None:
    rounds, failures = cloud.queue("dispatch-rounds.fifo"), cloud.queue("dispatch-rounds-failures.fifo")
    cloud.send(failures, {"zone": "872aa845affffff"})
    assert redrive(cloud, "dispatch-rounds").redriven == 1
    (sent,) = cloud.sqs.receive_message(QueueUrl=rounds, MessageSystemAttributeNames=["All"])["Messages"]
    assert sent["Attributes"]["MessageGroupId"] == "872aa845affffff"


def test_an_event_leaves_once_it_is_logged(cloud: Cloud) -> None:
    failures = cloud.queue("event-log-failures")
    for n in range(2):
        cloud.send(failures, EVENT | {"n": n})
    assert redrive(cloud, "event-log") == Redriven("event-log", 2, ())
    assert [(group, json.loads(text)["detail"]) for group, text in cloud.written] == 2 * [
        (names.EVENT_LOG, EVENT["detail"])
    ]
    assert cloud.lying_in(failures) == []


def test_an_event_that_the_log_refuses_stays_and_says_why(cloud: Cloud) -> None:
    failures = cloud.queue("event-log-failures")
    cloud.send(failures, EVENT | {"n": "too-old"})
    assert "does not take it: {'tooOldLogEventEndIndex': 0}" in str(redrive(cloud, "event-log").left[0].reason)
    assert len(cloud.lying_in(failures)) == 1


def test_a_change_leaves_once_its_outbox_has_published_it(cloud: Cloud) -> None:
    failures = cloud.queue("orders-outbox-failures")
    cloud.send(failures, RECORD, reason="gave up")
    assert redrive(cloud, "orders-outbox") == Redriven("orders-outbox", 1, ())
    assert cloud.functions.invoked == [("delivery-orders-outbox", {"Records": [RECORD]})]
    assert cloud.lying_in(failures) == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"batchItemFailures": [{"itemIdentifier": "7"}]}, "delivery-orders-outbox asks for it to be tried again"),
        ("no table", "delivery-orders-outbox: ValueError: no table"),
    ],
)
def test_a_change_whose_outbox_fails_again_stays_and_says_why(cloud: Cloud, answer: Any, reason: str) -> None:
    failures = cloud.queue("orders-outbox-failures")
    cloud.send(failures, RECORD, reason="gave up")
    cloud.functions.answers = [answer]
    done = redrive(cloud, "orders-outbox")
    assert done.redriven == 0
    assert str(done.left[0].reason).startswith(reason)
    assert cloud.lying_in(failures) == [json.dumps(RECORD)]


def test_a_change_that_its_outbox_parks_again_does_not_count_as_redriven(cloud: Cloud) -> None:
    failures = cloud.queue("orders-outbox-failures")
    cloud.send(failures, RECORD, reason="KeyError")
    invoke = cloud.functions.invoke

    def parking(**request: Any) -> Any:
        cloud.send(failures, RECORD, reason="KeyError again")
        return invoke(**request)

    cloud.functions.invoke = parking  # type: ignore[method-assign]
    done = redrive(cloud, "orders-outbox")
    assert done.redriven == 0
    assert [each.reason for each in done.left] == ["KeyError again"]


def test_a_batch_that_its_stream_gave_up_is_invoked_as_lambda_would_have(cloud: Cloud) -> None:
    cloud.streams = Streams(["6", "7", "8", "9", "10"])
    cloud.send(cloud.queue("orders-outbox-failures"), POINTER)
    assert redrive(cloud, "orders-outbox").redriven == 1
    ((function, payload),) = cloud.functions.invoked
    assert function == "delivery-orders-outbox"
    assert [record["dynamodb"]["SequenceNumber"] for record in payload["Records"]] == ["7", "8", "9"]
    record = payload["Records"][0]
    assert record["eventSourceARN"] == POINTER["DDBStreamBatchInfo"]["streamArn"]
    assert record["userIdentity"] == {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    assert record["dynamodb"]["ApproximateCreationDateTime"] == 1767571200
    assert record["dynamodb"]["OldImage"] == {"signature": {"B": "AP8="}}


@pytest.mark.parametrize(
    ("there", "reason"),
    [(["8", "9"], "the stream keeps its records for 24 hours"), (["7", "8"], "the stream ends before the last")],
)
def test_a_batch_that_its_stream_has_no_more_stays_and_says_so(cloud: Cloud, there: list[str], reason: str) -> None:
    cloud.streams = Streams(there)
    failures = cloud.queue("orders-outbox-failures")
    cloud.send(failures, POINTER)
    done = redrive(cloud, "orders-outbox")
    assert str(done.left[0].reason).startswith(reason)
    assert cloud.lying_in(failures) == [json.dumps(POINTER)]


def test_a_missed_call_by_the_clock_is_made_up_for(cloud: Cloud) -> None:
    cloud.send(cloud.queue("orders-sweep-schedule-failures"), {"detail-type": "Scheduled Event"})
    assert redrive(cloud, "orders-sweep-schedule").redriven == 1
    assert cloud.functions.invoked == [("delivery-orders-sweep", {"detail-type": "Scheduled Event"})]


def test_a_command_that_is_cut_off_leaves_everything_that_it_has_not_redriven(cloud: Cloud) -> None:
    failures = cloud.queue("orders-outbox-failures")
    for _ in range(3):
        cloud.send(failures, RECORD)

    def cut_off(_queue: str, done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Redrive(cloud.aws, wait_s=0, progress=cut_off).queue(cloud.failures("orders-outbox"))
    assert len(cloud.lying_in(failures)) == 1
