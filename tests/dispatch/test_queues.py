"""How dispatch asks itself for rounds and timers, on moto."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from services.dispatch.queues import OfferExpiry, RoundAgain, RoundFailures, Rounds, Timers, read_timer
from tests.dispatch.rows import DELIVERY_ID, NOW, ZONE

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

WINDOW_S = 10


@pytest.fixture
def sqs() -> "Iterator[SQSClient]":
    with mock_aws():
        yield boto3.client("sqs")


def fifo(sqs: "SQSClient") -> str:
    return sqs.create_queue(QueueName="rounds.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]


def received(sqs: "SQSClient", url: str) -> "list[MessageTypeDef]":
    """What one receive after the other gets, each message done with before the next."""
    found = []
    while messages := sqs.receive_message(QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"]).get(
        "Messages"
    ):
        found += messages
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def test_a_window_has_one_round_however_often_it_is_asked_for(sqs: "SQSClient") -> None:
    rounds = Rounds(sqs, fifo(sqs), WINDOW_S)
    for seconds in (0, 0, WINDOW_S - 0.001):
        rounds.ask(ZONE, NOW + timedelta(seconds=seconds))
    assert len(received(sqs, rounds.url)) == 1


def test_the_next_window_has_its_own_round_and_so_has_another_zone(sqs: "SQSClient") -> None:
    rounds = Rounds(sqs, fifo(sqs), WINDOW_S)
    rounds.ask(ZONE, NOW)
    rounds.ask(ZONE, NOW + timedelta(seconds=WINDOW_S))
    rounds.ask("another zone", NOW)
    asked = received(sqs, rounds.url)
    assert sorted(each["Attributes"]["MessageGroupId"] for each in asked) == sorted([ZONE, ZONE, "another zone"])


@pytest.mark.parametrize(("away_s", "delay_s"), [(-5, 0), (0.2, 1), (45, 45), (3600, 900)])
def test_a_timer_is_delayed_until_it_is_due_or_for_as_long_as_sqs_can(
    sqs: "SQSClient", monkeypatch: pytest.MonkeyPatch, away_s: float, delay_s: int
) -> None:
    timer = RoundAgain(zone=ZONE, due=NOW + timedelta(seconds=away_s))
    url = sqs.create_queue(QueueName="timers")["QueueUrl"]
    delays: list[int] = []
    monkeypatch.setattr(sqs, "send_message", lambda **message: delays.append(message["DelaySeconds"]))
    Timers(sqs, url).set(timer, NOW)
    assert delays == [delay_s]


@pytest.mark.parametrize(
    "timer", [RoundAgain(zone=ZONE, due=NOW), OfferExpiry(delivery_id=DELIVERY_ID, offer_id="offer-1", due=NOW)]
)
def test_a_timer_comes_back_as_it_was_set(sqs: "SQSClient", timer: RoundAgain | OfferExpiry) -> None:
    url = sqs.create_queue(QueueName="timers")["QueueUrl"]
    Timers(sqs, url).set(timer, NOW)
    [message] = received(sqs, url)
    assert read_timer(message["Body"]) == timer


def test_a_message_is_parked_once_and_waits_for_no_other(sqs: "SQSClient") -> None:
    failures = RoundFailures(sqs, fifo(sqs), "dispatch-rounds")
    failures.park("first", "unreadable", message_id="1")
    failures.park("first", "unreadable", message_id="1")
    failures.park("second", "unreadable", message_id="2")
    parked = received(sqs, failures.url)
    assert [each["Body"] for each in parked] == ["first", "second"]
    assert len({each["Attributes"]["MessageGroupId"] for each in parked}) == 2
    assert parked[0]["MessageAttributes"]["reason"]["StringValue"] == "unreadable"
