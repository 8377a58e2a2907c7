"""What resolvers ask of an HTTP source and what they get: AWS AppSync Developer Guide, "AWS AppSync JavaScript resolver
function reference for HTTP", and its tutorial on HTTP resolvers, on signed requests to AWS services.
"""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from local.appsync.definition import DataSource
from local.appsync.dynamodb.results import SourceResult
from local.appsync.errors import FieldFailedError
from local.appsync.http.endpoint import Endpoint
from local.appsync.http.source import Http
from tests.local.appsync.made import NOWHERE

ROLE = "arn:aws:iam::000000000000:role/queues"
QUEUES = DataSource("queues", "HTTP", endpoint=Endpoint("sqs", "us-east-1", ROLE))
JSON = "application/x-amz-json-1.0"


class Roles:
    """Knows one role."""

    def credentials(self, role: str) -> Credentials:
        if role != ROLE:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": role}}, "AssumeRole")
        return Credentials("ASIAEXAMPLE", "secret", "token")


def ask(request: Any, answer: Callable[[httpx.Request], httpx.Response], source: DataSource = QUEUES) -> SourceResult:
    http = Http("http://127.0.0.1:4566")
    http.roles = Roles()  # type: ignore[assignment]  # it has what is called
    http._client = httpx.Client(transport=httpx.MockTransport(answer))
    try:
        return http.call(source, request, "Query.queues")
    finally:
        http.close()


def seen(request: Any) -> httpx.Request:
    """The request that the endpoint gets."""
    got: list[httpx.Request] = []

    def answer(asked: httpx.Request) -> httpx.Response:
        got.append(asked)
        return httpx.Response(200, text="{}")

    assert ask(request, answer).error is None
    return got[0]


def post(**params: Any) -> dict[str, Any]:
    return {"method": "POST", "resourcePath": "/", "params": params}


def test_the_local_cloud_takes_the_endpoints_place() -> None:
    asked = seen(post(headers={"Content-Type": JSON, "X-Amz-Target": "AmazonSQS.ListQueues"}, body={"MaxResults": 5}))
    assert (asked.method, str(asked.url)) == ("POST", "http://127.0.0.1:4566/")
    assert asked.headers["content-type"] == JSON
    assert asked.headers["x-amz-target"] == "AmazonSQS.ListQueues"
    assert asked.content == b'{"MaxResults": 5}'


def test_a_text_is_sent_as_it_is() -> None:
    assert seen(post(body="Action=ListQueues")).content == b"Action=ListQueues"
    assert seen({"method": "GET", "resourcePath": "/a/b"}).content == b""


def test_requests_are_signed_as_the_sources_role() -> None:
    asked = seen(post(headers={"content-type": JSON}, body={}))
    signature = asked.headers["authorization"]
    assert signature.startswith("AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/")
    assert "/us-east-1/sqs/aws4_request" in signature
    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token" in signature
    assert asked.headers["x-amz-security-token"] == "token"


@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_an_answer_is_a_result_whatever_its_status(status: int) -> None:
    found = ask(post(), lambda _: httpx.Response(status, text='{"a": 1}', headers={"X-Amzn-RequestId": "r"}))
    assert found.error is None
    assert found.result["statusCode"] == status
    assert found.result["headers"]["x-amzn-requestid"] == "r"
    assert found.result["body"] == '{"a": 1}'  # a text: the handler parses it


def no_answer(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def test_no_answer_is_an_error_for_the_response_handler() -> None:
    for found in (
        ask(post(), no_answer),
        ask(post(), no_answer, DataSource("queues", "HTTP", endpoint=Endpoint("sqs", "us-east-1", "another"))),
    ):
        assert found.result is None
        assert found.error


WRONG: dict[str, Any] = {
    "no object": None,
    "no method": {"resourcePath": "/"},
    "another method": {"method": "HEAD", "resourcePath": "/"},
    "no path": {"method": "POST"},
    "a path that is none": {"method": "POST", "resourcePath": "x"},
    "an unknown element": post() | {"headers": {}},
    "an unknown parameter": post(heads={}),
    "a header that is no text": post(headers={"a": 1}),
    "a header that is AppSync's own": post(headers={"Host": "example.invalid"}),
    "a query, which the schema has no use for": post(query={"a": "b"}),
}


@pytest.mark.parametrize("request_object", WRONG)
def test_a_wrong_request_object_is_refused(request_object: str) -> None:
    with pytest.raises(FieldFailedError) as failed:
        Http(NOWHERE).call(QUEUES, WRONG[request_object], "Query.queues")
    assert failed.value.error.error_type == "MappingTemplate"
