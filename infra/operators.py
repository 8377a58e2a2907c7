"""The topic `delivery-operators`: what operators are told, by mail or however they subscribe."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from infra import names
from infra.stage import Stage


def add_operators_topic(stack: Stack, stage: Stage) -> None:
    """Alarms of the platform's stacks may publish to it, and nobody else.

    It is not encrypted at rest: AWS's own key for topics lets no alarm in, and a key of one's own has a fee a month.
    Its messages name queues and say how much waits there, nothing personal.
    """
    topic = sns.Topic(
        stack,
        "Operators",
        topic_name=names.OPERATORS,
        display_name="Delivery platform",
        enforce_ssl=not stage.is_local,  # the local cloud speaks plain http
    )
    alarms = stack.format_arn(
        service="cloudwatch",
        resource="alarm",
        resource_name=f"{names.PREFIX}*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": alarms}},
        )
    )
