"""Alarms, each of which tells the operators: whoever subscribed to the platform's topic `delivery-operators`."""

from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra import names


def alarm(
    scope: Construct, id_: str, *, name: str, description: str, metric: cloudwatch.Metric, threshold: float
) -> cloudwatch.Alarm:
    """Raised as soon as the metric reaches the threshold. A queue of which there is nothing to say is in order."""
    made = cloudwatch.Alarm(
        scope,
        id_,
        alarm_name=name,
        alarm_description=description,
        metric=metric,
        threshold=threshold,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    topic = Stack.of(scope).format_arn(service="sns", resource=names.OPERATORS)
    cast(cloudwatch.CfnAlarm, made.node.default_child).alarm_actions = [topic]
    return made
