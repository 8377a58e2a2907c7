"""Operators' part of the API that belongs to no service: which failure queues hold messages, and the way back.

Its resolvers ask Amazon SQS itself, by requests that AppSync signs as a role of their own; no function is in between.
The role may count and take out what lies in failure queues. Each service's stack lets it send to that service's queues.
"""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_iam as iam

from infra import names
from infra.acknowledged import acknowledge
from infra.constructs.failure_queue import redrive_role_name
from infra.constructs.resolvers import aws_source, resolve_base

FIELDS = ("Query.failureQueues", "FailureQueue.messages", "Mutation.redriveFailures")

_ANY = f"{names.PREFIX}*{names.FAILURES}"
_FIFO = _ANY + names.FIFO


def environment(stack: Stack) -> dict[str, str]:
    """What the resolvers read as `ctx.env`: what comes before a queue's name in its URL, and in its ARN."""
    urls = f"https://sqs.{stack.region}.{stack.url_suffix}/{stack.account}/"
    return {"QUEUE_URLS": urls, "QUEUE_ARNS": _arn(stack, "")}


def add_failures(stack: Stack, api: appsync.GraphqlApi) -> None:
    """The resolvers of these fields, and the one source that all of them ask."""
    source = aws_source(api, "QueuesSource", name="delivery_queues", service="sqs", role=_role(stack))
    resolve_base(source, FIELDS)


def _arn(stack: Stack, name: str) -> str:
    return stack.format_arn(service="sqs", resource=name, arn_format=ArnFormat.NO_RESOURCE_NAME)


def _role(stack: Stack) -> iam.Role:
    """What StartMessageMoveTask takes of a failure queue, as Amazon SQS's guide lists it ("Troubleshoot dead-letter
    queue redrive issues"), and what counts. Messages of FIFO queues are counted and left there."""
    role = iam.Role(
        stack,
        "RedriveRole",
        role_name=redrive_role_name(),
        assumed_by=iam.ServicePrincipal("appsync.amazonaws.com"),
    )
    allowed = {
        "sqs:ListQueues": ["*"],
        "sqs:GetQueueAttributes": [_arn(stack, _ANY), _arn(stack, _FIFO)],
        "sqs:StartMessageMoveTask": [_arn(stack, _ANY)],
        "sqs:ReceiveMessage": [_arn(stack, _ANY)],
        "sqs:DeleteMessage": [_arn(stack, _ANY)],
    }
    for action, resources in allowed.items():
        role.add_to_policy(iam.PolicyStatement(actions=[action], resources=resources))
    acknowledge(role, "IAM5[Resource::*]", "sqs:ListQueues, which is allowed for all queues or for none.")
    for pattern in (_ANY, _FIFO):
        acknowledge(
            role,
            f"IAM5[Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:{pattern}]",
            "Every failure queue and no other ends so, of services that are deployed after this stack, too.",
        )
    return role
