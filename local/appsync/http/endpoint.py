"""Which HTTP sources there are here: Amazon SQS and CloudWatch Logs, asked as a role."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SERVICES = frozenset({"logs", "sqs"})  # what the resolvers ask


class NotDoneError(ValueError):
    """The source asks something else, or otherwise; the text says what."""


@dataclass(frozen=True)
class Endpoint:
    """A service of AWS in a region, and the ARN of the role that requests are signed as."""

    service: str
    region: str
    role: str

    @property
    def host(self) -> str:
        return f"{self.service}.{self.region}.amazonaws.com"


def endpoint_of(source: Mapping[str, Any]) -> Endpoint:
    """The endpoint of a data source as AppSync describes it. Raises NotDoneError."""
    config = source.get("httpConfig") or {}
    authorization = config.get("authorizationConfig") or {}
    if authorization.get("authorizationType") != "AWS_IAM":
        raise NotDoneError("is HTTP without authorizationType AWS_IAM")
    signing = authorization.get("awsIamConfig") or {}
    found = Endpoint(
        signing.get("signingServiceName", ""), signing.get("signingRegion", ""), source.get("serviceRoleArn", "")
    )
    if found.service not in _SERVICES:
        raise NotDoneError(f"signs for {found.service or 'no service'}; only {', '.join(sorted(_SERVICES))} is done")
    if config.get("endpoint", "").rstrip("/") != f"https://{found.host}":
        raise NotDoneError(f"asks {config.get('endpoint')} and signs for {found.host}")
    if not found.role:
        raise NotDoneError("has no service role to sign as")
    return found
