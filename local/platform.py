"""Where a running platform is reached."""

from dataclasses import dataclass
from typing import Any

import boto3


@dataclass(frozen=True)
class Platform:
    """One deployed platform.

    cloud_url: endpoint of the cloud's own APIs. graphql_url: the platform's public API. user_pool_id, client_id: where
    and as which client users sign in. region: AWS region. time_scale: by what the platform's durations were divided
    when it was deployed; at 20 an offer that stands for 45 seconds stands for 2.25.
    """

    cloud_url: str
    graphql_url: str
    user_pool_id: str
    client_id: str
    region: str
    time_scale: float

    def client(self, service: str) -> Any:
        """A boto3 client of this platform's cloud, with the local cloud's root credentials."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.cloud_url,
            region_name=self.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the local cloud takes any key
        )
