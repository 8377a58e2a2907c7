"""The real-time protocol, message by message: AWS AppSync Developer Guide, "Building a real-time WebSocket client"."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.appsync.errors import unauthorized
from local.appsync.iam import Field, SignedRequest, Signer
from local.appsync.realtime.connection import MOST_SUBSCRIPTIONS, Pace
from tests.local.appsync.sockets import Client, Disconnected
from tests.local.appsync.talking import Talk, by_query, by_subprotocol, deployed, say, serving, talking

SAID = "subscription { said { room text } }"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with serving() as client:
        yield client


WAYS = [
    by_query("/graphql/realtime"),
    by_query("/graphql"),
    by_query("/v1/apis/api-1/graphql/realtime"),
    by_subprotocol("/graphql/realtime"),
    by_subprotocol("/v1/apis/api-1/graphql"),
]


@pytest.mark.parametrize("how", WAYS, ids=lambda how: f"{how['url'].split('?')[0]} {len(how['subprotocols'])}")
def test_a_client_connects_by_parameters_or_by_a_second_sub_protocol(client: Client, how: dict[str, Any]) -> None:
    with client.connect(**how) as socket:
        assert socket.subprotocol == "graphql-ws"
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json() == {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300_000}}
        assert socket.receive_json() == {"type": "ka"}


REFUSED: dict[str, tuple[dict[str, Any], str, int]] = {
    "no sub-protocol": ({**by_query(), "subprotocols": []}, "SubProtocolNotSupportedError", 400),
    "another sub-protocol": ({**by_query(), "subprotocols": ["mqtt"]}, "SubProtocolNotSupportedError", 400),
    "no parameters": ({**by_query(), "url": "/graphql/realtime"}, "MalformedHttpRequestException", 400),
    "a payload that is not empty": (by_query(payload={"a": 1}), "MalformedHttpRequestException", 400),
    "a header that is no base64": (
        {**by_query(), "url": "/graphql/realtime?header=*&payload=e30="},
        "MalformedHttpRequestException",
        400,
    ),
    "a header that is no object": (by_query(headers=[1]), "UnauthorizedException", 401),
    "no credentials": (by_query(headers={"host": "api.example"}), "UnauthorizedException", 401),
    "an unknown key": (by_subprotocol(headers={"x-api-key": "da2-other"}), "UnauthorizedException", 401),
    "a token of no pool": (by_query(headers={"Authorization": "letmein"}), "UnauthorizedException", 401),
    "another API": (by_query("/v1/apis/api-2/graphql/realtime"), "NotFoundException", 404),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_connection_is_refused_for(client: Client, name: str) -> None:
    how, error_type, code = REFUSED[name]
    with client.connect(**how) as socket:
        told = socket.receive_json()
        assert told["type"] == "connection_error"
        [error] = told["payload"]["errors"]
        assert (error["errorType"], error["errorCode"]) == (error_type, code)
        with pytest.raises(Disconnected):
            socket.receive_json()


def test_a_subscription_is_acknowledged_told_and_stopped(client: Client) -> None:
    with talking(client) as talk:
        assert talk.start(SAID) == {"id": "1", "type": "start_ack"}
        say(client, "hall", "hello")
        assert talk.next() == {
            "id": "1",
            "type": "data",
            "payload": {"data": {"said": {"room": "hall", "text": "hello"}}},
        }
        talk.send(type="stop", id="1")
        assert talk.next() == {"id": "1", "type": "complete"}
        say(client, "hall", "nobody listens")
        assert talk.silent()


def test_several_subscriptions_share_a_connection_and_each_is_told_once(client: Client) -> None:
    with talking(client) as talk, talking(client) as other:
        for id_ in ("a", "b"):
            assert talk.start(SAID, id=id_)["type"] == "start_ack"
        assert other.start(SAID)["type"] == "start_ack"
        say(client, "hall", "hello")
        assert {talk.next()["id"], talk.next()["id"]} == {"a", "b"}
        assert other.next()["payload"]["data"]["said"]["text"] == "hello"
        assert talk.silent()
        assert other.silent()


def test_messages_come_in_the_order_of_the_mutations(client: Client) -> None:
    with talking(client) as talk:
        talk.start(SAID)
        for number in range(20):
            say(client, "hall", str(number))
        assert [talk.next()["payload"]["data"]["said"]["text"] for _ in range(20)] == [str(n) for n in range(20)]


def told_off(talk: Talk, message: dict[str, Any]) -> tuple[str, str | None]:
    talk.send(**message)
    answer = talk.next()
    assert answer["type"] == "error"
    return answer["payload"]["errors"][0]["errorType"], answer.get("id")


def test_what_the_protocol_does_not_know_is_refused_and_the_connection_goes_on(client: Client) -> None:
    with talking(client) as talk:
        assert told_off(talk, {"type": "shout"}) == ("UnsupportedOperation", None)
        assert told_off(talk, {"type": "start"}) == ("MalformedHttpRequestException", None)
        assert told_off(talk, {"type": "start", "id": "1"}) == ("MalformedHttpRequestException", "1")
        without_headers = {"type": "start", "id": "2", "payload": {"data": "{}"}}
        assert told_off(talk, without_headers) == ("UnauthorizedException", "2")
        assert told_off(talk, {"type": "stop", "id": "3"}) == ("UnknownOperationError", "3")
        assert talk.start(SAID)["type"] == "start_ack"
        assert talk.start(SAID)["payload"]["errors"][0]["errorType"] == "DuplicatedOperation"


@pytest.mark.parametrize("query", ["query { none }", "mutation { close(room: 1) { room } }"])
def test_only_subscriptions_are_served(client: Client, query: str) -> None:
    with talking(client) as talk:
        assert talk.start(query)["payload"]["errors"][0]["errorType"] == "UnsupportedOperation"


def test_each_subscription_brings_its_own_credentials(client: Client) -> None:
    with talking(client) as talk:
        refused = talk.start(SAID, headers={"host": "api.example", "x-api-key": "da2-other"})
        assert (refused["id"], refused["type"]) == ("1", "error")
        assert refused["payload"]["errors"][0]["errorType"] == "UnauthorizedException"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("subscription { forbidden { room } }", "Unauthorized"),
        ("subscription { refused { room } }", "NotFound"),
        ("subscription { unknown { room } }", None),
        ("subscription { said { nothing } }", None),
    ],
)
def test_a_refused_subscription_gets_the_error_and_nothing_else(client: Client, query: str, error: str | None) -> None:
    with talking(client) as talk:
        answer = talk.start(query)
        assert (answer["id"], answer["type"]) == ("1", "error")
        assert answer["payload"]["errors"][0].get("errorType") == error
        assert "data" not in answer["payload"]
        say(client, "hall", "hello", loud=True)
        assert talk.silent()


def test_a_connection_carries_so_many_subscriptions_and_no_more(client: Client) -> None:
    with talking(client) as talk:
        for number in range(MOST_SUBSCRIPTIONS):
            assert talk.start(SAID, id=str(number))["type"] == "start_ack"
        assert talk.start(SAID, id="more")["payload"]["errors"][0]["errorType"] == "MaxSubscriptionsReachedError"


def test_a_message_that_is_too_large_is_not_sent(client: Client) -> None:
    with talking(client) as talk:
        talk.start(SAID)
        say(client, "hall", "x" * 240_000)
        assert talk.next()["payload"]["errors"][0]["errorType"] == "PayloadTooLarge"


def test_a_sign_of_life_comes_again_and_again() -> None:
    with serving(pace=Pace(timeout=1, alive=0.01)) as client, client.connect(**by_query()) as socket:
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json()["payload"] == {"connectionTimeoutMs": 1000}
        assert [socket.receive_json() for _ in range(3)] == [{"type": "ka"}] * 3


def test_a_new_deployment_disconnects_who_was_connected(client: Client) -> None:
    with talking(client) as talk:
        talk.start(SAID)
        assert client.post("/reload").status_code == 200
        with pytest.raises(Disconnected) as ended:
            talk.next()
        assert ended.value.code == 1013


class Signed:
    """Signatures that are good for one path and body, and what was asked about them."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes]] = []

    def __call__(self, request: SignedRequest, _api_id: str, fields: list[Field]) -> Signer:
        self.seen.append((request.path, request.body))
        if request.headers["authorization"].endswith("bad"):
            raise unauthorized("SignatureDoesNotMatch")
        return Signer("000000000000", "arn:aws:sts::000000000000:assumed-role/r/s", "r:s", "ASIA", frozenset(fields))


def test_iam_signs_the_connection_and_each_subscription_apart() -> None:
    signed = Signed()
    headers = {"host": "api.example", "Authorization": "AWS4-HMAC-SHA256 good"}
    open_to_iam = deployed()
    with serving(open_to_iam, signatures=signed) as client, talking(client, by_query(headers=headers)) as talk:
        refused = talk.start(SAID, headers=headers)
        assert refused["payload"]["errors"][0]["errorType"] == "Unauthorized"  # its field is not open to IAM
        data = json.dumps({"query": SAID, "variables": {}}).encode()
        assert signed.seen == [("/graphql/connect", b"{}"), ("/graphql", data)]
        bad = {**headers, "Authorization": "AWS4-HMAC-SHA256 bad"}
        assert talk.start(SAID, headers=bad)["payload"]["errors"][0]["errorType"] == "UnauthorizedException"


def test_a_signer_may_ask_what_its_policies_allow_and_nothing_else() -> None:
    def allowing_nothing(request: SignedRequest, api_id: str, fields: list[Field]) -> Signer:
        assert fields == [("Mutation", "say")]
        return Signer("000000000000", "arn", "r:s", "ASIA", frozenset())

    body = {"query": "mutation { say(room: 1) { room } }"}
    headers = {"authorization": "AWS4-HMAC-SHA256 good"}
    with serving(signatures=allowing_nothing) as client:
        [error] = client.post("/graphql", json=body, headers=headers).json()["errors"]
        assert error["errorType"] == "Unauthorized"
    with serving(signatures=Signed()) as client:
        assert client.post("/graphql", json=body, headers=headers).json() == {"data": {"say": {"room": "1"}}}
