"""What differs between deployments. One AWS account holds one stage, so physical names are the same in all of them."""

import math
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Node

from infra.packages import Target

NAMES = ("local", "dev", "prod")


@dataclass(frozen=True)
class Stage:
    """`time_scale` divides every duration, so that a day can be replayed in minutes; it is 1 outside local."""

    name: str = "dev"
    time_scale: float = 1
    local_api_url: str | None = None  # where the GraphQL API is served locally, where AppSync's own name leads nowhere

    @classmethod
    def from_context(cls, node: Node) -> "Stage":
        """Read `-c stage=… -c time-scale=… -c api-url=…`. Raises ValueError that says what is allowed."""
        name = node.try_get_context("stage") or "dev"
        scale = float(node.try_get_context("time-scale") or 1)
        api_url = node.try_get_context("api-url")
        if name not in NAMES:
            raise ValueError(f"stage is {name!r}; allowed are {', '.join(NAMES)}")
        if not 0 < scale <= 1000:
            raise ValueError(f"time-scale is {scale}; allowed is more than 0 and at most 1000")
        if scale != 1 and name != "local":
            raise ValueError(f"time-scale is {scale} on stage {name}; only stage local may be faster than real time")
        if api_url and name != "local":
            raise ValueError(f"api-url is given on stage {name}; only stage local has an API that is not AppSync's own")
        return cls(name, scale, api_url)

    @property
    def is_local(self) -> bool:
        return self.name == "local"

    @property
    def is_prod(self) -> bool:
        return self.name == "prod"

    @property
    def target(self) -> Target:
        """For which machine Lambda packages are built: the laptop itself, or AWS's."""
        return Target.host() if self.is_local else Target.aws()

    @property
    def removal_policy(self) -> RemovalPolicy:
        return RemovalPolicy.RETAIN if self.is_prod else RemovalPolicy.DESTROY

    @property
    def log_retention(self) -> logs.RetentionDays:
        return logs.RetentionDays.THREE_MONTHS if self.is_prod else logs.RetentionDays.TWO_WEEKS

    @property
    def logging(self) -> dict[str, Any]:
        """What functions write into their logs, as arguments of `Function`. In prod neither Lambda's lines on each call
        that went well (its metrics have what those say) nor what is for measuring: together they are half of a log.

        Nothing for the local cloud, which knows no levels: there Lambda's lines are always written.
        """
        if self.is_local:
            return {}
        return {
            "logging_format": lambda_.LoggingFormat.JSON,
            "system_log_level_v2": lambda_.SystemLogLevel.WARN if self.is_prod else lambda_.SystemLogLevel.INFO,
            "application_log_level_v2": (
                lambda_.ApplicationLogLevel.INFO if self.is_prod else lambda_.ApplicationLogLevel.DEBUG
            ),
        }

    def at_once(self, wanted: int | None) -> int | None:
        """How many copies of a function may work on one queue or one shard at the same time; None leaves it to Lambda.

        Locally two, the least that Lambda takes: there each copy is a process, and a laptop has few cores.
        """
        return 2 if self.is_local else wanted

    def seconds(self, real: float) -> str:
        """`real` seconds at this stage's speed, for an environment variable."""
        return f"{real / self.time_scale:.3f}"

    def delay(self, real: float) -> Duration:
        """`real` seconds at this stage's speed as a queue's delay: whole seconds, at least one."""
        return Duration.seconds(max(1, math.ceil(real / self.time_scale)))
