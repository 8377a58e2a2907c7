"""What all services share at run time: the bus with its archive and event log, and the user pool."""

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra import names
from infra.acknowledged import acknowledge
from infra.stage import Stage

GROUPS = ("customer", "merchant", "driver", "operator", "partner")


class PlatformStack(Stack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "delivery-platform", stack_name="delivery-platform")
        self._stage = stage
        ssm.StringParameter(self, "Stage", parameter_name=names.STAGE, string_value=stage.name)
        self._event_log(self._bus())
        self._users()

    def _bus(self) -> events.EventBus:
        bus = events.EventBus(self, "Bus", event_bus_name=names.BUS)
        bus.apply_removal_policy(self._stage.removal_policy)
        bus.archive(
            "Archive",
            archive_name=names.EVENT_ARCHIVE,
            description="All events of the last 30 days, for replay",
            event_pattern=events.EventPattern(source=events.Match.prefix("delivery.")),
            retention=Duration.days(30),
        )
        return bus

    def _event_log(self, bus: events.EventBus) -> None:
        """Every event on the bus as one log event: what `delivery trace` follows an order by."""
        group = logs.LogGroup(
            self,
            "EventLog",
            log_group_name=names.EVENT_LOG,
            retention=self._stage.log_retention,
            removal_policy=self._stage.removal_policy,
        )
        self._let_events_write(group)
        # The L2 target would install a custom resource to write the policy above.
        events.CfnRule(
            self,
            "LogEvents",
            name="delivery-event-log",
            event_bus_name=bus.event_bus_name,
            event_pattern={"source": [{"prefix": "delivery."}]},
            targets=[
                events.CfnRule.TargetProperty(
                    id="EventLog",
                    arn=self.format_arn(
                        service="logs",
                        resource="log-group",
                        resource_name=names.EVENT_LOG,
                        arn_format=ArnFormat.COLON_RESOURCE_NAME,
                    ),
                )
            ],
        )

    def _let_events_write(self, group: logs.LogGroup) -> None:
        logs.CfnResourcePolicy(
            self,
            "EventLogPolicy",
            policy_name="delivery-event-log",
            policy_document=self.to_json_string(
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

    def _users(self) -> None:
        pool = self._user_pool()
        client = self._client(pool)
        for group in GROUPS:
            cognito.CfnUserPoolGroup(
                self, f"Group{group.capitalize()}", group_name=group, user_pool_id=pool.user_pool_id
            )
        ssm.StringParameter(self, "UserPoolId", parameter_name=names.USER_POOL_ID, string_value=pool.user_pool_id)
        ssm.StringParameter(
            self, "UserPoolClientId", parameter_name=names.USER_POOL_CLIENT_ID, string_value=client.user_pool_client_id
        )

    def _user_pool(self) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Users",
            user_pool_name=names.USER_POOL,
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            password_policy=cognito.PasswordPolicy(
                min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
            ),
            # Whoever sees more than their own, operators first of all, can add a code of an authenticator app.
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True),
            custom_attributes={
                "merchant_id": cognito.StringAttribute(mutable=True, max_len=64),
                "partner_id": cognito.StringAttribute(mutable=True, max_len=30),
            },
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=self._stage.is_prod,
            removal_policy=self._stage.removal_policy,
        )
        acknowledge(
            pool,
            "COG2",
            "A pool asks all its users or none for a second factor, and customers who order a meal would leave at it. "
            "It is offered to everybody instead.",
        )
        acknowledge(
            pool,
            "COG8",
            "The Plus plan costs a fee for each user a month, for risk scores of sign-ins. Nobody can sign up here by "
            "themselves, passwords are long, and a customer's or driver's account reaches its owner's data alone.",
        )
        return pool

    def _client(self, pool: cognito.UserPool) -> cognito.UserPoolClient:
        return pool.add_client(
            "Client",
            user_pool_client_name="delivery",
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=self._stage.is_local),
            disable_o_auth=True,  # apps sign in by SRP; there is no hosted page that could redirect with a token
            id_token_validity=Duration.hours(8),
            access_token_validity=Duration.hours(1),
            prevent_user_existence_errors=True,
            # A caller may change nothing about itself here: these two decide whose orders and deliveries it sees.
            read_attributes=cognito.ClientAttributes()
            .with_standard_attributes(email=True)
            .with_custom_attributes("merchant_id", "partner_id"),
            write_attributes=cognito.ClientAttributes().with_standard_attributes(email=True),
        )
