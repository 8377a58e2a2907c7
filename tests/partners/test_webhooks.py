"""Webhooks as Standard Webhooks defines them: its own library is the receiver."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from delivery_events import parse_public
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.partners.domain import Answer, Row
from services.partners.http_post import Unreachable
from services.partners.signing import BadKey, sign
from services.partners.signing_keys import NoKeys, SigningKeys
from services.partners.webhooks import Webhooks
from tests.partners.made import event, row

OLD, NEW = (f"whsec_{b64encode(bytes([number]) * 32).decode()}" for number in (1, 2))
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32)
PAIR = f"whsk_{b64encode(bytes([3]) * 32 + PRIVATE.public_key().public_bytes_raw()).decode()}"


class Sent:
    """Takes what is posted, and answers with a status or an error."""

    def __init__(self, answer: int | Exception = 200) -> None:
        self.answer = answer
        self.headers: Mapping[str, str] = {}
        self.body = b""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        self.headers, self.body = headers, body
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def send(sent: Sent, keys: list[str], one: Row | None = None) -> Any:
    return Webhooks("https://acme.example", sent, lambda: keys, lambda: datetime.now(UTC)).send(one or row())


def test_the_official_library_verifies_what_is_sent() -> None:
    sent = Sent()
    assert send(sent, [NEW]).answer is Answer.TAKEN
    content = Webhook(NEW).verify(sent.body, dict(sent.headers))
    assert content["type"] == "order.confirmed.v1"
    assert content["timestamp"] == "2026-01-05T18:30:00.000Z"
    assert sent.headers["webhook-id"] == content["metadata"]["event_id"] == str(event().metadata.event_id)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(sent.body, dict(sent.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(sent.body + b" ", dict(sent.headers))


def test_a_partner_reads_what_it_was_sent_with_the_events_package() -> None:
    sent = Sent()
    send(sent, [NEW])
    read = parse_public("order.confirmed.v1", sent.body)
    assert (read.data.order_id, read.data.dropoff) == ("order-1", None)
    assert b"dropoff" not in sent.body


def test_while_keys_are_rotated_the_old_and_the_new_one_verify() -> None:
    sent = Sent()
    send(sent, [NEW, OLD, PAIR])
    for key in (NEW, OLD):
        assert Webhook(key).verify(sent.body, dict(sent.headers))
    assert [each.split(",")[0] for each in sent.headers["webhook-signature"].split(" ")] == ["v1", "v1", "v1a"]


@pytest.mark.parametrize("key", [PAIR, f"whsk_{b64encode(bytes([3]) * 32).decode()}"], ids=["pair", "seed"])
def test_an_asymmetric_signature_verifies_with_the_public_key(key: str) -> None:
    signature = sign("msg_1", 1_674_087_231, b'{"a":1}', [key])
    kind, _, text = signature.partition(",")
    assert kind == "v1a"
    PRIVATE.public_key().verify(b64decode(text), b'msg_1.1674087231.{"a":1}')


def test_a_signature_is_the_one_of_the_specification_s_libraries() -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    assert sign("msg_1", int(at.timestamp()), b'{"a":1}', [NEW]) == Webhook(NEW).sign("msg_1", at, '{"a":1}')


@pytest.mark.parametrize("key", ["", "secret", "whsec_***", "whsec_c2hvcnQ=", f"whsk_{b64encode(b'x' * 40).decode()}"])
def test_a_key_that_cannot_be_used_is_not_quoted(key: str) -> None:
    with pytest.raises(BadKey) as raised:
        sign("msg_1", 1, b"", [key])
    assert not key or key.removeprefix("whsec_").removeprefix("whsk_") not in str(raised.value)


def test_a_replayed_event_says_so_and_keeps_its_id() -> None:
    sent = Sent()
    send(sent, [NEW], row(replay_id="replay-1"))
    content = json.loads(sent.body)
    assert content["replay"] == "replay-1"
    assert sent.headers["webhook-id"] == content["metadata"]["event_id"]
    assert parse_public("order.confirmed.v1", content).data.order_id == "order-1"


@pytest.mark.parametrize(
    ("answer", "became", "problem"),
    [
        (200, Answer.TAKEN, None),
        (299, Answer.TAKEN, None),
        (302, Answer.REFUSED, "answered 302: redirects are not followed"),
        (404, Answer.REFUSED, "answered 404"),
        (410, Answer.GONE, "answered 410: it wants nothing any more"),
        (429, Answer.REFUSED, "answered 429"),
        (503, Answer.REFUSED, "answered 503"),
        (Unreachable("no answer within 15 s"), Answer.REFUSED, "no answer within 15 s"),
    ],
)
def test_what_an_answer_means(answer: int | Exception, became: Answer, problem: str | None) -> None:
    result = send(Sent(answer), [NEW])
    assert (result.answer, result.problem) == (became, problem)


def test_nothing_is_sent_unsigned() -> None:
    def no_keys() -> list[str]:
        raise NoKeys("it has no signing key: delivery partners secret rotate")

    sent = Sent()
    result = Webhooks("https://acme.example", sent, no_keys, lambda: datetime.now(UTC)).send(row())
    assert (result.answer, sent.body) == (Answer.REFUSED, b"")
    assert result.problem == "it has no signing key: delivery partners secret rotate"


class Ssm:
    class exceptions:  # noqa: N801 - boto3's name
        ParameterNotFound = ClientError

    def __init__(self, value: Any) -> None:
        self.value = value
        self.reads = 0

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Any:  # noqa: N803 - boto3's names
        assert WithDecryption
        self.reads += 1
        if self.value is None:
            raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        return {"Parameter": {"Value": json.dumps(self.value)}}


def test_keys_sign_until_their_end_and_a_new_one_signs_within_a_minute() -> None:
    moment = [datetime(2026, 1, 5, tzinfo=UTC)]
    ssm: Any = Ssm([{"key": NEW}, {"key": OLD, "until": "2026-01-05T00:00:30.000Z"}])
    keys = SigningKeys(ssm, "/keys", lambda: moment[0])
    assert keys.valid() == [NEW, OLD]
    moment[0] += timedelta(seconds=31)
    assert (keys.valid(), ssm.reads) == ([NEW], 1)
    ssm.value = [{"key": OLD}]
    moment[0] += timedelta(seconds=30)
    assert (keys.valid(), ssm.reads) == ([OLD], 2)


def test_no_key_at_all_says_what_to_do() -> None:
    ssm: Any = Ssm(None)
    with pytest.raises(NoKeys, match="delivery partners secret rotate"):
        SigningKeys(ssm, "/keys", lambda: datetime.now(UTC)).valid()
