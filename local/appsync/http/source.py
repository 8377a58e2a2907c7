"""One call of an HTTP source: a request object becomes a signed request, and the answer `ctx.result`."""

from functools import partial
from typing import Any

import boto3
import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, ClientError

from local.appsync.definition import DataSource
from local.appsync.dynamodb.results import SourceError, SourceResult
from local.appsync.http.credentials import Roles
from local.appsync.http.requests import http_request

_REGION = "us-east-1"  # roles belong to all regions
_SECONDS = 10.0  # AppSync waits for 30 at most, the request as a whole included


class Http:
    """The services of one cloud. Answers are shown to resolvers as they are, and nothing is retried here."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._client = httpx.Client(timeout=_SECONDS)
        self.roles = Roles(
            partial(
                boto3.client,
                "sts",
                endpoint_url=endpoint,
                region_name=_REGION,
                aws_access_key_id="test",
                aws_secret_access_key="test",  # noqa: S106 (the local cloud's)
            )
        )

    def call(self, source: DataSource, request: Any, _resolver: str) -> SourceResult:
        """Do what a resolver's request handler returned; FieldFailedError when the request itself is wrong."""
        asked = http_request(request)
        at = source.endpoint
        assert at is not None  # noqa: S101 (an HTTP source)
        try:
            signed = AWSRequest(asked.method, self._endpoint + asked.path, asked.headers, asked.body)
            SigV4Auth(self.roles.credentials(at.role), at.service, at.region).add_auth(signed)
            answer = self._client.request(
                asked.method, self._endpoint + asked.path, headers=dict(signed.headers), content=asked.body
            )
        except (httpx.HTTPError, ClientError, BotoCoreError) as error:
            return SourceResult(None, SourceError(str(error), "HttpConnectionError"))
        return SourceResult(
            {"statusCode": answer.status_code, "headers": dict(answer.headers), "body": answer.text}, None
        )

    def close(self) -> None:
        self._client.close()
