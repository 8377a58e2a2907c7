"""What an outbox tells subscribers, and that a push that fails keeps nothing from going on."""

import json
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from delivery_events.push import Publication, Push
from delivery_events.pusher import Pusher, readable

SAY = Publication("say", "SayInput", "room place { lat } text")


class Endpoint:
    """Answers with what it was given, in turn, and keeps what it was sent."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.sent: list[Any] = []

    def send(self, body: bytes) -> tuple[int, bytes]:
        self.sent.append(json.loads(body))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, content = answer
        return status, content if isinstance(content, bytes) else json.dumps(content).encode()


OK = (200, {"data": {"say": {"room": "hall"}}})


def push(endpoint: Endpoint, *texts: str | None) -> None:
    Pusher(endpoint.send).push([Push(SAY, {"room": "hall", "text": text}) for text in texts])


def test_a_push_is_one_request_that_selects_all_that_filters_may_look_at() -> None:
    endpoint = Endpoint(OK)
    push(endpoint, "hello")
    assert endpoint.sent == [
        {
            "query": "mutation($input: SayInput!) { say(input: $input) { room place { lat } text } }",
            "variables": {"input": {"room": "hall", "text": "hello"}},
        }
    ]


def test_what_is_not_known_is_left_out() -> None:
    endpoint = Endpoint(OK)
    push(endpoint, None)
    assert endpoint.sent[0]["variables"] == {"input": {"room": "hall"}}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (ConnectTimeoutError(endpoint_url="http://api.invalid"), "ConnectTimeoutError"),
        ((200, {"data": None, "errors": [{"errorType": "Unauthorized", "message": "secret"}]}), "Unauthorized"),
        ((401, {"errors": [{"errorType": "UnauthorizedException"}]}), "HTTP 401, UnauthorizedException"),
        ((502, b"<html>"), "HTTP 502, and no JSON"),
    ],
    ids=["no answer", "an error", "a refusal", "no JSON"],
)
def test_a_push_that_fails_is_logged_not_made_again_and_the_next_goes_out(
    answer: Any, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="test.delivery_events.pusher")
    endpoint = Endpoint(answer, OK)
    push(endpoint, "personal", "next")
    assert [sent["variables"]["input"]["text"] for sent in endpoint.sent] == ["personal", "next"]
    failed, pushed = map(vars, caplog.records)
    assert (failed["mutation"], reason in failed["reason"]) == ("say", True)
    assert (pushed["msg"], pushed["mutation"]) == ("pushed", "say")
    for logged in (failed, pushed):
        assert "personal" not in str(logged)
        assert "secret" not in str(logged)


def test_a_row_that_cannot_be_read_is_pushed_nothing_of(caplog: pytest.LogCaptureFixture) -> None:
    row: dict[str, Any] = {"room": "personal"}
    assert readable(lambda: [Push(SAY, {"room": row["room"]})]) == [Push(SAY, {"room": "personal"})]
    assert readable(lambda: [Push(SAY, {"text": row["text"]})]) == []
    [record] = caplog.records
    assert vars(record)["reason"] == "KeyError"
    assert "personal" not in str(vars(record))
