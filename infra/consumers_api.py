"""Operators' part of the API that shows what each service's inbox did with an order's events, and why offers were made.

It stands in the functions' logs and nowhere else: a copy in a table would be four writes an event. The resolver asks
Amazon CloudWatch Logs itself, by requests that AppSync signs as a role of their own; no function is in between.
"""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_iam as iam

from infra import names
from infra.acknowledged import acknowledge
from infra.constructs.resolvers import aws_source, resolve_base
from infra.graphql_schema import service_parts

FIELDS = ("Query.consumers", "Query.consumerReports")

_INBOX = "inbox"
_ROUNDS = "dispatch-rounds"  # it takes no event; its log says why a trip was offered to its driver
_GROUPS = names.log_group(names.PREFIX)


def consumers() -> list[str]:
    """The function of each service that its events come to, and the one that decides about offers, without prefix."""
    return sorted([*(f"{part.parent.name}-{_INBOX}" for part in service_parts()), _ROUNDS])


def environment() -> dict[str, str]:
    """What the resolvers read as `ctx.env`."""
    return {"CONSUMERS": " ".join(consumers())}


def add_consumers(stack: Stack, api: appsync.GraphqlApi) -> None:
    """The resolvers of these fields, and the one source that all of them ask."""
    source = aws_source(api, "LogsSource", name="delivery_logs", service="logs", role=_role(stack))
    resolve_base(source, FIELDS)


def _role(stack: Stack) -> iam.Role:
    role = iam.Role(stack, "ReportsRole", assumed_by=iam.ServicePrincipal("appsync.amazonaws.com"))
    groups = [_arn(stack, name) for name in consumers()]
    role.add_to_policy(iam.PolicyStatement(actions=["logs:FilterLogEvents"], resources=groups))
    for name in consumers():
        acknowledge(
            role,
            f"IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:{_GROUPS}{name}:*]",
            "The ARN of one log group, which ends so in policies.",
        )
    return role


def _arn(stack: Stack, consumer: str) -> str:
    return stack.format_arn(
        service="logs",
        resource="log-group",
        resource_name=f"{_GROUPS}{consumer}:*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
