"""What a data source hands to the response handler: `ctx.result`, and `ctx.error` when the call failed."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

# The failures that the AWS SDK has a class for. Any other one, ValidationException among them, is a DynamoDbException.
_NAMED = {
    "ConditionalCheckFailedException",
    "IdempotentParameterMismatchException",
    "InternalServerError",
    "ItemCollectionSizeLimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ResourceNotFoundException",
    "ThrottlingException",
    "TransactionCanceledException",
    "TransactionConflictException",
    "TransactionInProgressException",
}


@dataclass(frozen=True)
class SourceError:
    """`ctx.error`; the type names the AWS SDK's exception class behind `DynamoDB:`."""

    message: str
    type: str

    @classmethod
    def of(cls, error: ClientError | BotoCoreError) -> "SourceError":
        if not isinstance(error, ClientError):
            return cls(str(error), "DynamoDB:SdkClientException")
        told, answer = error.response["Error"], error.response["ResponseMetadata"]
        status, request_id = answer.get("HTTPStatusCode"), answer.get("RequestId", "")
        origin = f"(Service: DynamoDb, Status Code: {status}, Request ID: {request_id})"
        code = told.get("Code", "")
        return cls(f"{told.get('Message', '')} {origin}", f"DynamoDB:{code if code in _NAMED else 'DynamoDbException'}")


@dataclass(frozen=True)
class SourceResult:
    result: Any = None
    error: SourceError | None = None


def error_code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code", ""))
