"""SNS: text messages to phones, and push messages to devices."""

import json
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from local.aws import Aws
from tests.local.cloud.process import Cloud
from tests.local.cloud.resources import role, session

pytestmark = pytest.mark.local_cloud

CONTENT = json.dumps({"default": "Your driver is here.", "GCM": '{"fcmV1Message": {}}'})


@pytest.fixture
def application(aws: Aws, name: str) -> str:
    made = aws.client("sns").create_platform_application(
        Name=name, Platform="GCM", Attributes={"PlatformCredential": "none"}
    )
    arn: str = made["PlatformApplicationArn"]
    return arn


def test_a_push_message_is_kept_as_the_device_got_it(aws: Aws, cloud: Cloud, application: str) -> None:
    """AWS: with MessageStructure json the device gets the entry of its platform."""
    sns = aws.client("sns")
    endpoint = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="one")["EndpointArn"]

    sent = sns.publish(TargetArn=endpoint, Message=CONTENT, MessageStructure="json")

    (record,) = received(cloud, endpoint)
    assert record["MessageId"] == sent["MessageId"]
    assert record["Token"] == "one"
    assert record["PlatformMessage"] == '{"fcmV1Message": {}}'


def test_a_push_message_without_text_for_the_platform_is_refused(aws: Aws, cloud: Cloud, application: str) -> None:
    """AWS: "JSON must contain an entry for 'default' or 'GCM'"."""
    sns = aws.client("sns")
    endpoint = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="one")["EndpointArn"]

    with pytest.raises(sns.exceptions.InvalidParameterException, match="'default' or 'GCM'"):
        sns.publish(TargetArn=endpoint, Message='{"APNS": "{}"}', MessageStructure="json")
    assert received(cloud, endpoint) == []


def test_the_endpoint_of_an_uninstalled_app_is_disabled(aws: Aws, cloud: Cloud, application: str) -> None:
    """AWS: SNS disables an endpoint when the push service does not know its token, and refuses later messages."""
    sns = aws.client("sns")
    endpoint = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="uninstalled-1")["EndpointArn"]

    assert sns.publish(TargetArn=endpoint, Message="first")["MessageId"]

    assert sns.get_endpoint_attributes(EndpointArn=endpoint)["Attributes"]["Enabled"] == "false"
    with pytest.raises(sns.exceptions.EndpointDisabledException):
        sns.publish(TargetArn=endpoint, Message="second")
    assert received(cloud, endpoint) == []


def test_a_disabled_endpoint_is_enabled_by_its_attributes_not_by_making_it_again(aws: Aws, application: str) -> None:
    """AWS: a second endpoint for a token is the first one if all attributes agree, else an error that names it."""
    sns = aws.client("sns")
    token: dict[str, Any] = {"PlatformApplicationArn": application, "Token": "one"}
    endpoint = sns.create_platform_endpoint(**token)["EndpointArn"]
    assert sns.create_platform_endpoint(**token)["EndpointArn"] == endpoint
    sns.set_endpoint_attributes(EndpointArn=endpoint, Attributes={"Enabled": "false"})

    with pytest.raises(sns.exceptions.InvalidParameterException, match=f"Endpoint {endpoint} already exists"):
        sns.create_platform_endpoint(**token)

    sns.set_endpoint_attributes(EndpointArn=endpoint, Attributes={"Enabled": "true"})
    assert sns.publish(TargetArn=endpoint, Message="again")["MessageId"]


def test_a_deleted_endpoint_is_not_found(aws: Aws, application: str) -> None:
    """AWS: Publish to an endpoint that does not exist answers NotFound."""
    sns = aws.client("sns")
    endpoint = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="one")["EndpointArn"]
    sns.delete_endpoint(EndpointArn=endpoint)

    with pytest.raises(sns.exceptions.NotFoundException):
        sns.publish(TargetArn=endpoint, Message="hello")


def received(cloud: Cloud, endpoint: str) -> list[dict[str, Any]]:
    answer = httpx.get(f"{cloud.url}/_ministack/sns/push-messages", params={"endpointArn": endpoint})
    records: list[dict[str, Any]] = answer.json()["push_messages"][endpoint]
    return records


def test_a_text_message_is_kept_with_its_id(aws: Aws, cloud: Cloud) -> None:
    """AWS: Publish to a PhoneNumber answers with the MessageId."""
    sent = aws.client("sns").publish(PhoneNumber="+12025550111", Message="Your order is on its way.")

    answer = httpx.get(f"{cloud.url}/_ministack/sns/sms-messages", params={"phoneNumber": "+12025550111"})
    (record,) = answer.json()["sms_messages"]["+12025550111"]
    assert (record["MessageId"], record["Message"]) == (sent["MessageId"], "Your order is on its way.")


@pytest.mark.parametrize("number", ["2025550111", "+0025550111", "+1 202 555 0111", "+120255501112345678"])
def test_a_number_that_is_not_e164_is_refused(aws: Aws, number: str) -> None:
    """AWS: PhoneNumber must be in E.164 form, else InvalidParameter."""
    with pytest.raises(ClientError, match="is not valid to publish to"):
        aws.client("sns").publish(PhoneNumber=number, Message="hello")


def test_a_role_may_be_confined_to_one_application(aws: Aws, cloud: Cloud, application: str, name: str) -> None:
    """AWS: CreatePlatformEndpoint is authorized on the application, Publish on the endpoint."""
    endpoints = application.replace(":app/", ":endpoint/")
    arn = role(aws, name, {"sns:*": [application, f"{endpoints}/*"]}, {"AWS": "*"})
    sns = session(aws, arn).client("sns", endpoint_url=cloud.url)
    other = aws.client("sns").create_platform_application(
        Name=f"{name}-other", Platform="GCM", Attributes={"PlatformCredential": "none"}
    )["PlatformApplicationArn"]

    endpoint = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="two")["EndpointArn"]
    assert sns.publish(TargetArn=endpoint, Message="hello")["MessageId"]
    with pytest.raises(ClientError, match="AuthorizationError"):
        sns.create_platform_endpoint(PlatformApplicationArn=other, Token="two")
