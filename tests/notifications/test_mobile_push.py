"""Push messages by SNS mobile push: devices, their endpoints, and what SNS says of them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from delivery_events.notifications import AlertFailure, Channel

from services.notifications.domain import Device, Platform, Result, Suppression, failed, sent, suppressed
from services.notifications.mobile_push import LAST_CALL_S, MAX_DEVICES, MobilePush
from services.notifications.provider import CALL_S, Outgoing, Unavailable
from services.notifications.rendering import render
from services.notifications.stack import LEASE_SECONDS, SENDER_TIMEOUT_SECONDS
from tests.notifications.fakes import Sns, refusal
from tests.notifications.made import alert, contact, device

APPLICATIONS = {Platform.FCM: "arn:app-fcm"}
REGISTERED = device(endpoint_arn="arn:endpoint-1", endpoint_token="token-1")
PUSH = alert(Channel.PUSH)


class Endpoints:
    """Remembers what the table would be told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def keep_endpoint(self, recipient_id: str, device: Device, endpoint_arn: str) -> bool:
        self.told.append(("keep", recipient_id, device.device_id, endpoint_arn))
        return True

    def drop_endpoint(self, recipient_id: str, device: Device) -> bool:
        self.told.append(("drop", recipient_id, device.device_id))
        return True

    def forget_device(self, recipient_id: str, device: Device) -> bool:
        self.told.append(("forget", recipient_id, device.device_id))
        return True


class Here:
    """`call_s` is how long each call to SNS takes."""

    def __init__(self, *, call_s: float = 0, **answers: list[Exception | None]) -> None:
        self.sns = Sns(**answers)
        self.endpoints = Endpoints()
        self.call_s = call_s

    def send(self, *devices: Device, lifetime_s: float = 600, applications: Any = APPLICATIONS) -> Result:
        outgoing = Outgoing(PUSH, contact(devices=devices), render(PUSH, "en"), lifetime_s)
        return MobilePush(self.sns.client, self.endpoints, applications, self.clock).send(outgoing)

    def clock(self) -> float:
        return self.call_s * len(self.sns.calls)

    @property
    def reached(self) -> list[str]:
        return [request["TargetArn"] for request in self.sns.of("publish")]


def test_a_known_device_is_sent_the_message_in_each_platforms_form() -> None:
    here = Here()
    assert here.send(REGISTERED) == sent("m-1")
    [request] = here.sns.of("publish")
    assert (request["TargetArn"], request["MessageStructure"]) == ("arn:endpoint-1", "json")
    forms = json.loads(request["Message"])
    firebase = json.loads(forms["GCM"])["fcmV1Message"]["message"]
    assert firebase["notification"]["title"] == "On its way"
    assert firebase["data"] == {"orderId": PUSH.order_id, "template": "delivery_picked_up"}
    assert json.loads(forms["APNS"])["aps"]["alert"]["body"] == forms["default"]
    assert here.endpoints.told == []


@pytest.mark.parametrize(("lifetime_s", "ttl"), [(44.9, "44"), (0.2, "1"), (9e9, "2419200")])
def test_a_push_service_keeps_trying_no_longer_than_the_news_is_news(lifetime_s: float, ttl: str) -> None:
    here = Here()
    here.send(REGISTERED, lifetime_s=lifetime_s)
    assert here.sns.of("publish")[0]["MessageAttributes"]["AWS.SNS.MOBILE.FCM.TTL"]["StringValue"] == ttl


@pytest.mark.parametrize("new", [device(), device(endpoint_arn="arn:endpoint-0", endpoint_token="token-0")])
def test_a_new_token_gets_an_endpoint_which_is_kept(new: Device) -> None:
    here = Here()
    here.send(new)
    [made] = here.sns.of("create_platform_endpoint")
    assert made == {"PlatformApplicationArn": "arn:app-fcm", "Token": "token-1"}
    assert here.reached == ["arn:endpoint-for-token-1"]
    assert here.endpoints.told == [("keep", "customer-1", "phone-1", "arn:endpoint-for-token-1")]


def test_an_endpoint_that_sns_still_has_disabled_is_enabled_again() -> None:
    text = "Invalid parameter: Token Reason: Endpoint arn:old already exists with the same Token, but other attributes."
    here = Here(create_platform_endpoint=[refusal("InvalidParameter", text)])
    assert here.send(device()) == sent("m-1")
    assert here.sns.of("set_endpoint_attributes") == [
        {"EndpointArn": "arn:old", "Attributes": {"Enabled": "true", "Token": "token-1"}}
    ]
    assert here.reached == ["arn:old"]


def test_a_token_that_sns_does_not_take_is_a_bad_address() -> None:
    here = Here(create_platform_endpoint=[refusal("InvalidParameter", "Invalid parameter: Token")])
    assert here.send(device()) == failed(AlertFailure.BAD_ADDRESS)
    assert here.reached == []


def test_a_device_that_its_push_service_does_not_know_is_forgotten() -> None:
    here = Here(publish=[refusal("EndpointDisabled")])
    assert here.send(REGISTERED) == failed(AlertFailure.BAD_ADDRESS)
    assert here.endpoints.told == [("forget", "customer-1", "phone-1")]


def test_an_endpoint_that_somebody_deleted_is_made_anew_by_the_next_attempt() -> None:
    here = Here(publish=[refusal("NotFound")])
    with pytest.raises(Unavailable):
        here.send(REGISTERED)
    assert here.endpoints.told == [("drop", "customer-1", "phone-1")]


def test_it_is_sent_once_one_device_is_reached() -> None:
    """Another attempt would reach that device a second time."""
    other = device(device_id="phone-2", token="t-2", endpoint_arn="arn:endpoint-2", endpoint_token="t-2")
    for answers in ([refusal("Throttling"), None], [None, refusal("Throttling")], [refusal("EndpointDisabled"), None]):
        here = Here(publish=list(answers))
        assert here.send(REGISTERED, other).state == "SENT"
        assert here.reached == ["arn:endpoint-1", "arn:endpoint-2"]


def test_it_is_tried_again_while_any_device_may_be_reached() -> None:
    other = device(device_id="phone-2", token="t-2", endpoint_arn="arn:endpoint-2", endpoint_token="t-2")
    with pytest.raises(Unavailable):
        Here(publish=[refusal("EndpointDisabled"), refusal("Throttling")]).send(REGISTERED, other)


def test_no_more_devices_are_tried_than_the_ones_registered_last() -> None:
    here = Here()
    here.send(*[device(device_id=f"phone-{n}", token=f"t-{n}") for n in range(MAX_DEVICES + 2)])
    assert here.reached == [f"arn:endpoint-for-t-{n}" for n in range(MAX_DEVICES)]


def test_a_platform_that_is_not_set_up_is_no_failure() -> None:
    here = Here()
    assert here.send(device(platform=Platform.APNS)) == suppressed(Suppression.NOT_CONFIGURED)
    assert here.send(REGISTERED, applications={}) == suppressed(Suppression.NOT_CONFIGURED)
    assert here.sns.calls == []


SLOW = [device(device_id=f"phone-{n}", token=f"t-{n}") for n in range(MAX_DEVICES)]


def test_a_slow_sns_is_called_no_more_once_the_time_is_up_and_who_was_reached_counts() -> None:
    here = Here(call_s=CALL_S)
    assert here.send(*SLOW).state == "SENT"
    assert [name for name, _ in here.sns.calls] == ["create_platform_endpoint", "publish"]


def test_when_the_time_is_up_and_nobody_was_reached_it_is_tried_again() -> None:
    timed_out = ReadTimeoutError(endpoint_url="https://sns.invalid")
    here = Here(call_s=CALL_S, publish=[timed_out])
    with pytest.raises(Unavailable, match="ReadTimeout"):
        here.send(*SLOW)
    here = Here(call_s=LAST_CALL_S + 1)
    with pytest.raises(Unavailable, match="NoTimeLeft"):
        here.send(SLOW[0])
    assert here.reached == []


def test_the_last_call_is_over_before_the_function_is_and_the_function_before_its_lease() -> None:
    assert LAST_CALL_S + CALL_S < SENDER_TIMEOUT_SECONDS < LEASE_SECONDS < 6 * SENDER_TIMEOUT_SECONDS
