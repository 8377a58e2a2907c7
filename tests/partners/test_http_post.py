"""Whatever a receiver does, a POST ends in time, holds little of it in memory, and goes nowhere else."""

import time
import tracemalloc

import pytest

from services.partners.addresses import Forbidden, checked, is_public
from services.partners.http_post import Poster, Unreachable
from tests.partners import receivers
from tests.partners.receivers import Answer, Flood, answering, dripping_body, receiver

QUICK = 0.4
POST = Poster(allow_private=True, timeout_s=QUICK).post

loopback = pytest.mark.loopback


@loopback
def test_a_receiver_gets_the_headers_and_the_body_and_its_status_comes_back() -> None:
    with receiver(answering("204 No Content")) as server:
        assert POST(f"{server.url}?a=b", {"webhook-id": "1", "content-type": "application/json"}, b'{"x":1}') == 204
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /in?a=b HTTP/1.1")
    assert b"webhook-id: 1" in head
    assert body == b'{"x":1}'


@loopback
def test_a_redirect_is_an_answer_like_any_other() -> None:
    with (
        receiver(answering("200 OK")) as elsewhere,
        receiver(answering("302 Found", f"location: {elsewhere.url}")) as server,
    ):
        assert POST(server.url, {}, b"{}") == 302
        assert elsewhere.requests == []


@loopback
@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (receivers.dropping, "RemoteDisconnected"),
        (receivers.silent, f"no answer within {QUICK:g} s"),
        (receivers.dripping, f"no answer within {QUICK:g} s"),
        (receivers.dripping_old_headers, f"no answer within {QUICK:g} s"),
        (receivers.garbage, "BadStatusLine"),
        (receivers.endless_headers, "HTTPException"),
    ],
    ids=[
        "drops the connection",
        "says nothing",
        "drips",
        "drips and closes each connection",
        "speaks no HTTP",
        "has endless headers",
    ],
)
def test_a_receiver_that_misbehaves_is_given_up_in_time(answer: Answer, problem: str) -> None:
    with receiver(answer) as server:
        began = time.monotonic()
        with pytest.raises(Unreachable) as raised:
            POST(server.url, {}, b"{}")
        assert time.monotonic() - began < QUICK + 5  # a busy machine; without a limit it would be for ever
    assert problem in str(raised.value)


@loopback
@pytest.mark.parametrize(
    "answer",
    [
        dripping_body("HTTP/1.1", "content-length: 100000"),
        dripping_body("HTTP/1.1", "transfer-encoding: chunked"),
        dripping_body("HTTP/1.1", "connection: close"),
        dripping_body("HTTP/1.0"),
        dripping_body("HTTP/1.0", "content-length: 100000"),
    ],
    ids=["of a length", "in chunks", "until it closes", "HTTP/1.0", "HTTP/1.0 of a length"],
)
def test_a_status_counts_however_slowly_the_rest_of_the_answer_drips(answer: Answer) -> None:
    """The receiver took the event: it is not to be sent again."""
    with receiver(answer) as server:
        began = time.monotonic()
        assert Poster(allow_private=True, timeout_s=10).post(server.url, {}, b"{}") == 200
        assert time.monotonic() - began < 9


@loopback
def test_an_endless_answer_is_not_read() -> None:
    flood = Flood()
    with receiver(flood) as server:
        tracemalloc.start()
        assert POST(server.url, {}, b"{}") == 200
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 600_000
    assert flood.written < 20_000_000  # what fits into the sockets' buffers, of a hundred megabytes


@loopback
def test_nobody_there_is_told_at_once() -> None:
    with receiver(answering("200 OK")) as server:
        url = server.url
    with pytest.raises(Unreachable, match="connection refused"):
        POST(url, {}, b"{}")


@loopback
def test_a_receiver_without_a_certificate_is_not_talked_to() -> None:
    with receiver(answering("200 OK")) as server, pytest.raises(Unreachable):
        POST(server.url.replace("http:", "https:"), {}, b"{}")
    assert server.requests == []


INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
    "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1", "fec0::1",
    "192.0.0.8", "192.0.0.9", "::ffff:192.0.0.8", "4000::1", "64:ff9b:1::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_connected_to(address: str) -> None:
    """Sockets are off in this test: a connection would fail it."""
    with pytest.raises(Unreachable, match=r"not allowed: .* is not a public address"):
        Poster(resolve=lambda host, port: [address]).post("https://receiver.example/in", {}, b"{}")


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::6810:84e5", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@loopback
@pytest.mark.parametrize(
    "host", [f"{'a' * 64}.example", "receiver..example"], ids=["an over-long label", "an empty label"]
)
def test_what_cannot_be_a_name_is_no_answer(host: str) -> None:
    with pytest.raises(Unreachable, match="its name cannot be resolved"):
        Poster().post(f"https://{host}/in", {}, b"{}")


def test_a_name_that_leads_outside_and_inside_is_refused_whole() -> None:
    with pytest.raises(Forbidden, match=r"10\.0\.0\.1 is not a public address"):
        checked(["93.184.215.14", "10.0.0.1"], allow_private=False)
    with pytest.raises(Forbidden, match="no address"):
        checked([], allow_private=True)


@loopback
def test_the_address_that_was_checked_is_the_one_that_is_connected_to() -> None:
    """A name server that answers differently the second time is not asked a second time."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with receiver(answering("200 OK")) as server:
        url = server.url.replace("127.0.0.1", "receiver.example")
        assert Poster(allow_private=True, timeout_s=QUICK, resolve=resolve).post(url, {}, b"{}") == 200
    assert asked == ["receiver.example"]
    assert b"Host: receiver.example:" in server.requests[0]
