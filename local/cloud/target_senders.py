"""One attempt to hand an event to a target of a rule: queues, functions and log groups.

AWS: EventBridge calls queues and log groups as the principal events.amazonaws.com, which their policies must
allow for the rule ("Using resource-based policies for Amazon EventBridge"), invokes functions asynchronously, so that
Lambda's own retries apply, and writes an event to a log group as one log event whose message is the event's JSON.
MiniStack asks no policy, invokes a function once, and does not write to log groups.

This is called by `targets` and replaces nothing itself.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch_logs, eventbridge, lambda_svc, sqs

from local.cloud import patch
from local.cloud.api import JsonObject
from local.cloud.target_retry import DeliveryError

_PRINCIPAL = "events.amazonaws.com"


Sender = Callable[[Any, str, JsonObject, JsonObject], None]
"""Takes the target's parsed ARN, the payload, the target and the rule. Raises DeliveryError."""


def _to_queue(arn: Any, payload: str, target: JsonObject, rule: JsonObject) -> None:
    if sqs._queue_by_arn(str(arn)) is None:
        raise DeliveryError("NO_RESOURCE", f"The queue {arn} does not exist.")
    if not sqs.queue_policy_allows(str(arn), _PRINCIPAL, rule["Arn"], arn.account_id):
        raise DeliveryError("NO_PERMISSIONS", f"The policy of {arn} does not let {_PRINCIPAL} send messages.")
    eventbridge._dispatch_to_sqs(arn, payload, target.get("SqsParameters") or {})


def _to_function(arn: Any, payload: str, _: JsonObject, __: JsonObject) -> None:
    function, config, _name = lambda_svc._get_func_record_for_ref(str(arn))
    if not function or not config:
        raise DeliveryError("NO_RESOURCE", f"The function {arn} does not exist.")
    lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(function, config), json.loads(payload))


def _to_log_group(arn: Any, payload: str, _: JsonObject, rule: JsonObject) -> None:
    group = arn.resource.removeprefix("log-group:").removesuffix(":*")
    if group not in cloudwatch_logs._log_groups:
        raise DeliveryError("NO_RESOURCE", f"The log group {group} does not exist.")
    stream = {"logGroupName": group, "logStreamName": rule["Name"]}
    cloudwatch_logs._create_log_stream(stream)  # refused when it is there already, which is as well
    event = {"timestamp": int(time.time() * 1000), "message": payload}
    cloudwatch_logs._put_log_events({**stream, "logEvents": [event]})


SENDERS: dict[str, Sender] = {"sqs": _to_queue, "lambda": _to_function, "logs": _to_log_group}
"""By the service in the target's ARN."""


def require() -> None:
    """Raises IncompatibleMiniStackError unless MiniStack has what the senders call."""
    patch.require(sqs, "_queue_by_arn", "queue_policy_allows")
    patch.require(lambda_svc, "_execution_record_for_config", "_get_func_record_for_ref", "invoke_async_with_retry")
    patch.require(cloudwatch_logs, "_create_log_stream", "_log_groups", "_put_log_events")
    patch.require(eventbridge, "_dispatch_to_sqs")
