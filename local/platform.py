"""Where a running platform is reached."""

from dataclasses import dataclass

from local.aws import Aws


@dataclass(frozen=True)
class Platform:
    """One deployed platform.

    cloud_url: endpoint of the cloud's own APIs. graphql_url: the platform's public API. pages_url: where the pages are.
    user_pool_id, client_id: where and as which client users sign in. region: AWS region. time_scale: by what the
    platform's durations were divided when it was deployed; at 20 an offer that stands for 45 seconds stands for 2.25.
    """

    cloud_url: str
    graphql_url: str
    pages_url: str
    user_pool_id: str
    client_id: str
    region: str
    time_scale: float

    @property
    def aws(self) -> Aws:
        """The APIs of the cloud it runs on."""
        return Aws(self.cloud_url, self.region)
