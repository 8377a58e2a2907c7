"""A service on the bus: what it is sent, what it sends, and what it does by the clock."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_ssm as ssm
from constructs import Construct
from delivery_events import EventData

from infra import names
from infra.acknowledged import acknowledge
from infra.construct_ids import construct_id
from infra.constructs.functions import Index
from infra.constructs.queues import QueueStack
from infra.constructs.resolvers import add_resolvers
from infra.stage import Stage


class ServiceStack(QueueStack):
    """One service: deployed alone, owner of one table, sender of one event source."""

    def __init__(self, scope: Construct, service: str, stage: Stage, *, indexes: Sequence[Index] = ()) -> None:
        super().__init__(scope, service, stage, indexes=indexes)
        self.bus = events.EventBus.from_event_bus_name(self, "Bus", names.BUS)

    def inbox(
        self, consumes: Sequence[type[EventData]], *, environment: Mapping[str, str] | None = None
    ) -> lambda_.Function:
        """`handlers/inbox.py`, fed with the event types in `consumes` through the queue `inbox`."""
        queue = self.queue("inbox")
        assert queue.dead_letter_queue  # noqa: S101 - queue() always makes one
        function = self.function("inbox", environment=environment)
        self.consume(queue, function, max_concurrency=10)
        for source in sorted({model.SOURCE for model in consumes}):
            events.Rule(
                self,
                f"From{construct_id(source.removeprefix('delivery.'))}",
                rule_name=names.of(self.service, f"inbox-from-{source.removeprefix('delivery.')}"),
                event_bus=self.bus,
                event_pattern=events.EventPattern(
                    source=[source], detail_type=sorted(m.detail_type() for m in consumes if source == m.SOURCE)
                ),
                targets=[
                    targets.SqsQueue(
                        queue,
                        dead_letter_queue=queue.dead_letter_queue.queue,
                        max_event_age=Duration.hours(24),
                        retry_attempts=185,
                    )
                ],
            )
        return function

    def outbox(
        self,
        *,
        pushes: Sequence[str] = (),
        only: Sequence[Mapping[str, Any]] = (),
        environment: Mapping[str, str] | None = None,
        give_up_after: float = 300,
    ) -> lambda_.Function:
        """`handlers/outbox.py` on the table's stream. It may publish this service's events and no others, and call the
        mutations `pushes` of the API.

        `only`: patterns of a record's `dynamodb`. It is called for changes that meet one of them, all if there is none.
        """
        failures = self.failure_queue("outbox")
        function = self.function(
            "outbox", environment={"GIVE_UP_AFTER": self.stage.seconds(give_up_after), **(environment or {})}
        )
        self.let_park(function, failures)
        if pushes:
            self._let_push(function, pushes)
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["events:PutEvents"],
                resources=[self.bus.event_bus_arn],
                conditions={"StringEquals": {"events:source": f"delivery.{self.service}"}},
            )
        )
        function.add_event_source(
            sources.DynamoEventSource(
                self.table,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                batch_size=100,
                parallelization_factor=self.stage.at_once(4),
                bisect_batch_on_error=True,
                retry_attempts=20,
                report_batch_item_failures=True,
                on_failure=sources.SqsDlq(failures),
                filters=[lambda_.FilterCriteria.filter({"dynamodb": pattern}) for pattern in only] or None,
            )
        )
        acknowledge(
            function.role or function,
            "IAM5[Resource::*]",
            "dynamodb:ListStreams, which the CDK grants to every reader of a stream: it lists them, not their records.",
        )
        return function

    def _let_push(self, function: lambda_.Function, mutations: Sequence[str]) -> None:
        function.add_environment("API_URL", ssm.StringParameter.value_for_string_parameter(self, names.API_URL))
        api_id = ssm.StringParameter.value_for_string_parameter(self, names.API_ID)
        fields = [f"{api_id}/types/Mutation/fields/{mutation}" for mutation in mutations]
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["appsync:GraphQL"],
                resources=[self.format_arn(service="appsync", resource="apis", resource_name=each) for each in fields],
            )
        )

    def every_minute(self, name: str, *, environment: Mapping[str, str]) -> lambda_.Function:
        """`handlers/<name>.py`, called once a minute, for what a lost timer left undone.

        A call that does not reach it, and one that it fails at after Lambda's two retries, end in one failure queue.
        """
        failures = self.failure_queue(name + names.SCHEDULE)
        function = self.function(name, environment=environment, failures=failures)
        events.Rule(
            self,
            f"{construct_id(name)}EveryMinute",
            rule_name=names.of(self.service, f"{name}-every-minute"),
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[
                targets.LambdaFunction(
                    function, dead_letter_queue=failures, max_event_age=Duration.minutes(5), retry_attempts=2
                )
            ],
        )
        return function

    def resolvers(self) -> None:
        """A resolver for each `resolvers/<Type>.<field>.js`, straight on this service's table."""
        add_resolvers(self)
