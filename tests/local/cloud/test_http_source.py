"""An HTTP data source that CloudFormation made, asked as its role: the local cloud's AppSync, and the gateway's."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.appsync.definition import DataSource
from local.appsync.http.endpoint import Endpoint, endpoint_of
from local.appsync.http.source import Http
from local.aws import Aws
from tests.local.cloud.process import Cloud
from tests.local.cloud.resources import ACCOUNT_ARN, Queue, deploy

pytestmark = pytest.mark.local_cloud


@pytest.fixture
def http(cloud: Cloud) -> Iterator[Http]:
    http = Http(cloud.url)
    yield http
    http.close()


def resources(name: str) -> dict[str, Any]:
    """An API with a source whose role may count the messages of the queue `name`."""
    trust = {"Effect": "Allow", "Principal": {"Service": "appsync.amazonaws.com"}, "Action": "sts:AssumeRole"}
    count = {"Effect": "Allow", "Action": "sqs:GetQueueAttributes", "Resource": f"arn:aws:sqs:{ACCOUNT_ARN}:{name}"}
    signing = {"SigningRegion": {"Ref": "AWS::Region"}, "SigningServiceName": "sqs"}
    endpoint = {"Fn::Join": ["", ["https://sqs.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}, "/"]]}
    return {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                "Policies": [
                    {"PolicyName": "count", "PolicyDocument": {"Version": "2012-10-17", "Statement": [count]}}
                ],
            },
        },
        "Api": {
            "Type": "AWS::AppSync::GraphQLApi",
            "Properties": {"Name": name, "AuthenticationType": "AWS_IAM", "EnvironmentVariables": {"A_B": "c"}},
        },
        "Source": {
            "Type": "AWS::AppSync::DataSource",
            "Properties": {
                "ApiId": {"Fn::GetAtt": ["Api", "ApiId"]},
                "Name": "queues",
                "Type": "HTTP",
                "ServiceRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "HttpConfig": {
                    "Endpoint": endpoint,
                    "AuthorizationConfig": {"AuthorizationType": "AWS_IAM", "AwsIamConfig": signing},
                },
            },
        },
    }


def appsync(aws: Aws, name: str) -> tuple[Any, str]:
    client = aws.client("appsync")
    return client, next(api["apiId"] for api in client.list_graphql_apis()["graphqlApis"] if api["name"] == name)


def asked(queue: str, action: str = "GetQueueAttributes") -> dict[str, Any]:
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"AmazonSQS.{action}"}
    url = f"https://sqs.us-east-1.amazonaws.com/000000000000/{queue}"
    body = {"QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]}
    return {"method": "POST", "resourcePath": "/", "params": {"headers": headers, "body": body}}


def test_a_source_asks_what_its_role_may_and_nothing_else(aws: Aws, http: Http, name: str) -> None:
    Queue(aws, name).send("hello")
    other = Queue(aws, f"{name}-other", allow={"Principal": {"Service": "events.amazonaws.com"}})
    deploy(aws, name, resources(name))
    client, api_id = appsync(aws, name)
    [source] = client.list_data_sources(apiId=api_id)["dataSources"]
    roles = [role["Arn"] for role in aws.client("iam").list_roles()["Roles"] if role["RoleName"].startswith(name)]
    assert [endpoint_of(source)] == [Endpoint("sqs", "us-east-1", role) for role in roles]
    environment = client.get_graphql_api_environment_variables(apiId=api_id)["environmentVariables"]
    assert environment == {"A_B": "c"}

    queues = DataSource("queues", "HTTP", endpoint=endpoint_of(source))
    found = http.call(queues, asked(name), "Query.queues").result
    assert (found["statusCode"], json.loads(found["body"])) == (
        200,
        {"Attributes": {"ApproximateNumberOfMessages": "1"}},
    )
    for request in (asked(other.arn.rpartition(":")[2]), asked(name, "PurgeQueue")):
        refused = http.call(queues, request, "Query.queues").result
        assert refused["statusCode"] == 403
        assert "AccessDenied" in json.loads(refused["body"])["__type"]
