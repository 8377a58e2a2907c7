"""SNS as its callers see it, with answers that we script."""

from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Publish")


class Sns:
    """Takes every call, unless `answers` has an error for the operation; each error is raised once."""

    def __init__(self, **answers: list[Exception | None]) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._answers = answers

    @property
    def client(self) -> "SNSClient":
        return cast("SNSClient", self)

    def publish(self, **request: Any) -> dict[str, str]:
        self._called("publish", request)
        return {"MessageId": f"m-{len(self.of('publish'))}"}

    def create_platform_endpoint(self, **request: Any) -> dict[str, str]:
        self._called("create_platform_endpoint", request)
        return {"EndpointArn": f"arn:endpoint-for-{request['Token']}"}

    def set_endpoint_attributes(self, **request: Any) -> None:
        self._called("set_endpoint_attributes", request)

    def of(self, operation: str) -> list[dict[str, Any]]:
        """The requests of one operation."""
        return [request for name, request in self.calls if name == operation]

    def _called(self, operation: str, request: dict[str, Any]) -> None:
        self.calls.append((operation, request))
        answers = self._answers.get(operation, [])
        if answers and (error := answers.pop(0)):
            raise error
