"""A service's table and the functions that work on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import names, packages
from infra.acknowledged import acknowledge
from infra.construct_ids import construct_id
from infra.stage import Stage


@dataclass(frozen=True)
class Index:
    """A global secondary index over two string attributes; a row that lacks one of them is not in it.

    With `keys_only` it holds the keys alone: it is written only when a row comes, goes or moves in it, and its readers
    get the rows from the table.
    """

    name: str
    partition: str
    sort: str
    keys_only: bool = False


class FunctionStack(Stack):
    """Owner of one table, with functions of one package."""

    def __init__(self, scope: Construct, service: str, stage: Stage, *, indexes: Sequence[Index] = ()) -> None:
        super().__init__(scope, names.of(service), stack_name=names.of(service))
        self.service = service
        self.stage = stage
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
                index_name=index.name,
                partition_key=_text(index.partition),
                sort_key=_text(index.sort),
                projection_type=dynamodb.ProjectionType.KEYS_ONLY if index.keys_only else None,
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
        handler: str | None = None,
        environment: Mapping[str, str] | None = None,
        timeout: Duration | None = None,
        memory_mb: int = 256,
        failures: sqs.IQueue | None = None,
    ) -> lambda_.Function:
        """The function of `handlers/<name>.py`. It may write its own log, and nothing else until it is granted.

        `handler` names the file of a function that is one of several of its kind. `failures` takes what it fails at
        when nobody waits for its answer, as nobody does who calls by the clock.
        """
        # Not the name alone: a partner's function has the partner's, which may be that of any other construct.
        own_id = construct_id(f"{name}-{handler}" if handler else name)
        log_group = self._log_group(name, own_id)
        return lambda_.Function(
            self,
            own_id,
            function_name=names.of(self.service, name),
            handler=f"services.{self.service}.handlers.{handler or name}.handler",
            code=self._code,
            runtime=lambda_.Runtime(self.stage.target.runtime, lambda_.RuntimeFamily.PYTHON),
            architecture=lambda_.Architecture.custom(self.stage.target.architecture),
            memory_size=memory_mb,
            timeout=timeout or Duration.seconds(30),
            log_group=log_group,
            **self.stage.logging,
            role=self._role(own_id, log_group),
            dead_letter_queue=failures,
            environment={
                "TABLE_NAME": self.table.table_name,
                "BUS_NAME": names.BUS,
                "POWERTOOLS_SERVICE_NAME": f"delivery-{self.service}-{name}",
                **({"POWERTOOLS_LOG_LEVEL": "DEBUG"} if self.stage.is_local else {}),
                **(environment or {}),
            },
        )

    def _log_group(self, name: str, own_id: str) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            f"{own_id}Log",
            log_group_name=names.log_group(names.of(self.service, name)),
            retention=self.stage.log_retention,
            removal_policy=self.stage.removal_policy,
        )

    def _role(self, own_id: str, log_group: logs.LogGroup) -> iam.Role:
        """Not with the AWS-managed policy, which grants logs on every group."""
        role = iam.Role(self, f"{own_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        return role


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
