"""Events that partners' rules send become deliveries."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from services.partners.messages import Turn
from tests.accounts import Account, account
from tests.lambdas import Function, delivered
from tests.partners.made import INDEXES, event

HANDLER = "services.partners.handlers.inbox"


@pytest.fixture
def aws() -> Iterator[Account]:
    with account("partners", INDEXES) as each:
        for name in ("acme", "shop"):
            boto3.client("sqs").create_queue(
                QueueName=f"delivery-partners-{name}.fifo", Attributes={"FifoQueue": "true"}
            )
        yield each


@pytest.fixture
def inbox(aws: Account, monkeypatch: pytest.MonkeyPatch) -> Function:
    return Function(HANDLER, {**aws.environment, "QUEUE_PREFIX": "delivery-partners-"}, monkeypatch)


def from_rule(partner: str, **changes: Any) -> str:
    return json.dumps(json.loads(delivered(event(**changes))) | {"partner": partner})


def turns(aws: Account, partner: str) -> list[Turn]:
    url = aws.sqs.get_queue_url(QueueName=f"delivery-partners-{partner}.fifo")["QueueUrl"]
    return [Turn.model_validate_json(message["Body"]) for message in aws.waiting(url)]


def test_an_event_is_written_down_without_what_is_internal_and_queued_for_its_partner(
    aws: Account, inbox: Function
) -> None:
    assert inbox.messages(from_rule("acme")) == []
    [row] = aws.rows()
    content = json.loads(str(row["document"]))
    assert content["type"] == "order.confirmed.v1"
    assert content["data"]["order_id"] == "order-1"
    assert "dropoff" not in str(row)
    [turn] = turns(aws, "acme")
    assert (turn.event_id, turn.aggregate_id, turn.event_sequence) == (row["event_id"], "order-1", 1)
    assert turns(aws, "shop") == []


def test_each_partner_has_its_own_delivery_of_an_event(aws: Account, inbox: Function) -> None:
    assert inbox.messages(from_rule("acme"), from_rule("shop"), from_rule("acme")) == []
    assert sorted(str(row["pk"]) for row in aws.rows()) == ["PARTNER#acme", "PARTNER#shop"]
    assert (len(turns(aws, "acme")), len(turns(aws, "shop"))) == (1, 1)


def test_what_is_no_event_for_a_partner_is_parked_and_the_rest_goes_on(aws: Account, inbox: Function) -> None:
    nobody_s = json.dumps(json.loads(delivered(event())))
    driver = json.dumps({"partner": "acme"} | json.loads(delivered(event(detail_type="driver.on_duty.v1"))))
    assert inbox.messages("no JSON", nobody_s, driver, from_rule("acme")) == []
    reasons = [reason for _, reason in aws.parked()]
    assert reasons[1] == "not an event for a partner: KeyError('partner')"
    assert reasons[2] == "driver.on_duty.v1 belongs to no merchant, so to no partner"
    assert len(turns(aws, "acme")) == 1


def test_an_event_for_a_partner_that_is_no_more_comes_again_and_fails_for_good(aws: Account, inbox: Function) -> None:
    assert inbox.messages(from_rule("gone"), from_rule("acme")) == ["0"]
