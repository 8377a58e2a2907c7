"""Text messages by SNS: what is sent, and which of SNS's errors are for good."""

import pytest
from botocore.exceptions import BotoCoreError, ConnectionClosedError, ReadTimeoutError
from delivery_events.notifications import AlertFailure

from services.notifications.domain import Result, failed, sent
from services.notifications.provider import Outgoing, Unavailable
from services.notifications.rendering import render
from services.notifications.text_messages import TextMessages
from tests.notifications.fakes import Sns, refusal
from tests.notifications.made import PHONE, alert, contact

URL = "https://sns.invalid"


def send(sns: Sns, sender_id: str = "") -> Result:
    outgoing = Outgoing(alert(), contact(), render(alert(), "en"), lifetime_s=600)
    return TextMessages(sns.client, max_price_usd="0.50", sender_id=sender_id).send(outgoing)


def test_a_message_goes_to_the_contacts_phone() -> None:
    sns = Sns()
    assert send(sns) == sent("m-1")
    [request] = sns.of("publish")
    assert request["PhoneNumber"] == PHONE
    assert request["Message"].startswith("Your order 3f2b8c1e")
    assert {name: value["StringValue"] for name, value in request["MessageAttributes"].items()} == {
        "AWS.SNS.SMS.SMSType": "Transactional",
        "AWS.SNS.SMS.MaxPrice": "0.50",
    }


def test_a_sender_is_named_where_there_is_one() -> None:
    sns = Sns()
    send(sns, sender_id="Delivery")
    assert sns.of("publish")[0]["MessageAttributes"]["AWS.SNS.SMS.SenderID"]["StringValue"] == "Delivery"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("InvalidParameter", AlertFailure.BAD_ADDRESS),
        ("ParameterValueInvalid", AlertFailure.BAD_ADDRESS),
        ("ValidationException", AlertFailure.BAD_ADDRESS),
        ("OptedOut", AlertFailure.REFUSED),
    ],
)
def test_what_would_be_answered_the_same_again_has_failed(code: str, reason: AlertFailure) -> None:
    assert send(Sns(publish=[refusal(code)])) == failed(reason)


@pytest.mark.parametrize(
    "code", ["Throttling", "ThrottledException", "InternalError", "KMSThrottling", "AuthorizationError", "Unheard-Of"]
)
def test_what_may_work_later_is_left_to_the_queue(code: str) -> None:
    with pytest.raises(Unavailable):
        send(Sns(publish=[refusal(code)]))


@pytest.mark.parametrize("error", [ReadTimeoutError(endpoint_url=URL), ConnectionClosedError(endpoint_url=URL)])
def test_an_answer_that_never_came_is_left_to_the_queue(error: BotoCoreError) -> None:
    with pytest.raises(Unavailable):
        send(Sns(publish=[error]))


def test_an_error_that_quotes_the_number_is_not_passed_on() -> None:
    with pytest.raises(Unavailable) as raised:
        send(Sns(publish=[refusal("Throttling", f"Rate exceeded for {PHONE}")]))
    assert PHONE not in repr(raised.value)
    assert raised.value.__suppress_context__
