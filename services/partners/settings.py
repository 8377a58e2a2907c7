"""What each handler reads from its environment, every value set in stack.py. A missing one raises KeyError.

Durations are seconds of the wall clock.
"""

import os
from dataclasses import dataclass

from services.partners.domain import Schedule


@dataclass(frozen=True)
class InboxSettings:
    table_name: str
    failure_queue_url: str
    queue_prefix: str

    @classmethod
    def from_env(cls) -> "InboxSettings":
        return cls(os.environ["TABLE_NAME"], os.environ["FAILURE_QUEUE_URL"], os.environ["QUEUE_PREFIX"])


@dataclass(frozen=True)
class OutboxSettings:
    bus_name: str
    failure_queue_url: str
    replay_queue_url: str
    give_up_after_s: float

    @classmethod
    def from_env(cls) -> "OutboxSettings":
        return cls(
            bus_name=os.environ["BUS_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            replay_queue_url=os.environ["REPLAY_QUEUE_URL"],
            give_up_after_s=float(os.environ["GIVE_UP_AFTER"]),
        )


@dataclass(frozen=True)
class ReplaySettings:
    table_name: str
    failure_queue_url: str
    replay_queue_url: str
    queue_prefix: str

    @classmethod
    def from_env(cls) -> "ReplaySettings":
        return cls(
            table_name=os.environ["TABLE_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            replay_queue_url=os.environ["REPLAY_QUEUE_URL"],
            queue_prefix=os.environ["QUEUE_PREFIX"],
        )


@dataclass(frozen=True)
class SweepSettings:
    table_name: str
    queue_prefix: str
    partners: tuple[str, ...]

    @classmethod
    def from_env(cls) -> "SweepSettings":
        names = os.environ["PARTNERS"]
        return cls(os.environ["TABLE_NAME"], os.environ["QUEUE_PREFIX"], tuple(names.split(",") if names else ()))


@dataclass(frozen=True)
class CourierSettings:
    """One partner's. merchants: whose events it may see. pace_s: how long a delivery takes at least, so that no more
    are made in a second than the partner wants."""

    table_name: str
    failure_queue_url: str
    partner_id: str
    merchants: frozenset[str]
    pace_s: float
    schedule: Schedule

    @classmethod
    def from_env(cls) -> "CourierSettings":
        return cls(
            table_name=os.environ["TABLE_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            partner_id=os.environ["PARTNER_ID"],
            merchants=frozenset(os.environ["MERCHANTS"].split(",")),
            pace_s=float(os.environ["PACE_SECONDS"]),
            schedule=Schedule(
                retry_after=[float(each) for each in os.environ["RETRY_AFTER_SECONDS"].split(",")],
                pause=float(os.environ["PAUSE_SECONDS"]),
                longest_pause=float(os.environ["LONGEST_PAUSE_SECONDS"]),
                disable_after=float(os.environ["DISABLE_AFTER_SECONDS"]),
            ),
        )


@dataclass(frozen=True)
class WebhookSettings:
    """allow_private: whether a receiver may be in a private network, as it is on a laptop."""

    url: str
    keys_parameter: str
    allow_private: bool

    @classmethod
    def from_env(cls) -> "WebhookSettings":
        return cls(os.environ["WEBHOOK_URL"], os.environ["KEYS_PARAMETER"], os.environ["ALLOW_PRIVATE"] == "true")


def partner_bus_arn() -> str:
    return os.environ["PARTNER_BUS_ARN"]


def partner_queue_url() -> str:
    return os.environ["PARTNER_QUEUE_URL"]
