"""The one GraphQL API: the schema that the services' parts make. Each service's stack adds its own resolvers.

What belongs to no service is resolved here: the failure queues, and what consumers did.
"""

from datetime import UTC, date, datetime, timedelta
from typing import cast

from aws_cdk import ArnFormat, Expiration, Stack
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra import consumers_api, failures_api, names
from infra.acknowledged import acknowledge
from infra.graphql_schema import write_schema
from infra.stage import Stage


class ApiStack(Stack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "delivery-api", stack_name="delivery-api")
        pool = cognito.UserPool.from_user_pool_id(
            self, "Users", ssm.StringParameter.value_for_string_parameter(self, names.USER_POOL_ID)
        )
        api = appsync.GraphqlApi(
            self,
            "Api",
            name=names.API,
            definition=appsync.Definition.from_file(str(write_schema())),
            authorization_config=appsync.AuthorizationConfig(
                default_authorization=appsync.AuthorizationMode(
                    authorization_type=appsync.AuthorizationType.USER_POOL,
                    user_pool_config=appsync.UserPoolConfig(user_pool=pool),
                ),
                additional_authorization_modes=[
                    appsync.AuthorizationMode(authorization_type=appsync.AuthorizationType.IAM),
                    appsync.AuthorizationMode(
                        authorization_type=appsync.AuthorizationType.API_KEY,
                        api_key_config=appsync.ApiKeyConfig(
                            name="tracking-links",
                            description="For whoever has a tracking link, which is what protects the order",
                            expires=Expiration.at_timestamp(key_expires(datetime.now(UTC).date()).timestamp() * 1000),
                        ),
                    ),
                ],
            ),
            query_depth_limit=8,
            resolver_count_limit=500,
            xray_enabled=stage.is_prod,
            environment_variables=failures_api.environment(self) | consumers_api.environment(),
        )
        failures_api.add_failures(self, api)
        consumers_api.add_consumers(self, api)
        if not stage.is_local:
            self._log_requests(api, stage)
        ssm.StringParameter(self, "ApiId", parameter_name=names.API_ID, string_value=api.api_id)
        url = stage.local_api_url or api.graphql_url
        ssm.StringParameter(self, "ApiUrl", parameter_name=names.API_URL, string_value=url)
        assert api.api_key  # noqa: S101 - there is one for its mode
        ssm.StringParameter(self, "ApiKey", parameter_name=names.API_KEY, string_value=api.api_key)

    def _log_requests(self, api: appsync.GraphqlApi, stage: Stage) -> None:
        """One line a request, in the log group that AppSync uses for this API.

        Not by the CDK's `log_config`, which grants an AWS-managed policy and sets the retention by a function.
        """
        logs.LogGroup(
            self,
            "RequestLog",
            log_group_name=f"/aws/appsync/apis/{api.api_id}",
            retention=stage.log_retention,
            removal_policy=stage.removal_policy,
        )
        role = iam.Role(self, "RequestLogRole", assumed_by=iam.ServicePrincipal("appsync.amazonaws.com"))
        groups = self.format_arn(
            service="logs",
            resource="log-group",
            resource_name="/aws/appsync/apis/*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], resources=[groups]
            )
        )
        cast(appsync.CfnGraphQLApi, api.node.default_child).log_config = appsync.CfnGraphQLApi.LogConfigProperty(
            cloud_watch_logs_role_arn=role.role_arn, field_log_level="NONE", exclude_verbose_content=True
        )
        acknowledge(
            role,
            "IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/appsync/apis/*]",
            "The role must exist before the API, whose generated id is the name of the log group. AppSync alone can "
            "take the role, and it writes nothing but request logs there.",
        )
        acknowledge(
            api,
            "ASC3",
            "Requests are logged; fields are not, because their arguments are people's addresses and phone numbers.",
        )


def key_expires(today: date) -> datetime:
    """When the API's key expires if it is deployed today: 365 days after the quarter began.

    The key itself stays the same over all deployments, and each makes it last for nine months more at least: 365 days
    are the most that AppSync grants. Counted from the quarter, the template does not change from one day to the next.
    """
    quarter = date(today.year, today.month - (today.month - 1) % 3, 1)
    return datetime.combine(quarter, datetime.min.time(), UTC) + timedelta(days=365)
