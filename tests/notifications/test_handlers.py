"""The handlers on moto: what they answer Lambda, and what they leave behind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from delivery_events.notifications import Channel
from moto.sns.models import sns_backends

from services.notifications.domain import Alert
from tests.accounts import Account, account
from tests.lambdas import Function
from tests.notifications.made import INDEXES, PHONE, alert, alert_row, contact_row, device_row

ACCOUNT = "123456789012"  # moto's
HANDLERS = "services.notifications.handlers"
SENDER = {"ALERT_MAX_AGE_SECONDS": "900", "ALERT_MEMORY_SECONDS": "86400", "LEASE_SECONDS": "60"}


@pytest.fixture
def aws() -> Iterator[Account]:
    with account("notifications", INDEXES) as each:
        yield each


@pytest.fixture
def sms(aws: Account, monkeypatch: pytest.MonkeyPatch) -> Function:
    environment = {**aws.environment, **SENDER, "SMS_MAX_PRICE_USD": "0.50", "SMS_SENDER_ID": ""}
    return Function(f"{HANDLERS}.sms", environment, monkeypatch)


@pytest.fixture
def push(aws: Account, monkeypatch: pytest.MonkeyPatch) -> Function:
    application = boto3.client("sns").create_platform_application(
        Name="delivery", Platform="GCM", Attributes={"PlatformCredential": "test"}
    )["PlatformApplicationArn"]
    environment = {**aws.environment, **SENDER, "PUSH_APPLICATION_ARN": application}
    return Function(f"{HANDLERS}.push", environment, monkeypatch)


def new(channel: Channel = Channel.SMS, **changes: Any) -> Alert:
    """An alert about an event of this moment."""
    return alert(channel, **{"occurred_at": datetime.now(UTC)} | changes)


def texts() -> list[tuple[str, str]]:
    """Phone and text of every text message that went out."""
    return list(sns_backends[ACCOUNT]["us-east-1"].sms_messages.values())


def alerts(aws: Account) -> dict[str, tuple[str, str | None]]:
    """State and reason of every alert, by recipient."""
    rows: list[Any] = [row for row in aws.rows() if row["sk"] == "ALERT"]
    return {row["recipient_id"]: (row["state"], row.get("reason")) for row in rows}


def test_an_alert_becomes_one_text_message_however_often_it_is_delivered(aws: Account, sms: Function) -> None:
    aws.table.put_item(Item=contact_row())
    message = new().model_dump_json()
    assert sms.messages(message, message) == []
    assert sms.messages(message) == []
    assert texts() == [(PHONE, "Your order 3f2b8c1e was picked up and is on its way to you.")]
    assert alerts(aws) == {"customer-1": ("SENT", None)}


def test_what_is_no_alert_of_the_channel_is_parked_with_the_reason_and_the_rest_goes_on(
    aws: Account, sms: Function
) -> None:
    aws.table.put_item(Item=contact_row())
    misled, halved = new(Channel.PUSH).model_dump_json(), f'{{"phone": "{PHONE}"}}'
    assert sms.messages("no JSON", misled, halved, new().model_dump_json()) == []
    assert len(texts()) == 1
    parked = aws.parked()
    assert [body for body, _ in parked] == ["no JSON", misled, halved]
    assert parked[1][1] == "an alert for PUSH in the queue of SMS"
    assert "event_id" in parked[2][1]
    assert PHONE not in parked[2][1]


def test_only_the_alerts_that_were_not_sent_are_delivered_again(
    aws: Account, sms: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    for recipient in ("customer-1", "customer-2"):
        aws.table.put_item(Item=contact_row(recipient, phone=f"{PHONE[:-1]}{recipient[-1]}"))
    backend = type(sns_backends[ACCOUNT]["us-east-1"])
    publish = backend.publish

    def throttled(self: Any, message: str, *args: Any, **request: Any) -> Any:
        if request.get("phone_number") == f"{PHONE[:-1]}2":
            raise ClientError({"Error": {"Code": "Throttling"}}, "Publish")
        return publish(self, message, *args, **request)

    monkeypatch.setattr(backend, "publish", throttled)
    batch = [new(recipient_id=f"customer-{n}").model_dump_json() for n in (1, 2, 3)]
    assert sms.messages(*batch) == ["1"]
    assert alerts(aws) == {
        "customer-1": ("SENT", None),
        "customer-2": ("CLAIMED", None),
        "customer-3": ("SUPPRESSED", "NO_CONTACT"),
    }
    assert aws.parked() == []


def test_a_push_message_reaches_the_recipients_devices(aws: Account, push: Function) -> None:
    aws.table.put_item(Item=contact_row(locale="es"))
    aws.table.put_item(Item=device_row())
    assert push.messages(new(Channel.PUSH).model_dump_json()) == []
    [endpoint] = sns_backends[ACCOUNT]["us-east-1"].platform_endpoints.values()
    assert endpoint.token == "token-of-phone-1"
    [message] = endpoint.messages.values()
    assert "Pedido en camino" in message
    assert alerts(aws) == {"customer-1": ("SENT", None)}


def test_a_device_that_is_gone_is_forgotten_and_the_alert_has_failed(aws: Account, push: Function) -> None:
    aws.table.put_item(Item=device_row())
    push.messages(new(Channel.PUSH).model_dump_json())
    [endpoint] = sns_backends[ACCOUNT]["us-east-1"].platform_endpoints.values()
    boto3.client("sns").set_endpoint_attributes(EndpointArn=endpoint.arn, Attributes={"Enabled": "false"})
    assert push.messages(new(Channel.PUSH, event_id="event-2").model_dump_json()) == []
    rows: list[Any] = aws.rows()
    assert sorted(row["reason"] for row in rows if row.get("state") == "FAILED") == ["BAD_ADDRESS"]
    assert not any(row["sk"].startswith("DEVICE#") for row in rows)


def test_the_outcomes_of_alerts_are_published(aws: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = Function(f"{HANDLERS}.outbox", aws.environment, monkeypatch)
    claimed = alert_row("CLAIMED")
    changes = [(claimed, alert_row(state)) for state in ("SENT", "SUPPRESSED")]
    broken = alert_row("FAILED", reason="TIRED")
    assert outbox.changes((None, claimed), (claimed, broken), *changes, (None, contact_row())) == []
    assert [each["detail-type"] for each in aws.published()] == ["alert.sent.v1"]
    [(body, reason)] = aws.parked()
    assert "TIRED" in body
    assert "ValidationError" in reason
