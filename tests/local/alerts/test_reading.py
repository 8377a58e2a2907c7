"""Alerts out of the table, with what the providers' record says of them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import boto3
import httpx
import pytest
from moto import mock_aws

from local.alerts import reading
from local.aws import Aws
from local.problem import Problem
from tests.tables import Index, create_table

ORDER = "3f2b8c1e-9d4a-4e0b-8a57-0c6f1d2e3b4a"
NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
SMS = {"MessageId": "message-1", "Message": "Your order is on its way."}
FOR_EACH = {"default": "A driver comes.", "GCM": json.dumps({"fcmV1Message": {"message": {}}})}
PUSH = {"MessageId": "message-2", "Message": json.dumps(FOR_EACH), "MessageStructure": "json"}
RECORD = {
    "/_ministack/sns/sms-messages": {"sms_messages": {"+12025550123": [SMS]}},
    "/_ministack/sns/push-messages": {
        "push_messages": {"arn:aws:sns:us-east-1:0:endpoint/GCM/delivery/ab-9f3e": [PUSH]}
    },
}


class Cloud:
    """moto; `endpoint` is what a local cloud has and AWS has not."""

    def __init__(self, endpoint: str | None) -> None:
        self.endpoint = endpoint

    def client(self, service: str) -> Any:
        return boto3.client(service)  # type: ignore[call-overload]


LOCAL, ON_AWS = cast(Aws, Cloud("http://cloud")), cast(Aws, Cloud(None))


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    def answer(url: str, timeout: float) -> httpx.Response:
        return httpx.Response(200, json=RECORD[url.removeprefix("http://cloud")], request=httpx.Request("GET", url))

    monkeypatch.setattr(httpx, "get", answer)
    with mock_aws():
        resource = boto3.resource("dynamodb")
        indexes = [
            Index("order-index", "order_id", "sent_key", keys_only=True),
            Index("recent-index", "day", "sent_key"),
        ]
        found = {
            "alerts": create_table(resource, "delivery-notifications", indexes),
            "orders": create_table(resource, "delivery-orders", []),
        }
        found["orders"].put_item(Item={"pk": f"ORDER#{ORDER}", "sk": "ORDER"})
        yield found


def row(n: int, at: str, **changes: Any) -> dict[str, Any]:
    return {
        "pk": f"ALERT#{n}",
        "sk": "ALERT",
        "order_id": ORDER,
        "event_id": f"event-{n}",
        "recipient_id": "customer-1",
        "audience": "CUSTOMER",
        "channel": "SMS",
        "template": "order_confirmed",
        "state": "SENT",
        "message_id": f"message-{n}",
        "occurred_at": at,
        "sent_key": f"{at}#{n}",
        "day": at[:10],
    } | changes


def test_an_orders_alerts_say_what_went_to_whom_without_the_number(tables: dict[str, Any]) -> None:
    tables["alerts"].put_item(Item=row(1, "2026-01-05T18:30:00.000Z"))
    tables["alerts"].put_item(Item=row(2, "2026-01-05T18:29:00.000Z", channel="PUSH"))
    tables["alerts"].put_item(Item=row(3, "2026-01-05T18:31:00.000Z", order_id="another"))
    found = reading.of_order(LOCAL, ORDER)
    assert [(alert.channel, alert.to, alert.text) for alert in found] == [
        ("PUSH", "device …9f3e", "A driver comes."),
        ("SMS", "+1••••••••23", "Your order is on its way."),
    ]


def test_on_aws_there_are_the_rows_alone(tables: dict[str, Any]) -> None:
    tables["alerts"].put_item(Item=row(1, "2026-01-05T18:30:00.000Z"))
    (found,) = reading.of_order(ON_AWS, ORDER)
    assert (found.state, found.message_id, found.to, found.text) == ("SENT", "message-1", None, None)


def test_an_alert_that_was_not_sent_says_why(tables: dict[str, Any]) -> None:
    tables["alerts"].put_item(Item=row(4, "2026-01-05T18:30:00.000Z", state="SUPPRESSED", reason="OPTED_OUT"))
    (found,) = reading.of_order(LOCAL, ORDER)
    assert (found.state, found.reason, found.text) == ("SUPPRESSED", "OPTED_OUT", None)


def test_an_order_nobody_was_told_of_is_no_error_but_one_that_is_not_there_is() -> None:
    assert reading.of_order(LOCAL, ORDER) == []
    with pytest.raises(Problem, match="There is no order 00000000"):
        reading.of_order(LOCAL, "00000000-0000-4000-8000-000000000000")


def test_the_latest_are_taken_day_by_day_as_far_back_as_asked_and_told_in_order(tables: dict[str, Any]) -> None:
    for n, day in enumerate(["2026-01-03", "2026-01-05", "2026-01-06"], start=5):
        tables["alerts"].put_item(Item=row(n, f"{day}T08:00:00.000Z"))
    assert [alert.event_id for alert in reading.latest(LOCAL, 10, days=3, now=NOW)] == ["event-6", "event-7"]
    assert [alert.event_id for alert in reading.latest(LOCAL, 1, days=9, now=NOW)] == ["event-7"]


def test_a_platform_that_is_not_deployed_is_named_as_the_reason(tables: dict[str, Any]) -> None:
    tables["alerts"].delete()
    with pytest.raises(Problem, match="tables are not there"):
        reading.latest(LOCAL, 1, days=1, now=NOW)
