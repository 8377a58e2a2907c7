import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from delivery_events import Event, inbox
from delivery_events.inbox import Inbox, Outcome
from delivery_events.orders import OrderPlaced, OrderReady

from tests.events.fakes import Failures
from tests.events.samples import event


def body(sent: Event[Any]) -> str:
    """What EventBridge puts into the queue."""
    return json.dumps(
        {
            "source": sent.data.SOURCE,
            "detail-type": sent.detail_type,
            "detail": json.loads(sent.model_dump_json(exclude_none=True)),
        }
    )


class Here:
    """An inbox with everything around it. Handling order-bad fails."""

    def __init__(self) -> None:
        self.failures = Failures()
        self.handled: list[int] = []
        self.inbox = Inbox(
            {OrderPlaced: self.handle_event, OrderReady: self.handle_event}, self.failures.queue("inbox")
        )

    def handle_event(self, received: Event[Any]) -> Outcome:
        if received.data.order_id == "order-bad":
            raise ConnectionError("table not reachable")
        if received.metadata.sequence in self.handled:
            return Outcome.STALE
        self.handled.append(received.metadata.sequence)
        return Outcome.APPLIED

    def handle(self, *bodies: str) -> list[str]:
        """The ids of the messages to deliver again; a message's id is its position."""
        records = [
            {"messageId": str(n), "eventSource": "aws:sqs", "body": text, "attributes": {}, "messageAttributes": {}}
            for n, text in enumerate(bodies)
        ]
        answer = self.inbox.handle({"Records": records}, LambdaContext())
        return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]


@pytest.fixture
def here() -> Here:
    return Here()


def placed(sequence: int, **values: Any) -> str:
    return body(event("order.placed.v1", sequence=sequence, **values))


def test_each_event_goes_to_the_function_for_its_type(here: Here) -> None:
    assert here.handle(placed(1), body(event("order.ready.v1", sequence=2))) == []
    assert here.handled == [1, 2]


def test_a_duplicate_changes_nothing_and_the_log_says_so(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[dict[str, str]] = []
    monkeypatch.setattr(inbox.logger, "info", lambda _text, *, extra: lines.append(extra))
    assert here.handle(placed(1), placed(1)) == []
    assert here.handled == [1]
    assert here.failures.messages == []
    assert [line["outcome"] for line in lines] == ["applied", "stale"]
    assert {line["event_id"] for line in lines} == {str(event("order.placed.v1").metadata.event_id)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not an EventBridge event: JSONDecodeError"),
        ("[]", "not an EventBridge event: TypeError"),
        ("{}", "not an EventBridge event: KeyError('detail-type')"),
        ('{"detail-type": "order.placed.v1"}', "not an EventBridge event: KeyError('detail')"),
        ('{"detail-type": ["order.placed.v1"], "detail": {}}', "no event type"),
        ('{"detail-type": "order.placed.v1", "detail": {}}', "not a valid order.placed.v1: metadata: Field required"),
        ('{"detail-type": "order.placed.v2", "detail": {}}', "order.placed is known in major version [1], not 2"),
        ('{"detail-type": "order.teleported.v1", "detail": {}}', "no event type 'order.teleported.v1'"),
        (body(event("order.failed.v1")), "nothing here handles order.failed.v1; handled are order.placed.v1, order.re"),
    ],
)
def test_what_cannot_be_handled_is_parked_with_the_reason_and_the_rest_goes_on(
    here: Here, text: str, reason: str
) -> None:
    assert here.handle(placed(1), text, placed(2)) == []
    assert here.handled == [1, 2]
    assert here.failures.bodies == [text]
    assert here.failures.reasons[0].startswith(reason)
    assert here.failures.messages[0]["QueueUrl"] == "https://sqs/failures"
    assert here.failures.messages[0]["MessageAttributes"]["source"]["StringValue"] == "inbox"


def test_the_log_tells_which_event_was_parked_and_quotes_nothing_else_of_it(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, str]] = []
    monkeypatch.setattr(inbox.logger, "error", lambda _text, *, extra: lines.append(extra))
    newer = json.loads(body(event("order.placed.v1", order_id="order-1"))) | {"detail-type": "order.placed.v2"}
    newer["detail"]["metadata"]["correlation_id"] = "+12025550123"
    here.handle(json.dumps(newer), '{"detail-type": "order.placed.v1", "detail": {"metadata": "none"}}')
    assert lines[0] == {
        "event_id": newer["detail"]["metadata"]["event_id"],
        "message_id": "0",
        "outcome": "parked",
        "reason": "order.placed is known in major version [1], not 2",
    }
    assert "event_id" not in lines[1]


def test_an_event_whose_function_fails_is_delivered_again_and_the_rest_goes_on(here: Here) -> None:
    assert here.handle(placed(1), placed(2, order_id="order-bad"), placed(3)) == ["1"]
    assert here.handled == [1, 3]
    assert here.failures.messages == []


def test_a_whole_batch_that_fails_is_delivered_again_whole(here: Here) -> None:
    assert here.handle(placed(1, order_id="order-bad"), placed(2, order_id="order-bad")) == ["0", "1"]


def test_a_reason_fits_a_message_attribute(here: Here) -> None:
    here.handle(json.dumps({"detail-type": "x" * 5000, "detail": {}}))
    assert len(here.failures.reasons[0]) == 1000
