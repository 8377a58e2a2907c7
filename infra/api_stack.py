"""The one GraphQL API: the schema that the services' parts make. Each service's stack adds its own resolvers."""

from aws_cdk import Stack
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra import names
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
                    appsync.AuthorizationMode(authorization_type=appsync.AuthorizationType.IAM)
                ],
            ),
            query_depth_limit=8,
            resolver_count_limit=500,
            xray_enabled=stage.is_prod,
            log_config=appsync.LogConfig(
                # Field logs would hold arguments, and with them addresses.
                field_log_level=appsync.FieldLogLevel.NONE,
                exclude_verbose_content=True,
                retention=stage.log_retention,
            )
            if not stage.is_local
            else None,
        )
        ssm.StringParameter(self, "ApiId", parameter_name=names.API_ID, string_value=api.api_id)
        ssm.StringParameter(self, "ApiUrl", parameter_name=names.API_URL, string_value=api.graphql_url)
