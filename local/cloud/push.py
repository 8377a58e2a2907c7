"""Mobile push messages: delivered into a record, refused for devices that are gone.

AWS ("Sending push notifications with Amazon SNS", API reference of Publish and CreatePlatformEndpoint): Publish to an
endpoint picks the platform's text out of a JSON message structure; an endpoint whose token the push service does not
know is disabled after the publish that found out, and from then on Publish answers EndpointDisabled; creating an
endpoint for the token of one that is disabled is refused, naming it; its ARN begins with "endpoint/". IAM checks these
operations on the application or the endpoint. MiniStack accepts every publish and keeps nothing, hands out disabled
endpoints again under ARNs that begin with "app/", and checks them on no resource, which a scoped policy refuses.

A token that begins with "uninstalled-" stands for an app that was removed: SNS takes the message, the device does not,
and the endpoint is disabled. SetEndpointAttributes with Enabled=false disables an endpoint at once, as on AWS. What
devices received is answered by `push_record`.

Replaced: `_publish` and `_create_platform_endpoint` of `ministack.services.sns`; and `extract_resource_arn` of
`ministack.core.iam_actions`, which says what a request is about.
"""

import json
import time
import uuid
from collections.abc import Callable
from itertools import count, takewhile
from typing import Any

from ministack.core import iam_actions
from ministack.services import sns

from local.cloud import patch, push_record
from local.cloud.api import JsonObject

UNINSTALLED = "uninstalled-"

Parameters = dict[str, Any]
Operation = Callable[[Parameters], Any]


class _InvalidParameterError(Exception):
    pass


def _text(message: str, structure: str, platform: str) -> str:
    """The part of a message that is meant for a platform. Raises _InvalidParameterError."""
    if structure != "json":
        return message
    try:
        content = json.loads(message)
    except ValueError:
        raise _InvalidParameterError("Message Structure - JSON message body failed to parse") from None
    text = isinstance(content, dict) and content.get(platform, content.get("default"))
    if not isinstance(text, str):
        raise _InvalidParameterError(f"JSON must contain an entry for 'default' or '{platform}'.")
    return text


def _publish_to(endpoint: JsonObject, parameters: Parameters) -> Any:
    attributes = endpoint["attributes"]
    if attributes["Enabled"].lower() != "true":
        return sns._error("EndpointDisabled", "Endpoint is disabled", 400)
    structure = sns._p(parameters, "MessageStructure")
    platform = endpoint["application_arn"].split("/")[1]
    try:
        text = _text(sns._p(parameters, "Message"), structure, platform)
    except _InvalidParameterError as error:
        return sns._error("InvalidParameter", f"Invalid parameter: {error}", 400)
    message_id = str(uuid.uuid4())
    if attributes["Token"].startswith(UNINSTALLED):
        attributes["Enabled"] = "false"
    else:
        record = {
            "EndpointArn": endpoint["arn"],
            "Token": attributes["Token"],
            "Platform": platform,
            "MessageId": message_id,
            "Message": sns._p(parameters, "Message"),
            "MessageStructure": structure or None,
            "PlatformMessage": text,
            "MessageAttributes": sns._parse_message_attributes(parameters),
            "SentAt": time.time(),
        }
        push_record.add(record)
    return sns._xml(200, "PublishResponse", f"<PublishResult><MessageId>{message_id}</MessageId></PublishResult>")


def _recording(publish: Operation) -> Operation:
    def published(parameters: Parameters) -> Any:
        arn = sns._p(parameters, "TargetArn")
        if ":endpoint/" not in arn:
            return publish(parameters)
        endpoint = sns._platform_endpoints.get(arn)
        if endpoint is None:
            return sns._error("NotFound", "No endpoint found for the target arn specified", 404)
        return _publish_to(endpoint, parameters)

    return published


def _create_endpoint(parameters: Parameters) -> Any:
    application, token = (sns._p(parameters, name) for name in ("PlatformApplicationArn", "Token"))
    if application not in sns._platform_applications:
        return sns._error("NotFound", "PlatformApplication does not exist", 404)
    if not token:
        return sns._error("InvalidParameter", "Invalid parameter: Token Reason: no value for required parameter", 400)
    attributes = {"Enabled": "true", "Token": token, **_attributes(parameters)}
    for known in sns._platform_endpoints.values():
        if (known["application_arn"], known["attributes"]["Token"]) == (application, token):
            return _known_endpoint(known, attributes)
    arn = f"{application.replace(':app/', ':endpoint/', 1)}/{uuid.uuid4()}"
    sns._platform_endpoints[arn] = {"arn": arn, "application_arn": application, "attributes": attributes}
    return _endpoint_answer(arn)


def _attributes(parameters: Parameters) -> dict[str, str]:
    numbers = takewhile(lambda n: f"Attributes.entry.{n}.key" in parameters, count(1))
    entries = (f"Attributes.entry.{n}" for n in numbers)
    given = {sns._p(parameters, f"{entry}.key"): sns._p(parameters, f"{entry}.value") for entry in entries}
    data = sns._p(parameters, "CustomUserData")
    return given | ({"CustomUserData": data} if data else {})


def _known_endpoint(endpoint: JsonObject, wanted: dict[str, str]) -> Any:
    """The same endpoint again, if it is as wanted."""
    if endpoint["attributes"] == wanted:
        return _endpoint_answer(endpoint["arn"])
    reason = f"Endpoint {endpoint['arn']} already exists with the same Token, but different attributes."
    return sns._error("InvalidParameter", f"Invalid parameter: Token Reason: {reason}", 400)


def _endpoint_answer(arn: str) -> Any:
    result = f"<CreatePlatformEndpointResult><EndpointArn>{arn}</EndpointArn></CreatePlatformEndpointResult>"
    return sns._xml(200, "CreatePlatformEndpointResponse", result)


def _about_endpoints(extract: Callable[..., str]) -> Callable[..., str]:
    def extracted(
        service: str, method: str, path: str, headers: Any, body: bytes, parameters: Parameters, *scope: str
    ) -> str:
        found = extract(service, method, path, headers, body, parameters, *scope)
        if service != "sns" or found != "*":
            return found
        return str(sns._p(parameters, "EndpointArn") or sns._p(parameters, "PlatformApplicationArn") or found)

    return extracted


def install() -> None:
    """Replaces MiniStack's operations on endpoints."""
    patch.require(
        sns, "_error", "_p", "_parse_message_attributes", "_platform_applications", "_platform_endpoints", "_xml"
    )

    def creating(_: Operation) -> Operation:
        return _create_endpoint

    patch.replace(sns, "_publish", _recording)
    patch.replace(sns, "_create_platform_endpoint", creating)
    patch.replace(iam_actions, "extract_resource_arn", _about_endpoints)
