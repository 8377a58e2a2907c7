"""Clients for the cloud a command works on: an AWS account, or the local cloud that behaves like one."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config


@dataclass(frozen=True)
class Aws:
    """endpoint: of the local cloud; None for AWS itself with the credentials and the region of this environment."""

    endpoint: str | None = None
    region: str | None = None

    @classmethod
    def local(cls, endpoint: str) -> "Aws":
        return cls(endpoint, "us-east-1")

    @property
    def is_local(self) -> bool:
        return self.endpoint is not None

    def client(self, service: str) -> Any:
        """A boto3 client of `service`, such as "sqs"."""
        config = Config(retries={"mode": "standard", "max_attempts": 5})
        if self.endpoint is None:
            return boto3.client(service, region_name=self.region, config=config)  # type: ignore[call-overload]
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.endpoint,
            region_name=self.region,
            # The local cloud's root; naming them here keeps a developer's real profile out of it.
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106
            config=config,
        )
