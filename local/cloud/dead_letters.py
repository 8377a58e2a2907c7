"""What EventBridge sends to a target's dead-letter queue.

AWS ("Using dead-letter queues to process undelivered events"): the event, with the attributes RULE_ARN, TARGET_ARN,
ERROR_CODE and ERROR_MESSAGE, and after retries EXHAUSTED_RETRY_CONDITION and RETRY_ATTEMPTS. The queue's policy must
allow it; if it does not, or there is no queue, the event is lost. MiniStack has none of this. Replaces nothing.
"""

import logging

from ministack.core.arn import parse_arn
from ministack.services import sqs

from local.cloud import api
from local.cloud.api import JsonObject
from local.cloud.target_retry import GivenUp

_log = logging.getLogger(__name__)


def send(target: JsonObject, rule: JsonObject, event: str, given_up: GivenUp) -> None:
    """Sends the event to the target's dead-letter queue.

    A queue that cannot take it is logged: on AWS, too, nobody else is told.
    """
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    error = given_up.error
    _log.warning("rule %s: not delivered to %s: %s %s", rule["Name"], target["Arn"], error.code, error)
    if not queue:
        return
    if not sqs.queue_policy_allows(queue, "events.amazonaws.com", rule["Arn"], parse_arn(queue).account_id):
        _log.error("dead letter lost: there is no %s, or its policy does not let EventBridge send to it", queue)
        return
    attributes = {
        "RULE_ARN": rule["Arn"],
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": error.code,
        "ERROR_MESSAGE": str(error),
    }
    if error.retriable or given_up.retries:
        attributes["RETRY_ATTEMPTS"] = str(given_up.retries)
    if given_up.exhausted:
        attributes["EXHAUSTED_RETRY_CONDITION"] = given_up.exhausted
    try:
        api.send(queue, event, attributes)
    except api.CallError as failure:
        _log.error("dead letter lost: %s: %s", queue, failure)
