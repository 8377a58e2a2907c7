"""What Lambda sends to a function's dead-letter queue when nobody waits for its answer.

AWS ("Capturing records of Lambda asynchronous invocations", dead-letter queues): the event as it was, with the message
attributes RequestID, ErrorCode (a number, 200 for an error of the function) and ErrorMessage (its first 1 KB). An
on-failure destination gets an envelope around the event instead. MiniStack sends the envelope to both, and its
CloudFormation leaves out the property `DeadLetterConfig`: what a template's function fails at would be lost.

Replaced: `ministack.services.lambda_svc._route_async_failure`, which sends what an asynchronous invocation failed at
for the last time. On-failure destinations stay with MiniStack. A topic as dead-letter target is refused when a function
is given one, by `_validate_dead_letter_config`. The entry of `AWS::Lambda::Function` among CloudFormation's
`_RESOURCE_HANDLERS` sets the property after what is there has made or changed the function.
"""

import json
import logging
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core.arn import parse_arn
from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

from local.cloud import api, patch
from local.cloud.api import JsonObject

_log = logging.getLogger(__name__)

_FUNCTION = "AWS::Lambda::Function"
_ERROR_OF_THE_FUNCTION = 200
_LONGEST_MESSAGE = 1024

Route = Callable[[str, str, JsonObject, JsonObject], None]
Validate = Callable[[JsonObject | None], Any]
Make = Callable[..., tuple[str, JsonObject]]


def _routing(original: Route) -> Route:
    def route(target: str, function: str, event: JsonObject, result: JsonObject) -> None:
        config = (lambda_svc._functions.get(function) or {}).get("config") or {}
        if target == (config.get("DeadLetterConfig") or {}).get("TargetArn"):
            _send(target, function, event, result)
        else:
            original(target, function, event, result)

    return route


def _send(queue: str, function: str, event: JsonObject, result: JsonObject) -> None:
    body = result.get("body")
    message = str(body.get("errorMessage", "")) if isinstance(body, dict) else ""
    attributes: dict[str, str | int] = {
        "RequestID": str(uuid.uuid4()),
        "ErrorCode": _ERROR_OF_THE_FUNCTION,
        "ErrorMessage": message[:_LONGEST_MESSAGE] or "Unhandled",  # SQS takes no empty attribute
    }
    try:
        api.send(queue, json.dumps(event), attributes)
    except api.CallError as error:
        _log.error("dead letter of %s lost: %s: %s", function, queue, error)


def _refusing(original: Validate) -> Validate:
    def validate(config: JsonObject | None) -> Any:
        if refused := original(config):
            return refused
        target = (config or {}).get("TargetArn")
        if target and parse_arn(target).service != "sqs":
            return lambda_svc._invalid_parameter_value(f"The local cloud sends dead letters to queues, not to {target}")
        return None

    return validate


def _with_dead_letters(original: Make, properties_at: int) -> Make:
    """`properties_at`: which of the arguments holds the template's properties."""

    def make(*arguments: Any) -> tuple[str, JsonObject]:
        given = arguments[properties_at].get("DeadLetterConfig") or {}
        if lambda_svc._validate_dead_letter_config(given):
            raise ValueError(f"{_FUNCTION}: dead letters go to queues here, not to {given.get('TargetArn')}")
        name, attributes = original(*arguments)
        lambda_svc._functions[name]["config"]["DeadLetterConfig"] = given
        return name, attributes

    return make


def install() -> None:
    """Replaces what becomes of an event that a function failed at for the last time, and lets templates say where."""
    patch.require(lambda_svc, "_functions", "_invalid_parameter_value")
    patch.replace(lambda_svc, "_route_async_failure", _routing)
    patch.replace(lambda_svc, "_validate_dead_letter_config", _refusing)
    patch.require(provisioners, "_RESOURCE_HANDLERS")
    handlers = provisioners._RESOURCE_HANDLERS[_FUNCTION]
    handlers["create"] = _with_dead_letters(handlers["create"], 1)
    handlers["update"] = _with_dead_letters(handlers["update"], 2)
