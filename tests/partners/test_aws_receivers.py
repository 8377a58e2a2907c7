"""A partner's own bus and the queue that is kept for it get what the partner may see, and say why they took nothing."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from delivery_events import parse_public

from services.partners.aws_receivers import PartnerBus, PartnerQueue
from services.partners.domain import Answer, Result
from tests.partners.made import row

BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/incoming"
QUEUE = "https://sqs.us-east-1.amazonaws.com/000000000000/for-partner.fifo"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ACCESS_KEY_ID", "test"), ("SECRET_ACCESS_KEY", "test"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)


def sent(
    receiver: PartnerBus | PartnerQueue, call: str, answer: Mapping[str, Any], **changes: Any
) -> tuple[Any, Result]:
    """The parameters of the one call that a delivery makes, and what came of it."""
    asked: list[Any] = []
    receiver.client.meta.events.register("provide-client-params.*", lambda params, **_: asked.append(params))
    with Stubber(receiver.client) as stubber:
        if "code" in answer:
            stubber.add_client_error(call, answer["code"], "arn:aws:sts::000000000000:assumed-role/ours is not allowed")
        else:
            stubber.add_response(call, dict(answer))
        result = receiver.send(row(**changes))
    [parameters] = asked
    return parameters, result


def queue() -> PartnerQueue:
    return PartnerQueue(boto3.client("sqs"), QUEUE)


def test_a_bus_is_asked_in_its_own_region() -> None:
    """Elsewhere EventBridge answers that a call across regions is not allowed."""
    assert PartnerBus.at(BUS).client.meta.region_name == "eu-west-1"


def test_a_bus_gets_the_event_as_it_is_on_ours_without_what_is_internal() -> None:
    parameters, result = sent(PartnerBus.at(BUS), "put_events", {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})
    [entry] = parameters["Entries"]
    assert (entry["EventBusName"], entry["Source"], entry["DetailType"]) == (
        BUS,
        "delivery.orders",
        "order.confirmed.v1",
    )
    assert entry["Time"] == row()["occurred_at"]
    detail = json.loads(entry["Detail"])
    assert "dropoff" not in detail["data"]
    assert "replay" not in detail
    assert str(parse_public(entry["DetailType"], detail).metadata.event_id) == row()["event_id"]
    assert result == Result(Answer.TAKEN)


@pytest.mark.parametrize(
    "answer",
    [
        {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "NotAuthorized", "ErrorMessage": "no"}]},
        {"code": "NotAuthorized"},
    ],
)
def test_a_bus_that_takes_nothing_is_said_to_by_its_code_alone(answer: Mapping[str, Any]) -> None:
    _, result = sent(PartnerBus.at(BUS), "put_events", answer)
    assert result == Result(Answer.REFUSED, problem="NotAuthorized")


def test_a_queue_gets_each_order_s_events_in_their_order_and_each_once() -> None:
    parameters, result = sent(queue(), "send_message", {"MessageId": "1"})
    assert (parameters["QueueUrl"], parameters["MessageGroupId"]) == (QUEUE, "order-1")
    assert parameters["MessageDeduplicationId"] == f"{row()['event_id']}:live"
    assert "dropoff" not in json.loads(parameters["MessageBody"])["data"]
    assert result == Result(Answer.TAKEN)
    _, refused = sent(queue(), "send_message", {"code": "KMS.DisabledException"})
    assert refused == Result(Answer.REFUSED, problem="KMS.DisabledException")


def test_a_replayed_event_says_so_on_a_bus_and_is_no_repetition_in_a_queue() -> None:
    answer = {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}
    parameters, _ = sent(PartnerBus.at(BUS), "put_events", answer, replay_id="replay-1")
    assert json.loads(parameters["Entries"][0]["Detail"])["replay"] == "replay-1"
    parameters, _ = sent(queue(), "send_message", {"MessageId": "1"}, replay_id="replay-1")
    assert json.loads(parameters["MessageBody"])["replay"] == "replay-1"
    assert parameters["MessageDeduplicationId"] == f"{row()['event_id']}:replay-1"
