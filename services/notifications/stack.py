"""The notifications service on AWS: `delivery-notifications`.

inbox ─► topic for each audience ─► queue for each channel ─► sender of that channel
"""

from aws_cdk import ArnFormat, Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct
from delivery_events.notifications import Audience, Channel

from infra import names
from infra.acknowledged import acknowledge
from infra.constructs import Index, ServiceStack
from infra.stage import Stage
from services.notifications.domain import AlertState
from services.notifications.templates import CONSUMES

# How late the platform may be with news that is overtaken by events. Not divided by the time scale, like the lease:
# queues and providers take their real time however fast a day is replayed.
ALERT_MAX_AGE_SECONDS = 900
# How long an alert is remembered, so that it is not sent again: longer than queues (14 days) and the archive (30) keep
# what could ask for it again.
ALERT_MEMORY_SECONDS = 90 * 86_400
SENDER_TIMEOUT_SECONDS = 30
# A function that is stopped at its timeout may have sent what it has not recorded, which would be sent again. One alert
# is over in time however slow the provider is (mobile_push.LAST_CALL_S); a batch, one after the other, may not be.
ALERTS_AT_ONCE = 1
LEASE_SECONDS = 60  # over when its holder has certainly ended, and before the queue delivers again (after 180 s)

SMS_MAX_PRICE_USD = "0.50"
SMS_SENDER_ID = ""  # an alphanumeric sender needs registration in many countries, and is unknown in the US

# SNS takes 20 text messages a second by default. Two senders stay below; more would only collect throttling errors.
SMS_SENDERS = 2
PUSH_SENDERS = 10

INDEXES = (
    Index("order-index", "order_id", "sent_key", keys_only=True),
    Index("recent-index", "day", "sent_key"),
)

# An alert that ended, and a contact; what a device or a claim is makes no event.
MAKES_EVENTS = (
    {"Keys": {"sk": {"S": ["ALERT"]}}, "NewImage": {"state": {"S": [AlertState.SENT.value, AlertState.FAILED.value]}}},
    {"Keys": {"sk": {"S": ["CONTACT"]}}},
)


class NotificationsStack(ServiceStack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "notifications", stage, indexes=INDEXES)
        topics = {audience: self._topic(audience) for audience in Audience}
        inbox = self.inbox(
            CONSUMES,
            environment={f"{audience}_ALERTS_TOPIC_ARN": topic.topic_arn for audience, topic in topics.items()},
        )
        _allow(inbox, ["sns:Publish"], [topic.topic_arn for topic in topics.values()])

        self.outbox(only=MAKES_EVENTS)
        self._sms_sender(self._channel_queue(Channel.SMS, topics))
        self._push_sender(self._channel_queue(Channel.PUSH, topics))
        self.resolvers()

    def _topic(self, audience: Audience) -> sns.Topic:
        """Its messages name recipients by id and hold no text.

        The AWS-managed key serves every publisher inside this account, such as the inbox, without a grant. It would not
        serve AWS services (EventBridge, alarms): those would need a key of our own, with a policy that names them.
        """
        name = f"{audience.lower()}-alerts"
        return sns.Topic(
            self,
            f"{audience.capitalize()}Alerts",
            topic_name=names.of(name),
            master_key=kms.Alias.from_alias_name(self, f"{audience.capitalize()}AlertsKey", "alias/aws/sns"),
            enforce_ssl=not self.stage.is_local,  # the local cloud speaks plain http
        )

    def _channel_queue(self, channel: Channel, topics: dict[Audience, sns.Topic]) -> sqs.Queue:
        """The channel's alerts of all audiences. What a topic cannot put there goes to the queue's failure queue."""
        queue = self.queue(channel.lower(), visibility=Duration.seconds(6 * SENDER_TIMEOUT_SECONDS))
        assert queue.dead_letter_queue  # noqa: S101 - queue() always makes one
        for topic in topics.values():
            topic.add_subscription(
                subscriptions.SqsSubscription(
                    queue,
                    raw_message_delivery=True,
                    filter_policy={"channel": sns.SubscriptionFilter.string_filter(allowlist=[channel.value])},
                    dead_letter_queue=queue.dead_letter_queue.queue,
                )
            )
        return queue

    def _sms_sender(self, queue: sqs.Queue) -> None:
        sender = self._sender(
            "sms", {"SMS_MAX_PRICE_USD": SMS_MAX_PRICE_USD, "SMS_SENDER_ID": SMS_SENDER_ID}, "dynamodb:UpdateItem"
        )
        # A phone number has no ARN. "Everything that is no SNS resource" is therefore phone numbers and nothing else:
        # no topic, and no device.
        sender.add_to_role_policy(
            iam.PolicyStatement(actions=["sns:Publish"], not_resources=[f"arn:{Aws.PARTITION}:sns:*:*:*"])
        )
        self.consume(queue, sender, batch_size=ALERTS_AT_ONCE, max_concurrency=SMS_SENDERS)

    def _push_sender(self, queue: sqs.Queue) -> None:
        application = ssm.StringParameter.value_for_string_parameter(self, names.PUSH_APPLICATION_ARN)
        sender = self._sender(
            "push", {"PUSH_APPLICATION_ARN": application}, "dynamodb:UpdateItem", "dynamodb:DeleteItem"
        )
        # Not the parameter's value: it may be "none", which is no resource.
        applications = self._sns_arn("app", f"*/{names.PUSH_APPLICATION}")
        endpoints = self._sns_arn("endpoint", f"*/{names.PUSH_APPLICATION}/*")
        _allow(sender, ["sns:CreatePlatformEndpoint", "sns:SetEndpointAttributes"], [applications, endpoints])
        _allow(sender, ["sns:Publish"], [endpoints])
        for resource in (f"app/*/{names.PUSH_APPLICATION}", f"endpoint/*/{names.PUSH_APPLICATION}/*"):
            acknowledge(
                sender.role or sender,
                f"IAM5[Resource::arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:{resource}]",
                "The platforms' applications are made by hand, one or more of them, and Amazon SNS draws the ids of "
                "devices. What stands fast is the application's name.",
            )
        self.consume(queue, sender, batch_size=ALERTS_AT_ONCE, max_concurrency=PUSH_SENDERS)

    def _sender(self, name: str, environment: dict[str, str], *writes: str) -> lambda_.Function:
        function = self.function(
            name,
            timeout=Duration.seconds(SENDER_TIMEOUT_SECONDS),
            environment={
                "ALERT_MAX_AGE_SECONDS": str(ALERT_MAX_AGE_SECONDS),
                "ALERT_MEMORY_SECONDS": str(ALERT_MEMORY_SECONDS),
                "LEASE_SECONDS": str(LEASE_SECONDS),
                **environment,
            },
        )
        self.table.grant(function, "dynamodb:Query", "dynamodb:PutItem", *writes)
        return function

    def _sns_arn(self, resource: str, name: str) -> str:
        return self.format_arn(
            service="sns", resource=resource, resource_name=name, arn_format=ArnFormat.SLASH_RESOURCE_NAME
        )


def _allow(function: lambda_.Function, actions: list[str], resources: list[str]) -> None:
    function.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=resources))
