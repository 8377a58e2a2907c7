"""Where failures wait: a queue that an alarm watches, whatever they come from."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import names
from infra.acknowledged import acknowledge
from infra.constructs.alarms import alarm
from infra.stage import Stage

KEPT = Duration.days(14)  # a message in any queue of ours: the most that SQS grants


def failure_queue(scope: Construct, id_: str, name: str, stage: Stage, *, fifo: bool = False) -> sqs.Queue:
    """The queue `<name>-failures`: what ends up there waits 14 days for an operator, and raises an alarm."""
    physical = name + names.FAILURES
    queue = sqs.Queue(
        scope,
        f"{id_}Failures",
        queue_name=physical + (names.FIFO if fifo else ""),
        fifo=fifo or None,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=not stage.is_local,  # the local cloud speaks plain http
        retention_period=KEPT,
    )
    acknowledge(queue, "SQS3", "It is itself where failures go, from a queue, a stream, a rule or a handler.")
    alarm(
        scope,
        f"{id_}FailuresAlarm",
        name=physical,
        description=f"Messages wait in {physical}: see `delivery failures list`",
        metric=queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(1)),
        threshold=1,
    )
    return queue
