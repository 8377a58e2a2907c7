"""Rules whose targets would be delivered nowhere, or otherwise than they say, are refused when they are made.

AWS delivers to some thirty services. MiniStack takes a target in any of them and drops its events; it knows neither
dead-letter queues nor retry policies, which here only the services in `target_senders` have.

Replaced: `ministack.services.eventbridge._validate_target_arn`, which PutTargets asks; and in CloudFormation's handlers
the creation of an AWS::Events::Rule, which asked nobody.
"""

from collections.abc import Callable
from typing import Any

from ministack.core import responses
from ministack.core.arn import ArnParseError, parse_arn
from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

from local.cloud import patch
from local.cloud.api import JsonObject
from local.cloud.target_senders import SENDERS

_LEFT_TO_MINISTACK = frozenset({"events", "states"})
_NEEDS_RETRIES = ("DeadLetterConfig", "RetryPolicy")


def _refusal(target: JsonObject) -> str | None:
    """Why a rule may not have this target here. Raises ArnParseError."""
    service = parse_arn(target.get("Arn", "")).service
    if service in SENDERS:
        return "The local cloud has no InputPath for targets." if target.get("InputPath") else None
    if service not in _LEFT_TO_MINISTACK:
        return f"The local cloud delivers no events to {service}."
    if unsupported := [name for name in _NEEDS_RETRIES if target.get(name)]:
        return f"The local cloud has no {' or '.join(unsupported)} for targets in {service}."
    return None


def _for_put_targets(original: Callable[[JsonObject], Any]) -> Callable[[JsonObject], Any]:
    def validate(target: JsonObject) -> Any:
        if error := original(target):
            return error
        refusal = _refusal(target)
        return refusal and responses.error_response_json("ValidationException", refusal, 400)

    return validate


def _for_templates(create: Callable[..., Any]) -> Callable[..., Any]:
    def validated(logical_id: str, properties: JsonObject, stack_name: str) -> Any:
        for target in properties.get("Targets") or []:
            try:
                refusal = _refusal(target)
            except ArnParseError as error:
                refusal = f"{target.get('Arn')} is no ARN: {error}"
            if refusal:
                raise ValueError(f"AWS::Events::Rule {logical_id}: {refusal}")
        return create(logical_id, properties, stack_name)

    return validated


def install() -> None:
    """Makes PutTargets and CloudFormation refuse such targets."""
    patch.require(provisioners, "_RESOURCE_HANDLERS")
    patch.replace(eventbridge, "_validate_target_arn", _for_put_targets)
    handlers = provisioners._RESOURCE_HANDLERS["AWS::Events::Rule"]
    handlers["create"] = _for_templates(handlers["create"])
