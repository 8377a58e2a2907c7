"""The partners service on AWS: `delivery-partners`.

rule of each partner ─► inbox ─► table, and the partner's own queue ─► its courier ─► webhook · bus · queue
                                   └► due again: sweep ─► the partner's own queue
"""

from collections.abc import Sequence
from math import ceil

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from delivery_events import EventData

from infra import names
from infra.acknowledged import acknowledge
from infra.construct_ids import construct_id
from infra.constructs import Index, ServiceStack
from infra.partner_declaration import FOR_PARTNERS, Partner
from infra.partner_files import declared
from infra.stage import Stage

# What partners can be sent. What each is sent, its rule says.
CONSUMES: Sequence[type[EventData]] = tuple(FOR_PARTNERS.values())

MINUTE, HOUR, DAY = 60, 3_600, 86_400
# Ten attempts over three days: after a minute, and then less and less often.
RETRY_AFTER_SECONDS = (
    MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 20 * HOUR,
)  # fmt: skip
PAUSE_SECONDS = MINUTE
LONGEST_PAUSE_SECONDS = 15 * MINUTE
DISABLE_AFTER_SECONDS = 3 * DAY

SETTLE_SECONDS = 1  # how long an event waits for those that happened before it: EventBridge keeps no order
SLOW_SECONDS = DAY  # after which operators are told that a partner takes less than it is sent
COURIER_TIMEOUT_SECONDS = 75
COURIER_ATTEMPTS = 3  # few, as an aggregate's next events wait meanwhile; only AWS itself fails a turn
PER_CONNECTION = 5  # deliveries a second that one connection is expected to make

INDEXES = (
    Index("log-index", "log", "log_key"),
    Index("event-index", "partner_id", "event_id"),
    Index("due-index", "due_partner", "due_key"),
)


class PartnersStack(ServiceStack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "partners", stage, indexes=INDEXES)
        self._partners = declared(self.node.try_get_context("partners"), stage.name)
        prefix = {"QUEUE_PREFIX": f"{names.of(self.service)}-"}

        inbox = self.function("inbox", environment=prefix)
        self.table.grant(inbox, "dynamodb:PutItem")
        inbox_queue = self.queue("inbox")
        self.consume(inbox_queue, inbox, max_concurrency=10)

        replay_queue = self.queue("replay")
        outbox = self.outbox(environment={"REPLAY_QUEUE_URL": replay_queue.queue_url})
        replay_queue.grant_send_messages(outbox)

        replay = self.function("replay", environment={**prefix, "REPLAY_QUEUE_URL": replay_queue.queue_url})
        self.table.grant(replay, "dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem")
        replay_queue.grant_send_messages(replay)
        self.consume(replay_queue, replay, batch_size=1, max_concurrency=2)

        of_all = {"PARTNERS": ",".join(partner.name for partner in self._partners)}
        sweep = self.every_minute("sweep", environment={**prefix, **of_all})
        self.table.grant(sweep, "dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem")

        for partner in self._partners:
            self._rule(partner, inbox_queue)
            queue = self._courier(partner)
            for function in (inbox, replay, sweep):
                queue.grant_send_messages(function)
        self.resolvers()

    def _rule(self, partner: Partner, inbox: sqs.Queue) -> None:
        """The partner's own events, with its name on them."""
        assert inbox.dead_letter_queue  # noqa: S101 - queue() always makes one
        events.Rule(
            self,
            f"{construct_id(partner.name)}Events",
            rule_name=names.of(self.service, partner.name),
            event_bus=self.bus,
            event_pattern=events.EventPattern(
                source=partner.pattern["source"],
                detail_type=partner.pattern["detail-type"],
                detail=partner.pattern["detail"],
            ),
            targets=[
                targets.SqsQueue(
                    inbox,
                    message=events.RuleTargetInput.from_object(
                        {
                            "partner": partner.name,
                            "detail-type": events.EventField.detail_type,
                            "detail": events.EventField.from_path("$.detail"),
                        }
                    ),
                    dead_letter_queue=inbox.dead_letter_queue.queue,
                    max_event_age=Duration.hours(24),
                    retry_attempts=185,
                )
            ],
        )

    def _courier(self, partner: Partner) -> sqs.Queue:
        """A function, a queue and a failure queue of the partner's own: whoever is slow or dead delays nobody else."""
        connections = self.stage.at_once(max(2, ceil(partner.declared.max_per_second / PER_CONNECTION))) or 2
        timeout = Duration.seconds(COURIER_TIMEOUT_SECONDS)
        queue = self.queue(
            partner.name,
            fifo=True,
            delay=self.stage.delay(SETTLE_SECONDS),
            visibility=Duration.seconds(6 * COURIER_TIMEOUT_SECONDS),
            attempts=COURIER_ATTEMPTS,
            may_wait=Duration.seconds(SLOW_SECONDS),
        )
        courier = self.function(
            partner.name, handler=partner.kind, timeout=timeout, environment=self._environment(partner, connections)
        )
        self.table.grant(courier, "dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem")
        self.consume(queue, courier, batch_size=1, max_concurrency=connections)
        match partner.kind:
            case "webhook":
                self._webhook(partner, courier)
            case "eventbridge":
                self._bus(partner, courier)
            case "sqs":
                self._queue_to_read(partner, courier)
        return queue

    def _environment(self, partner: Partner, connections: int) -> dict[str, str]:
        seconds = self.stage.seconds
        return {
            "PARTNER_ID": partner.name,
            "MERCHANTS": ",".join(partner.declared.merchants),
            # Real seconds, whatever the time scale: a receiver is no faster on a laptop.
            "PACE_SECONDS": f"{connections / partner.declared.max_per_second:.3f}",
            "RETRY_AFTER_SECONDS": ",".join(map(seconds, RETRY_AFTER_SECONDS)),
            "PAUSE_SECONDS": seconds(PAUSE_SECONDS),
            "LONGEST_PAUSE_SECONDS": seconds(LONGEST_PAUSE_SECONDS),
            "DISABLE_AFTER_SECONDS": seconds(DISABLE_AFTER_SECONDS),
        }

    def _webhook(self, partner: Partner, courier: lambda_.Function) -> None:
        parameter = names.partner_keys(partner.name)
        courier.add_environment("WEBHOOK_URL", partner.declared.webhook or "")
        courier.add_environment("KEYS_PARAMETER", parameter)
        courier.add_environment("ALLOW_PRIVATE", str(self.stage.is_local).lower())
        # The parameter is encrypted with the account's own key for parameters, which serves whoever may read it.
        courier.add_to_role_policy(
            iam.PolicyStatement(
                actions=["ssm:GetParameter"],
                resources=[self.format_arn(service="ssm", resource="parameter", resource_name=parameter.lstrip("/"))],
            )
        )

    def _bus(self, partner: Partner, courier: lambda_.Function) -> None:
        """No rule with the partner's bus as its target: to a bus of another account EventBridge sends an event whole,
        as PutTargets allows no input transformer there, so also what is internal; and a rule keeps neither an order's
        order nor a log of what became of each event.

        What the bus is to allow is our account, in which this courier alone has the right, and not the courier's role:
        a policy that names a role ends with it, and a deployment of ours may make the role anew.
        """
        arn = partner.declared.eventbridge or ""
        courier.add_environment("PARTNER_BUS_ARN", arn)
        courier.add_to_role_policy(iam.PolicyStatement(actions=["events:PutEvents"], resources=[arn]))
        CfnOutput(
            self,
            f"{construct_id(partner.name)}BusPolicy",
            description=f"What {partner.name} puts into the resource policy of its bus, to let us send it events",
            value=self.to_json_string(
                {
                    "Sid": "DeliveryEvents",
                    "Effect": "Allow",
                    "Principal": {"AWS": iam.AccountRootPrincipal().arn},
                    "Action": "events:PutEvents",
                    "Resource": arn,
                    "Condition": {"StringEquals": {"events:source": partner.pattern["source"]}},
                }
            ),
        )

    def _queue_to_read(self, partner: Partner, courier: lambda_.Function) -> None:
        """What the partner reads. The key is a key of its own, as AWS's own for queues serves no other account."""
        assert partner.declared.sqs  # noqa: S101 - its kind says so
        account = iam.AccountPrincipal(partner.declared.sqs.account)
        name = construct_id(partner.name)
        key = kms.Key(
            self,
            f"{name}Key",
            alias=f"alias/{names.of(self.service, partner.name)}",
            description=f"What partner {partner.name} reads",
            enable_key_rotation=True,
            removal_policy=self.stage.removal_policy,
        )
        queue = sqs.Queue(
            self,
            f"{name}ForPartner",
            queue_name=names.of(self.service, f"{partner.name}{names.FOR_PARTNER}{names.FIFO}"),
            fifo=True,
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=not self.stage.is_local,
            retention_period=Duration.days(14),
        )
        acknowledge(
            queue,
            "SQS3",
            "Its consumer is the partner, who takes events out when it has them. What it leaves for 14 days is in the "
            "log, from which it can be replayed.",
        )
        queue.grant_consume_messages(account)
        # Not grant_send_messages, which grants more on the key than sending takes.
        for actions, resource in (
            (["sqs:SendMessage"], queue.queue_arn),
            (["kms:Decrypt", "kms:GenerateDataKey"], key.key_arn),
        ):
            courier.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        courier.add_environment("PARTNER_QUEUE_URL", queue.queue_url)
        # What the partner's own roles must be granted besides, as another account's.
        for what, value in (("QueueUrl", queue.queue_url), ("QueueArn", queue.queue_arn), ("KeyArn", key.key_arn)):
            CfnOutput(self, f"{name}{what}", description=f"Of the queue that {partner.name} reads", value=value)
