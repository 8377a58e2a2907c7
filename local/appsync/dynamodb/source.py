"""One client per region, and the operation that a request object names."""

import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.appsync.definition import DataSource
from local.appsync.dynamodb import batches, items, queries
from local.appsync.dynamodb.results import SourceError, SourceResult
from local.appsync.dynamodb.values import invalid

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ON_TABLE = {
    "GetItem": items.get_item,
    "PutItem": items.put_item,
    "UpdateItem": items.update_item,
    "DeleteItem": items.delete_item,
}
_PAGED = {"Query": queries.query, "Scan": queries.scan}
_MANY = {
    "TransactWriteItems": batches.transact_write,
    "TransactGetItems": batches.transact_get,
    "BatchGetItem": batches.batch_get,
}


class DynamoDB:
    """The DynamoDB of one cloud. Failures are shown to resolvers as they happen: nothing is retried here."""

    def __init__(self, endpoint: str, connections: int = 32) -> None:
        self._endpoint = endpoint
        self._config = Config(retries={"total_max_attempts": 1}, max_pool_connections=connections)
        self._clients: dict[str, DynamoDBClient] = {}
        self._lock = threading.Lock()

    def call(self, source: DataSource, request: Any, resolver: str) -> SourceResult:
        """Do what a resolver's request handler returned; FieldFailedError when the request itself is wrong."""
        if not isinstance(request, dict) or not request.get("operation"):
            raise invalid("Value for field '$[operation]' not found.")
        assert source.table is not None  # noqa: S101 (an AMAZON_DYNAMODB source)
        assert source.region is not None  # noqa: S101
        operation, client = request["operation"], self._client(source.region)
        try:
            if operation in _ON_TABLE:
                return _ON_TABLE[operation](client, source.table, request)
            if operation in _PAGED:
                return _PAGED[operation](client, source.table, request, resolver)
            if operation in _MANY:
                return _MANY[operation](client, request)
        except (ClientError, BotoCoreError) as error:
            return SourceResult(None, SourceError.of(error))
        raise invalid(f"Unsupported operation '{operation}'.")

    def close(self) -> None:
        """Close its connections; a later call would open new ones."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _client(self, region: str) -> "DynamoDBClient":
        with self._lock:
            if region not in self._clients:
                make = partial(boto3.client, endpoint_url=self._endpoint, region_name=region, config=self._config)
                self._clients[region] = make("dynamodb", aws_access_key_id="test", aws_secret_access_key="test")  # noqa: S106 (the local cloud's)
            return self._clients[region]
