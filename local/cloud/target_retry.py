"""When EventBridge tries a delivery again, and when it gives up: pure decisions, no MiniStack.

Source: EventBridge User Guide, "Retrying event delivery" and "Using dead-letter queues to process undelivered events".
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# AWS's first retries come within seconds too; its last ones hours later, which nobody would wait for on a laptop.
_FIRST_RETRY_SECONDS = 0.2
_LAST_RETRY_SECONDS = 30.0


class DeliveryError(Exception):
    """An attempt failed: `code` as AWS writes it on dead letters, and whether another attempt may succeed."""

    def __init__(self, code: str, message: str, *, retriable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retriable = retriable


@dataclass(frozen=True)
class RetryPolicy:
    """How often, and for how many seconds after the first attempt, a delivery is tried again."""

    retries: int = 185
    age_seconds: float = 86_400

    @classmethod
    def of(cls, target: Mapping[str, Any]) -> "RetryPolicy":
        """From the API's fields of a target."""
        given = target.get("RetryPolicy") or {}
        return cls(
            retries=int(given.get("MaximumRetryAttempts", cls.retries)),
            age_seconds=int(given.get("MaximumEventAgeInSeconds", cls.age_seconds)),
        )

    def exhausted(self, retries: int, age_seconds: float) -> str | None:
        """The name of the limit that is reached, if one is."""
        if retries >= self.retries:
            return "MaximumRetryAttempts"
        if age_seconds >= self.age_seconds:
            return "MaximumEventAgeInSeconds"
        return None


@dataclass(frozen=True)
class GivenUp:
    """error: of the last attempt. exhausted: the limit that ended the retries, None if they made no sense."""

    error: DeliveryError
    retries: int
    exhausted: str | None = None


def retry(
    attempt: Callable[[], DeliveryError | None],
    error: DeliveryError,
    policy: RetryPolicy,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> GivenUp | None:
    """Calls `attempt`, after a first one ended with `error`, until it answers None or there is no point any more."""
    began, retries = clock(), 0
    while error.retriable:
        if exhausted := policy.exhausted(retries, clock() - began):
            return GivenUp(error, retries, exhausted)
        longest = min(_FIRST_RETRY_SECONDS * 2**retries, _LAST_RETRY_SECONDS)
        sleep(random.uniform(longest / 2, longest))  # noqa: S311 - jitter
        retries += 1
        failed = attempt()
        if failed is None:
            return None
        error = failed
    return GivenUp(error, retries)
