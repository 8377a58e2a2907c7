"""What a deployment created, read through the public AppSync API, and what of it is refused.

A construct that the stand-in does not do is refused when the definition is loaded, so that nothing is served that
would behave otherwise on AWS.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, ObjectTypeDefinitionNode, ObjectTypeExtensionNode, parse

from local.appsync.http.endpoint import Endpoint, NotDoneError, endpoint_of
from local.appsync.javascript import Code

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient

_RUNTIME = {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}
API_KEY, IAM, USER_POOLS = "API_KEY", "AWS_IAM", "AMAZON_COGNITO_USER_POOLS"
_MODES = {API_KEY, IAM, USER_POOLS}
_SOURCES = ("AMAZON_DYNAMODB", "HTTP", "NONE")


class NotDeployedError(Exception):
    """There is no such API yet, or it has no schema yet."""


class RefusedError(Exception):
    """The deployment holds constructs that the stand-in does not do; `problems` names each of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class UserPool:
    """`client_ids` is the API's appIdClientRegex, or None when any client of the pool may call."""

    pool_id: str
    region: str
    client_ids: str | None = None

    @property
    def issuer(self) -> str:
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.pool_id}"


@dataclass(frozen=True)
class DataSource:
    """`table` and `region` are a table's, `endpoint` an HTTP source's; a NONE source has neither."""

    name: str
    kind: str
    table: str | None = None
    region: str | None = None
    endpoint: Endpoint | None = None


@dataclass(frozen=True)
class Resolver:
    type_name: str
    field_name: str
    source: DataSource
    code: Code

    def __str__(self) -> str:
        return f"{self.type_name}.{self.field_name}"


@dataclass(frozen=True)
class Definition:
    """An API as deployed. `api_keys` maps a key to when it expires, in seconds since the epoch."""

    api_id: str
    name: str
    sdl: str
    default_mode: str
    modes: frozenset[str]
    user_pools: tuple[UserPool, ...] = ()
    api_keys: dict[str, int] = field(default_factory=dict)
    resolvers: dict[tuple[str, str], Resolver] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    depth_limit: int = 0
    resolver_limit: int = 0
    introspection: bool = True


def read_definition(appsync: "AppSyncClient", name: str) -> Definition:
    """The API called `name` with all that belongs to it; raises NotDeployedError, RefusedError or botocore's errors."""
    api = _find(appsync, name)
    api_id = api["apiId"]
    sdl = _schema(appsync, api_id)
    providers = [api, *api.get("additionalAuthenticationProviders", [])]
    sources = {source["name"]: source for source in _pages(appsync, "list_data_sources", "dataSources", apiId=api_id)}
    problems = list(_unsupported_settings(api, providers))
    resolvers: dict[tuple[str, str], Resolver] = {}
    for type_name in _object_types(sdl):
        for found in _pages(appsync, "list_resolvers", "resolvers", apiId=api_id, typeName=type_name):
            source = sources.get(found.get("dataSourceName", ""))
            problems += _unsupported_resolver(found, source)
            if source is not None and not problems:
                resolvers[type_name, found["fieldName"]] = _resolver(found, source)
    if problems:
        raise RefusedError(problems)
    return Definition(
        api_id=api_id,
        name=name,
        sdl=sdl,
        default_mode=api["authenticationType"],
        modes=frozenset(provider["authenticationType"] for provider in providers),
        user_pools=tuple(_user_pool(p["userPoolConfig"]) for p in providers if p["authenticationType"] == USER_POOLS),
        api_keys={key["id"]: key["expires"] for key in _pages(appsync, "list_api_keys", "apiKeys", apiId=api_id)},
        resolvers=resolvers,
        environment=_environment(appsync, api_id),
        depth_limit=api.get("queryDepthLimit") or 0,
        resolver_limit=api.get("resolverCountLimit") or 0,
        introspection=api.get("introspectionConfig", "ENABLED") == "ENABLED",
    )


def _find(appsync: "AppSyncClient", name: str) -> dict[str, Any]:
    found = [api for api in _pages(appsync, "list_graphql_apis", "graphqlApis") if api.get("name") == name]
    if not found:
        raise NotDeployedError(f"no API named '{name}' is deployed")
    if len(found) > 1:
        raise RefusedError([f"{len(found)} APIs are named '{name}'"])
    return found[0]


def _pages(appsync: "AppSyncClient", operation: str, key: str, **arguments: str) -> Iterator[dict[str, Any]]:
    """The items of a list operation over all its pages."""
    while True:
        page = getattr(appsync, operation)(**arguments)
        yield from page.get(key, [])
        if not page.get("nextToken"):
            return
        arguments["nextToken"] = page["nextToken"]


def _schema(appsync: "AppSyncClient", api_id: str) -> str:
    try:
        answer = appsync.get_introspection_schema(apiId=api_id, format="SDL", includeDirectives=True)
    except appsync.exceptions.GraphQLSchemaException as missing:
        raise NotDeployedError(f"API {api_id} has no schema yet") from missing
    return answer["schema"].read().decode()


def _environment(appsync: "AppSyncClient", api_id: str) -> dict[str, str]:
    return dict(appsync.get_graphql_api_environment_variables(apiId=api_id).get("environmentVariables") or {})


def _object_types(sdl: str) -> list[str]:
    """The types that can carry resolvers, each once, in the order of the schema."""
    try:
        document = parse(sdl)
    except GraphQLError as error:
        raise RefusedError([f"the schema does not parse: {error.message}"]) from error
    nodes = (ObjectTypeDefinitionNode, ObjectTypeExtensionNode)
    return list(dict.fromkeys(node.name.value for node in document.definitions if isinstance(node, nodes)))


def _user_pool(config: dict[str, Any]) -> UserPool:
    return UserPool(config["userPoolId"], config["awsRegion"], config.get("appIdClientRegex") or None)


def _resolver(found: dict[str, Any], source: dict[str, Any]) -> Resolver:
    table = source.get("dynamodbConfig") or {}
    endpoint = endpoint_of(source) if source["type"] == "HTTP" else None
    return Resolver(
        found["typeName"],
        found["fieldName"],
        DataSource(source["name"], source["type"], table.get("tableName"), table.get("awsRegion"), endpoint),
        Code(found.get("code") or ""),
    )


def _unsupported_settings(api: dict[str, Any], providers: list[dict[str, Any]]) -> Iterator[str]:
    for provider in providers:
        if provider["authenticationType"] not in _MODES:
            yield f"authentication type {provider['authenticationType']} is not done locally"
        if (provider.get("userPoolConfig") or {}).get("defaultAction", "ALLOW") != "ALLOW":
            yield "a user pool's defaultAction DENY is not done locally: name the groups in directives"
    if api.get("apiType", "GRAPHQL") != "GRAPHQL":
        yield f"API type {api['apiType']} is not done locally"


def _unsupported_resolver(found: dict[str, Any], source: dict[str, Any] | None) -> Iterator[str]:
    name = f"{found['typeName']}.{found['fieldName']}"
    if found.get("kind", "UNIT") != "UNIT":
        yield f"{name}: {found['kind']} resolvers are not done locally, only UNIT"
        return
    if found.get("runtime") != _RUNTIME:
        yield f"{name}: only runtime APPSYNC_JS 1.0.0 is done locally, not mapping templates or direct Lambda"
    elif not found.get("code"):
        yield f"{name}: it has no inline code"
    if found.get("maxBatchSize"):
        yield f"{name}: maxBatchSize {found['maxBatchSize']} is not done locally"
    if (found.get("cachingConfig") or {}).get("ttl"):
        yield f"{name}: caching is not done locally"
    if found.get("syncConfig"):
        yield f"{name}: conflict detection is not done locally"
    if source is None:
        yield f"{name}: its data source '{found.get('dataSourceName')}' does not exist"
    else:
        yield from _unsupported_source(name, source)


def _unsupported_source(name: str, source: dict[str, Any]) -> Iterator[str]:
    if source["type"] not in _SOURCES:
        kind = f"data source '{source['name']}' is {source['type']}"
        yield f"{name}: {kind}; only {', '.join(_SOURCES)} are done locally"
    if source["type"] == "HTTP":
        try:
            endpoint_of(source)
        except NotDoneError as problem:
            yield f"{name}: data source '{source['name']}' {problem}, which is not done locally"
    if (source.get("dynamodbConfig") or {}).get("versioned"):
        yield f"{name}: data source '{source['name']}' is versioned, which is not done locally"
