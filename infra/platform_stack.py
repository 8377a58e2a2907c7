"""What all services share at run time: the bus with its archive, event log and schemas, the user pool, and the topic
that tells operators."""

from typing import cast

from aws_cdk import CfnResource, Duration, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_events as events
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra import names, schema_registry
from infra.acknowledged import acknowledge
from infra.event_log import add_event_log
from infra.operators import add_operators_topic
from infra.stage import Stage

GROUPS = ("customer", "merchant", "driver", "operator", "partner")


class PlatformStack(Stack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "delivery-platform", stack_name="delivery-platform")
        self._stage = stage
        ssm.StringParameter(self, "Stage", parameter_name=names.STAGE, string_value=stage.name)
        add_operators_topic(self, stage)
        add_event_log(self, self._bus(), stage)
        if not stage.is_local:  # the local cloud has no schema registry, and refuses a template that asks for one
            self._schemas()
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

    def _schemas(self) -> None:
        for id_, resource in schema_registry.resources().items():
            made = CfnResource(self, id_, type=resource["Type"], properties=resource["Properties"])
            for needed in resource.get("DependsOn", ()):
                made.add_resource_dependency(cast(CfnResource, self.node.find_child(needed)))

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
