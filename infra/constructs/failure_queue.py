"""Where failures wait: a queue that an alarm watches, whatever they come from. And who may send them back."""

from typing import cast

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_iam as iam
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
        description=f"Messages wait in {physical}: see the operator's board or `delivery failures list`",
        metric=queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(1)),
        threshold=1,
    )
    return queue


def redrive_role_name() -> str:
    """Of the role that the API has in its own stack, and that each stack lets send to its queues."""
    return f"{names.REDRIVE_ROLE}-{Aws.REGION}"


def let_redrive(stack: Stack, queue: sqs.IQueue) -> None:
    """Let an operator's call of the API send to `queue` what lies in its failure queue."""
    policy = cast(iam.Policy | None, stack.node.try_find_child("Redrive"))
    if policy is None:
        # Named, as all stacks' policies are policies of one role.
        name = f"{names.REDRIVE_ROLE}-{stack.stack_name}"
        role = iam.Role.from_role_name(stack, "RedriveRole", redrive_role_name())
        policy = iam.Policy(stack, "Redrive", policy_name=name, roles=[role])
    policy.add_statements(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[queue.queue_arn]))
