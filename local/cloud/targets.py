"""EventBridge rules deliver to their targets, again if need be, and at last to a dead-letter queue.

AWS ("Retrying event delivery" and "Using dead-letter queues" of the EventBridge User Guide): an event that could not be
delivered is sent again with exponential back-off until RetryPolicy's attempts (185) or age (24 h) are used up; a
missing target or permission is not worth a retry; in the end the event goes to the target's dead-letter queue, with
message attributes that say what failed and why. MiniStack drops it, and writes nothing to log groups.

Replaced: `ministack.services.eventbridge._invoke_target`, which delivers to one target of a rule. Event buses and state
machines stay with MiniStack, as do the targets of EventBridge Scheduler, which come through the same function.
Retries under way do not survive a restart.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ministack.core.arn import parse_arn
from ministack.core.concurrency import spawn_background
from ministack.services import eventbridge

from local.cloud import dead_letters, patch, target_senders
from local.cloud.api import JsonObject
from local.cloud.target_retry import DeliveryError, RetryPolicy, retry
from local.cloud.target_senders import SENDERS


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one target. `payload` is what the target gets, `event` what matched the rule."""

    target: JsonObject
    rule: JsonObject
    payload: str
    event: str

    def attempt(self) -> DeliveryError | None:
        """Delivers once; what went wrong, if anything did."""
        arn = parse_arn(self.target["Arn"])
        try:
            SENDERS[arn.service](arn, self.payload, self.target, self.rule)
        except DeliveryError as error:
            return error
        except Exception as error:
            return DeliveryError("INTERNAL_ERROR", repr(error), retriable=True)
        return None

    def go_on(self, error: DeliveryError) -> None:
        """Retries until delivered or given up. Takes its time, so not for the event loop."""
        if given_up := retry(self.attempt, error, RetryPolicy.of(self.target)):
            dead_letters.send(self.target, self.rule, self.event, given_up)


def _payload(target: JsonObject, rule: JsonObject, view: Any, event: str) -> str:
    """What the target receives: the event, or what the target's Input or InputTransformer makes of it."""
    if transformer := target.get("InputTransformer"):
        return str(eventbridge._apply_input_transformer(transformer, rule, view))
    if target.get("Input"):
        return str(target["Input"])
    return event


def _deliver(target: JsonObject, event: JsonObject, rule: JsonObject, view: Any = None) -> None:
    view = view or eventbridge._pattern_event_view(event)
    matched = json.dumps(view.event_with_detail())
    delivery = Delivery(target, rule, _payload(target, rule, view, matched), matched)
    if error := delivery.attempt():
        spawn_background(delivery.go_on, error, thread_name="eventbridge-retry")


def _delivering(original: Callable[..., None]) -> Callable[..., None]:
    def invoke(target: JsonObject, event: JsonObject, rule: JsonObject, view: Any = None) -> None:
        of_rule = parse_arn(rule["Arn"]).service == "events"
        if of_rule and parse_arn(target["Arn"]).service in SENDERS:
            _deliver(target, event, rule, view)
        else:
            original(target, event, rule, view)

    return invoke


def install() -> None:
    """Replaces MiniStack's delivery to the targets of rules."""
    target_senders.require()
    patch.require(eventbridge, "_apply_input_transformer", "_pattern_event_view")
    patch.replace(eventbridge, "_invoke_target", _delivering)
