"""A service's part of the API: its resolvers, straight on its table, or on nothing where they only pass on."""

import re
from collections.abc import Collection, Iterable

from aws_cdk import Stack
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm

from infra import names
from infra.constructs.functions import FunctionStack
from infra.graphql_schema import base_resolver_files, resolver_files
from infra.resolver_bundles import bundle

_OPERATION = re.compile(r'operation: "(\w+)"')
_ACTIONS = {"ConditionCheck": "ConditionCheckItem"}  # IAM's names where they are others than AppSync's


def add_resolvers(stack: FunctionStack) -> None:
    """A resolver for each `resolvers/<Type>.<field>.js` of the stack's service."""
    found = resolver_files(stack.service)
    code = bundle([path for _, _, path in found])
    api = appsync.GraphqlApi.from_graphql_api_attributes(
        stack, "Api", graphql_api_id=ssm.StringParameter.value_for_string_parameter(stack, names.API_ID)
    )
    source = appsync.DynamoDbDataSource(
        stack,
        "TableSource",
        api=api,
        name=f"delivery_{stack.service}",
        table=stack.table,
        service_role=_resolver_role(stack, code.values()),
    )
    nothing: appsync.BaseDataSource | None = None
    if not all(asks_table(text) for text in code.values()):
        # A publication goes to subscribers and nowhere else; who is an operator is known without a look at the table.
        nothing = appsync.NoneDataSource(stack, "NothingSource", api=api, name=f"delivery_{stack.service}_nothing")
    for type_name, field, path in found:
        asked = source if nothing is None or asks_table(code[path]) else nothing
        resolve(asked, type_name, field, code[path])


def resolve(source: appsync.BaseDataSource, type_name: str, field: str, code: str) -> None:
    """A unit resolver of bundled code, in the stack of its source."""
    source.create_resolver(
        f"{type_name}{field[0].upper()}{field[1:]}",
        type_name=type_name,
        field_name=field,
        runtime=appsync.FunctionRuntime.JS_1_0_0,
        code=appsync.Code.from_inline(code),
    )


def aws_source(
    api: appsync.GraphqlApi, construct_id: str, *, name: str, service: str, role: iam.Role
) -> appsync.HttpDataSource:
    """A source that asks a service of AWS itself, such as "sqs", by requests that AppSync signs as a role."""
    stack = Stack.of(api)
    return appsync.HttpDataSource(
        stack,
        construct_id,
        api=api,
        name=name,
        endpoint=f"https://{service}.{stack.region}.{stack.url_suffix}/",
        authorization_config=appsync.AwsIamConfig(signing_region=stack.region, signing_service_name=service),
        service_role=role.without_policy_updates(),
    )


def resolve_base(source: appsync.BaseDataSource, fields: Collection[str]) -> None:
    """A resolver for each of these fields of the base schema, as `Query.failureQueues`."""
    found = [each for each in base_resolver_files() if f"{each[0]}.{each[1]}" in fields]
    code = bundle([path for *_, path in found])
    for type_name, field, path in found:
        resolve(source, type_name, field, code[path])


def asks_table(code: str) -> bool:
    """Whether a resolver's bundled code makes a request of DynamoDB."""
    return bool(_OPERATION.search(code))


def _resolver_role(stack: FunctionStack, code: Iterable[str]) -> iam.IRole:
    """May do what the resolvers' code says they do, not all that a data source is granted by default."""
    used = {operation for text in code for operation in _OPERATION.findall(text)}
    role = iam.Role(stack, "ResolverRole", assumed_by=iam.ServicePrincipal("appsync.amazonaws.com"))
    # A transaction needs no permission of its own, only those of its parts.
    parts = {_ACTIONS.get(each, each) for each in used - {"TransactWriteItems"}}
    stack.table.grant(role, *sorted(f"dynamodb:{each}" for each in parts))
    return role.without_policy_updates()
