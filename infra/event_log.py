"""The event log: every event on the bus as one log event. `delivery trace` follows an order by it."""

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs

from infra import names
from infra.constructs.failure_queue import failure_queue
from infra.stage import Stage

_RETRIES = 185  # EventBridge's most, within the age below
_AGE = Duration.hours(24)


def add_event_log(stack: Stack, bus: events.EventBus, stage: Stage) -> None:
    """The log group, the rule that fills it, and the queue of what could not be written."""
    group = logs.LogGroup(
        stack,
        "EventLog",
        log_group_name=names.EVENT_LOG,
        retention=stage.log_retention,
        removal_policy=stage.removal_policy,
    )
    _let_events_write(stack, group)
    failures = failure_queue(stack, "EventLog", names.EVENT_LOG_RULE, stage)
    _let_park(failures, _rule(stack, bus, failures))


def _rule(stack: Stack, bus: events.EventBus, failures: sqs.Queue) -> events.CfnRule:
    # The L2 target would install a custom resource to write the log's policy.
    return events.CfnRule(
        stack,
        "LogEvents",
        name=names.EVENT_LOG_RULE,
        event_bus_name=bus.event_bus_name,
        event_pattern={"source": [{"prefix": "delivery."}]},
        targets=[
            events.CfnRule.TargetProperty(
                id="EventLog",
                arn=stack.format_arn(
                    service="logs",
                    resource="log-group",
                    resource_name=names.EVENT_LOG,
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                ),
                dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=failures.queue_arn),
                retry_policy=events.CfnRule.RetryPolicyProperty(
                    maximum_retry_attempts=_RETRIES, maximum_event_age_in_seconds=_AGE.to_seconds()
                ),
            )
        ],
    )


def _let_park(failures: sqs.Queue, rule: events.CfnRule) -> None:
    failures.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("events.amazonaws.com")],
            actions=["sqs:SendMessage"],
            resources=[failures.queue_arn],
            conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
        )
    )


def _let_events_write(stack: Stack, group: logs.LogGroup) -> None:
    logs.CfnResourcePolicy(
        stack,
        "EventLogPolicy",
        policy_name=names.EVENT_LOG_RULE,
        policy_document=stack.to_json_string(
            iam.PolicyDocument(
                statements=[
                    iam.PolicyStatement(
                        principals=[
                            iam.ServicePrincipal("events.amazonaws.com"),
                            iam.ServicePrincipal("delivery.logs.amazonaws.com"),
                        ],
                        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                        resources=[group.log_group_arn],
                    )
                ]
            ).to_json()
        ),
    )
