"""A message that a topic cannot put into a subscribed queue goes to the subscription's dead-letter queue.

AWS ("Amazon SNS dead-letter queues"): a queue that is gone or whose policy does not allow the topic is not worth a
retry; the message goes, as it would have been delivered, to the queue that the subscription's RedrivePolicy names,
whose policy must allow the topic too. MiniStack stores the policy and loses the message.

Replaced: `ministack.services.sns._deliver_to_sqs`, which delivers to one subscribed queue. Other protocols never fail
here.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from ministack.core.arn import parse_arn
from ministack.services import sns, sqs

from local.cloud import patch

_log = logging.getLogger(__name__)

Deliver = Callable[..., None]


def _redirecting(deliver: Deliver) -> Deliver:
    def delivered(queue: str, *message: Any, topic_arn: str, **details: Any) -> None:
        if not _takes(queue, topic_arn):
            _log.warning("%s cannot deliver to %s", topic_arn, queue)
            dead = _dead_letter_queue(topic_arn, queue)
            if dead is None or not _takes(dead, topic_arn):
                _log.error("message lost: %s has no usable dead-letter queue for %s", topic_arn, queue)
                return
            queue = dead
        deliver(queue, *message, topic_arn=topic_arn, **details)

    return delivered


def _takes(queue: str, topic: str) -> bool:
    """Whether the queue exists and its policy lets the topic send."""
    allowed = sqs.queue_policy_allows(queue, "sns.amazonaws.com", topic, parse_arn(topic).account_id)
    return bool(sqs._queue_by_arn(queue) is not None and allowed)


def _dead_letter_queue(topic: str, queue: str) -> str | None:
    """What the queue's subscription to the topic names as its dead-letter queue."""
    for subscription in sns._topic_by_arn_any_scope(topic)["subscriptions"]:
        if (subscription["protocol"], subscription["endpoint"]) == ("sqs", queue):
            policy = subscription["attributes"].get("RedrivePolicy") or "{}"
            target: str | None = json.loads(policy).get("deadLetterTargetArn")
            return target
    return None


def install() -> None:
    """Replaces MiniStack's delivery to subscribed queues."""
    patch.require(sns, "_topic_by_arn_any_scope")
    patch.require(sqs, "_queue_by_arn", "queue_policy_allows")
    patch.replace(sns, "_deliver_to_sqs", _redirecting)
