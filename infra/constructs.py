"""What every service's stack is made of: a table, functions, an inbox, an outbox, queues that lose nothing, resolvers.

Whatever is asynchronous ends in a failure queue, and every failure queue has an alarm.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct
from delivery_events import EventData

from infra import names, packages
from infra.acknowledged import acknowledge
from infra.graphql_schema import resolver_files
from infra.resolver_bundles import bundle
from infra.stage import Stage

ATTEMPTS = 5  # how often a queue delivers a message before it goes to the failure queue


@dataclass(frozen=True)
class Index:
    """A global secondary index over two string attributes; a row that lacks one of them is not in it."""

    name: str
    partition: str
    sort: str


class ServiceStack(Stack):
    """One service: deployed alone, owner of one table, sender of one event source."""

    def __init__(self, scope: Construct, service: str, stage: Stage, *, indexes: Sequence[Index] = ()) -> None:
        super().__init__(scope, names.of(service), stack_name=names.of(service))
        self.service = service
        self.stage = stage
        self.bus = events.EventBus.from_event_bus_name(self, "Bus", names.BUS)
        self.table = self._table(indexes)
        self._code = lambda_.Code.from_asset(str(packages.build(service, stage.target)))

    def _table(self, indexes: Sequence[Index]) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            "Table",
            table_name=names.of(self.service),
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
            time_to_live_attribute="expires_at",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=self.stage.is_prod
            ),
            deletion_protection=self.stage.is_prod,
            removal_policy=self.stage.removal_policy,
        )
        for index in indexes:
            table.add_global_secondary_index(
                index_name=index.name, partition_key=_text(index.partition), sort_key=_text(index.sort)
            )
        if not self.stage.is_prod:
            acknowledge(table, "DDB3", "What is lost outside prod is made again; nobody pays for its backups.")
        if indexes:
            logical_id = self.get_logical_id(cast(dynamodb.CfnTable, table.node.default_child))
            acknowledge(
                self,
                f"IAM5[Resource::<{logical_id}.Arn>/index/*]",
                "The indexes of the service's own table hold the rows of that table, which the role is granted anyway.",
            )
        return table

    def function(
        self,
        name: str,
        *,
        environment: Mapping[str, str] | None = None,
        timeout: Duration | None = None,
        memory_mb: int = 256,
    ) -> lambda_.Function:
        """The function of `handlers/<name>.py`. It may write its own log, and nothing else until it is granted."""
        physical = names.of(self.service, name)
        log_group = logs.LogGroup(
            self,
            f"{_id(name)}Log",
            log_group_name=f"/aws/lambda/{physical}",
            retention=self.stage.log_retention,
            removal_policy=self.stage.removal_policy,
        )
        # Not the AWS-managed policy, which grants logs on every group.
        role = iam.Role(self, f"{_id(name)}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        return lambda_.Function(
            self,
            _id(name),
            function_name=physical,
            handler=f"services.{self.service}.handlers.{name}.handler",
            code=self._code,
            runtime=lambda_.Runtime(self.stage.target.runtime, lambda_.RuntimeFamily.PYTHON),
            architecture=lambda_.Architecture.custom(self.stage.target.architecture),
            memory_size=memory_mb,
            timeout=timeout or Duration.seconds(30),
            log_group=log_group,
            role=role,
            environment={
                "TABLE_NAME": self.table.table_name,
                "BUS_NAME": names.BUS,
                "POWERTOOLS_SERVICE_NAME": f"delivery-{self.service}-{name}",
                **(environment or {}),
            },
        )

    def queue(
        self,
        name: str,
        *,
        fifo: bool = False,
        delay: Duration | None = None,
        visibility: Duration | None = None,
        attempts: int = ATTEMPTS,
    ) -> sqs.Queue:
        """A queue with its failure queue `<name>-failures`, which an alarm watches, and where a message goes that was
        received `attempts` times.

        `visibility` must be at least six times the consumer's timeout, as Lambda asks for; the default is for 30 s.
        """
        return sqs.Queue(
            self,
            f"{_id(name)}Queue",
            queue_name=names.of(self.service, name) + (names.FIFO if fifo else ""),
            fifo=fifo or None,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not self.stage.is_local,  # the local cloud speaks plain http
            delivery_delay=delay,
            visibility_timeout=visibility or Duration.seconds(180),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.failure_queue(name, fifo=fifo), max_receive_count=attempts
            ),
        )

    def failure_queue(self, name: str, *, fifo: bool = False) -> sqs.Queue:
        """The queue `<name>-failures`: what ends up there waits 14 days for an operator, and raises an alarm."""
        physical = names.of(self.service, name + names.FAILURES)
        queue = sqs.Queue(
            self,
            f"{_id(name)}Failures",
            queue_name=physical + (names.FIFO if fifo else ""),
            fifo=fifo or None,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not self.stage.is_local,
            retention_period=Duration.days(14),
        )
        acknowledge(queue, "SQS3", "It is itself where failures go, from a queue, a stream, a rule or a handler.")
        cloudwatch.Alarm(
            self,
            f"{_id(name)}FailuresAlarm",
            alarm_name=physical,
            alarm_description=f"Messages wait in {physical}: see `delivery failures list`",
            metric=queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(1)),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        return queue

    def consume(
        self, queue: sqs.Queue, function: lambda_.Function, *, batch_size: int = 10, max_concurrency: int | None = None
    ) -> None:
        """Let `function` handle the queue's messages; what it finds unreadable, it may park in the failure queue."""
        assert queue.dead_letter_queue  # noqa: S101 - queue() always makes one
        self._let_park(function, queue.dead_letter_queue.queue)
        function.add_event_source(
            sources.SqsEventSource(
                queue,
                batch_size=batch_size,
                max_concurrency=self.stage.at_once(max_concurrency),
                report_batch_item_failures=True,
            )
        )

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
                f"From{_id(source.removeprefix('delivery.'))}",
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

    def outbox(self, *, environment: Mapping[str, str] | None = None, give_up_after: float = 300) -> lambda_.Function:
        """`handlers/outbox.py` on the table's stream. It may publish this service's events and no others."""
        failures = self.failure_queue("outbox")
        function = self.function(
            "outbox", environment={"GIVE_UP_AFTER": self.stage.seconds(give_up_after), **(environment or {})}
        )
        self._let_park(function, failures)
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
            )
        )
        acknowledge(
            function.role or function,
            "IAM5[Resource::*]",
            "dynamodb:ListStreams, which the CDK grants to every reader of a stream: it lists them, not their records.",
        )
        return function

    def every_minute(self, function: lambda_.Function) -> None:
        """Call `function` once a minute, for what a lost timer left undone."""
        name = function.node.id
        failures = self.failure_queue(name.lower() + names.SCHEDULE)
        events.Rule(
            self,
            f"{name}EveryMinute",
            rule_name=names.of(self.service, f"{name.lower()}-every-minute"),
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[
                targets.LambdaFunction(
                    function, dead_letter_queue=failures, max_event_age=Duration.minutes(5), retry_attempts=2
                )
            ],
        )

    def resolvers(self) -> None:
        """A resolver for each `resolvers/<Type>.<field>.js`, straight on this service's table."""
        found = resolver_files(self.service)
        code = bundle([path for _, _, path in found])
        api = appsync.GraphqlApi.from_graphql_api_attributes(
            self, "Api", graphql_api_id=ssm.StringParameter.value_for_string_parameter(self, names.API_ID)
        )
        source = appsync.DynamoDbDataSource(
            self,
            "TableSource",
            api=api,
            name=f"delivery_{self.service}",
            table=self.table,
            service_role=self._resolver_role(code.values()),
        )
        for type_name, field, path in found:
            source.create_resolver(
                f"{type_name}{field[0].upper()}{field[1:]}",
                type_name=type_name,
                field_name=field,
                runtime=appsync.FunctionRuntime.JS_1_0_0,
                code=appsync.Code.from_inline(code[path]),
            )

    def _resolver_role(self, code: Iterable[str]) -> iam.IRole:
        """May do what the resolvers' code says they do, not all that a data source is granted by default."""
        used = {operation for text in code for operation in re.findall(r'operation: "(\w+)"', text)}
        role = iam.Role(self, "ResolverRole", assumed_by=iam.ServicePrincipal("appsync.amazonaws.com"))
        # A transaction needs no permission of its own, only those of its parts.
        self.table.grant(role, *sorted(f"dynamodb:{each}" for each in used - {"TransactWriteItems"}))
        return role.without_policy_updates()

    def _let_park(self, function: lambda_.Function, failures: sqs.IQueue) -> None:
        failures.grant_send_messages(function)
        function.add_environment("FAILURE_QUEUE_URL", failures.queue_url)


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _id(name: str) -> str:
    """`offer-expiry` as a construct id: `OfferExpiry`."""
    return "".join(word[:1].upper() + word[1:] for word in name.replace("_", "-").split("-"))
