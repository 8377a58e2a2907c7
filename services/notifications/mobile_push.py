"""Push messages by Amazon SNS mobile push, to each of a contact's devices."""

import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from delivery_events.notifications import Channel

from services.notifications.domain import Device, Platform, Result, Suppression, failed, sent, suppressed
from services.notifications.provider import Outgoing, Unavailable, code, failure
from services.notifications.push_document import document, time_to_live

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

logger = Logger(child=True)

MAX_DEVICES = 5  # the ones registered last
# After so long no further call is begun for an alert, so that what SNS did is recorded before the function is stopped:
# the last call may take provider.CALL_S more, and the function has 30 s (stack.py).
LAST_CALL_S = 15

_EXISTS = re.compile(r"Endpoint (arn:\S+) already exists with the same Token")


class Endpoints(Protocol):
    def keep_endpoint(self, recipient_id: str, device: Device, endpoint_arn: str) -> bool: ...

    def drop_endpoint(self, recipient_id: str, device: Device) -> bool: ...

    def forget_device(self, recipient_id: str, device: Device) -> bool: ...


class MobilePush:
    """`applications` has SNS's platform application for each platform that is set up. `monotonic` tells seconds."""

    channel = Channel.PUSH

    def __init__(
        self,
        client: "SNSClient",
        endpoints: Endpoints,
        applications: Mapping[Platform, str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._endpoints = endpoints
        self._applications = applications

    def send(self, outgoing: Outgoing) -> Result:
        """Send to the contact's devices. It counts as sent once one of them is reached.

        Raises when none was and another attempt may reach one: only then, because that attempt would reach the others a
        second time. A device that there is no time left for counts as one that another attempt may reach.
        """
        devices = [device for device in outgoing.contact.devices if device.platform in self._applications]
        if not devices:
            return suppressed(Suppression.NOT_CONFIGURED)
        content = document(outgoing.alert, outgoing.message)
        attributes = time_to_live(outgoing.lifetime_s)
        last_call = self._monotonic() + LAST_CALL_S
        results: list[Result] = []
        later: list[Exception] = []
        for device in devices[:MAX_DEVICES]:
            try:
                results.append(self._send(outgoing, device, content, attributes, last_call))
            except (Unavailable, ClientError, BotoCoreError) as error:  # the latter two out of DynamoDB
                later.append(error)
        taken = next((result for result in results if result.message_id), None)
        if taken is None and later:
            raise later[0]
        return taken or results[0]

    def _send(
        self,
        outgoing: Outgoing,
        device: Device,
        content: str,
        attributes: "dict[str, MessageAttributeValueTypeDef]",
        last_call: float,
    ) -> Result:
        recipient_id = outgoing.contact.recipient_id
        endpoint = device.endpoint
        if endpoint is None:
            try:
                endpoint = self._create_endpoint(device, last_call)
            except (ClientError, BotoCoreError) as error:
                return _refused(outgoing, error)
            self._endpoints.keep_endpoint(recipient_id, device, endpoint)
        self._check_time(last_call)
        try:
            answer = self._client.publish(
                TargetArn=endpoint, Message=content, MessageStructure="json", MessageAttributes=attributes
            )
        except (ClientError, BotoCoreError) as error:
            if code(error) == "NotFound":  # somebody deleted the endpoint: the device is still good for a new one
                self._endpoints.drop_endpoint(recipient_id, device)
            result = _refused(outgoing, error)
            if code(error) == "EndpointDisabled":
                # The push service does not know the token any more. The app registers again when it is next opened.
                self._endpoints.forget_device(recipient_id, device)
            return result
        return sent(answer["MessageId"])

    def _create_endpoint(self, device: Device, last_call: float) -> str:
        self._check_time(last_call)
        try:
            return self._client.create_platform_endpoint(
                PlatformApplicationArn=self._applications[device.platform], Token=device.token
            )["EndpointArn"]
        except ClientError as error:
            # SNS has the token already, but disabled: the push service did not know it for a while. The app has
            # registered it since. Only the error's text tells which endpoint it is.
            exists = _EXISTS.search(error.response["Error"].get("Message", ""))
            if not exists:
                raise
        self._check_time(last_call)
        self._client.set_endpoint_attributes(
            EndpointArn=exists.group(1), Attributes={"Enabled": "true", "Token": device.token}
        )
        return exists.group(1)

    def _check_time(self, last_call: float) -> None:
        if self._monotonic() > last_call:
            raise Unavailable("NoTimeLeft")


def _refused(outgoing: Outgoing, error: ClientError | BotoCoreError) -> Result:
    reason = failure(error)
    logger.warning("push message refused", extra={"alert_id": outgoing.alert.alert_id, "code": code(error)})
    return failed(reason)
