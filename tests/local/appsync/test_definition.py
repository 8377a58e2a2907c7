"""What was deployed is read through AppSync's own API; what the stand-in would do otherwise than AWS is refused."""

import io
from types import SimpleNamespace
from typing import Any

import pytest

from local.appsync.api import build_api
from local.appsync.definition import NotDeployedError, RefusedError, UserPool, read_definition
from local.appsync.evaluate import shared_worker
from local.appsync.http.endpoint import Endpoint
from tests.local.appsync.made import code, definition

CODE = code().text
RUNTIME = {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}
POOL = {"userPoolId": "us-east-1_example", "awsRegion": "us-east-1", "appIdClientRegex": "client-1"}

ROLE = "arn:aws:iam::000000000000:role/queues"
SIGNING = {"signingRegion": "us-east-1", "signingServiceName": "sqs"}
SIGNED: dict[str, Any] = {"authorizationType": "AWS_IAM", "awsIamConfig": SIGNING}
SQS: dict[str, Any] = {"endpoint": "https://sqs.us-east-1.amazonaws.com/", "authorizationConfig": SIGNED}


class MissingSchemaError(Exception):
    pass


class Deployed:
    """The AppSync API of a cloud to which one API was deployed; every list comes in pages of one."""

    exceptions = SimpleNamespace(GraphQLSchemaException=MissingSchemaError)

    def __init__(self, sdl: str | None = "type Query { a: String b: String }", **changes: Any) -> None:
        self.sdl = sdl
        self.api: dict[str, Any] = {
            "apiId": "api-1",
            "name": "delivery",
            "authenticationType": "AMAZON_COGNITO_USER_POOLS",
            "userPoolConfig": POOL,
            "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}],
            "queryDepthLimit": 8,
        } | changes
        table = {"tableName": "things", "awsRegion": "us-east-1"}
        self.sources: list[dict[str, Any]] = [
            {"name": "other", "type": "AWS_LAMBDA"},
            {"name": "things", "type": "AMAZON_DYNAMODB", "dynamodbConfig": table},
            {"name": "queues", "type": "HTTP", "serviceRoleArn": ROLE, "httpConfig": SQS},
        ]
        self.resolvers = [self.resolver("a"), self.resolver("b")]

    @staticmethod
    def resolver(field: str, **changes: Any) -> dict[str, Any]:
        unit = {"typeName": "Query", "fieldName": field, "kind": "UNIT", "dataSourceName": "things"}
        return {**unit, "runtime": RUNTIME, "code": CODE, **changes}

    def list_graphql_apis(self, **page: str) -> dict[str, Any]:
        return self._page("graphqlApis", [{"name": "another"}, self.api], page)

    def list_data_sources(self, apiId: str, **page: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        return self._page("dataSources", self.sources, page)

    def list_resolvers(self, apiId: str, typeName: str, **page: str) -> dict[str, Any]:  # noqa: N803
        return self._page("resolvers", [each for each in self.resolvers if each["typeName"] == typeName], page)

    def list_api_keys(self, apiId: str, **page: str) -> dict[str, Any]:  # noqa: N803
        return self._page("apiKeys", [{"id": "key", "expires": 5}], page)

    def get_introspection_schema(self, **_: Any) -> dict[str, Any]:
        if self.sdl is None:
            raise MissingSchemaError
        return {"schema": io.BytesIO(self.sdl.encode())}

    def get_graphql_api_environment_variables(self, **_: Any) -> dict[str, Any]:
        return {"environmentVariables": {"STAGE": "test"}}

    @staticmethod
    def _page(key: str, items: list[Any], page: dict[str, str]) -> dict[str, Any]:
        at = int(page.get("nextToken", 0))
        more = {"nextToken": str(at + 1)} if at + 1 < len(items) else {}
        return {key: items[at : at + 1], **more}


def read(deployed: Deployed) -> Any:
    return read_definition(deployed, "delivery")  # type: ignore[arg-type]  # it has what is called


def refusal_of(deployed: Deployed) -> str:
    """The one problem for which it is refused."""
    with pytest.raises(RefusedError) as refused:
        read(deployed)
    [told] = refused.value.problems
    return told


def test_an_api_is_read_with_all_that_belongs_to_it() -> None:
    found = read(Deployed())
    assert list(found.resolvers) == [("Query", "a"), ("Query", "b")]
    assert found.resolvers["Query", "b"].source.table == "things"
    assert found.modes == {"AMAZON_COGNITO_USER_POOLS", "AWS_IAM"}
    assert found.user_pools == (UserPool("us-east-1_example", "us-east-1", "client-1"),)
    assert (found.api_keys, found.environment, found.depth_limit) == ({"key": 5}, {"STAGE": "test"}, 8)


@pytest.mark.parametrize("service", ["sqs", "logs"])
def test_a_source_that_asks_a_service_of_aws_is_read_with_its_role(service: str) -> None:
    deployed = Deployed()
    deployed.resolvers[1] |= {"dataSourceName": "queues"}
    signing = {"awsIamConfig": SIGNING | {"signingServiceName": service}}
    deployed.sources[2] |= {
        "httpConfig": {
            "endpoint": f"https://{service}.us-east-1.amazonaws.com/",
            "authorizationConfig": SIGNED | signing,
        }
    }
    source = read(deployed).resolvers["Query", "b"].source
    assert source.kind == "HTTP"
    assert source.endpoint == Endpoint(service, "us-east-1", ROLE)


OTHER_SERVICE: dict[str, Any] = {"awsIamConfig": SIGNING | {"signingServiceName": "lambda"}}
NOT_DONE: dict[str, tuple[dict[str, Any], str]] = {
    "any web site": ({"httpConfig": {"endpoint": "https://example.invalid"}}, "without authorizationType AWS_IAM"),
    "a signature for another place": ({"httpConfig": SQS | {"endpoint": "https://example.invalid"}}, "and signs for"),
    "another region": ({"httpConfig": SQS | {"endpoint": "https://sqs.eu-west-1.amazonaws.com"}}, "and signs for"),
    "plain http": ({"httpConfig": SQS | {"endpoint": "http://sqs.us-east-1.amazonaws.com"}}, "and signs for"),
    "another service": ({"httpConfig": SQS | {"authorizationConfig": SIGNED | OTHER_SERVICE}}, "signs for lambda"),
    "no role": ({"serviceRoleArn": None}, "no service role"),
}


@pytest.mark.parametrize("source", NOT_DONE)
def test_an_http_source_of_another_service_or_without_a_role_is_refused(source: str) -> None:
    changes, problem = NOT_DONE[source]
    deployed = Deployed()
    deployed.resolvers[1] |= {"dataSourceName": "queues"}
    deployed.sources[2] |= changes
    told = refusal_of(deployed)
    assert told.startswith("Query.b: data source 'queues' ")
    assert problem in told


def test_what_is_not_deployed_yet_is_told_apart_from_what_is_refused() -> None:
    with pytest.raises(NotDeployedError, match="no API named"):
        read(Deployed(name="another"))
    with pytest.raises(NotDeployedError, match="no schema yet"):
        read(Deployed(sdl=None))


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a pipeline": ({"kind": "PIPELINE"}, "PIPELINE resolvers"),
    "a mapping template": ({"runtime": None, "code": None}, "only runtime APPSYNC_JS"),
    "code in a bucket": ({"code": None}, "no inline code"),
    "batches": ({"maxBatchSize": 10}, "maxBatchSize 10"),
    "a cache": ({"cachingConfig": {"ttl": 60}}, "caching"),
    "conflict detection": ({"syncConfig": {"conflictDetection": "VERSION"}}, "conflict detection"),
    "a Lambda function": ({"dataSourceName": "other"}, "'other' is AWS_LAMBDA"),
    "no data source": ({"dataSourceName": "gone"}, "'gone' does not exist"),
}


@pytest.mark.parametrize("construct", REFUSED)
def test_a_resolver_that_the_stand_in_does_not_do_is_refused_by_its_name(construct: str) -> None:
    changes, problem = REFUSED[construct]
    deployed = Deployed()
    deployed.resolvers[1] |= changes
    told = refusal_of(deployed)
    assert told.startswith("Query.b: ")
    assert problem in told


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"authenticationType": "OPENID_CONNECT"}, "OPENID_CONNECT"),
        ({"additionalAuthenticationProviders": [{"authenticationType": "AWS_LAMBDA"}]}, "AWS_LAMBDA"),
        ({"userPoolConfig": POOL | {"defaultAction": "DENY"}}, "defaultAction DENY"),
        ({"apiType": "MERGED"}, "API type MERGED"),
    ],
)
def test_a_setting_that_the_stand_in_does_not_do_is_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(RefusedError, match=problem):
        read(Deployed(**changes))


@pytest.mark.parametrize(
    ("sdl", "written", "problem"),
    [
        ("type Query { a: Missing }", CODE, "Missing"),
        ("scalar Money type Query { a: Money }", CODE, "no custom scalars"),
        ("type Query { b: String }", CODE, "Query.a: the schema has no such field"),
        ("type Query { a: String }", "export const request = (", "Query.a: SyntaxError"),
        ("type Query { a: String }", "export function request() {}", "Query.a: its code exports no 'response'"),
        ("type Query { a: String }", "import 'lodash';" + CODE, "does not provide the module 'lodash'"),
        ("type Query { a: String }", CODE + "setTimeout(() => 1, 1);", "Query.a: ReferenceError"),
    ],
)
def test_what_appsync_refuses_when_it_is_deployed_is_refused_when_it_is_read(
    sdl: str, written: str, problem: str
) -> None:
    deployed = definition(sdl, {"Query.a": type(code())(written)})
    with pytest.raises(RefusedError) as refused:
        build_api(deployed, shared_worker())
    assert problem in str(refused.value)
