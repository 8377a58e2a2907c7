"""What each handler reads from its environment, every value set in stack.py. A missing one raises KeyError naming it.

Durations are seconds of the wall clock.
"""

import os
from dataclasses import dataclass

from services.dispatch.planner import PlanSettings


@dataclass(frozen=True)
class InboxSettings:
    table_name: str
    failure_queue_url: str

    @classmethod
    def from_env(cls) -> "InboxSettings":
        return cls(table_name=os.environ["TABLE_NAME"], failure_queue_url=os.environ["FAILURE_QUEUE_URL"])


@dataclass(frozen=True)
class RoundsQueue:
    """`window_s` is for how long asks are collected for one round of a zone, and more than 0."""

    url: str
    window_s: float

    @classmethod
    def from_env(cls) -> "RoundsQueue":
        """Raises ValueError when the window is none."""
        window_s = float(os.environ["ROUND_WINDOW_SECONDS"])
        if window_s <= 0:
            raise ValueError(f"ROUND_WINDOW_SECONDS is {window_s:g}; right is more than 0")
        return cls(url=os.environ["ROUNDS_QUEUE_URL"], window_s=window_s)


@dataclass(frozen=True)
class OutboxSettings:
    table_name: str
    bus_name: str
    failure_queue_url: str
    give_up_after_s: float
    api_url: str  # of the GraphQL API, whose subscribers are told
    rounds_queue: RoundsQueue
    timers_queue_url: str

    @classmethod
    def from_env(cls) -> "OutboxSettings":
        return cls(
            table_name=os.environ["TABLE_NAME"],
            bus_name=os.environ["BUS_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            give_up_after_s=float(os.environ["GIVE_UP_AFTER"]),
            api_url=os.environ["API_URL"],
            rounds_queue=RoundsQueue.from_env(),
            timers_queue_url=os.environ["TIMERS_QUEUE_URL"],
        )


@dataclass(frozen=True)
class QueueSettings:
    """What the consumers of dispatch's own two queues, rounds and timers, need alike."""

    table_name: str
    failure_queue_url: str
    rounds_queue: RoundsQueue
    timers_queue_url: str

    @classmethod
    def from_env(cls) -> "QueueSettings":
        return cls(
            table_name=os.environ["TABLE_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            rounds_queue=RoundsQueue.from_env(),
            timers_queue_url=os.environ["TIMERS_QUEUE_URL"],
        )


@dataclass(frozen=True)
class SweepSettings:
    table_name: str
    rounds_queue: RoundsQueue

    @classmethod
    def from_env(cls) -> "SweepSettings":
        return cls(table_name=os.environ["TABLE_NAME"], rounds_queue=RoundsQueue.from_env())


def plan_settings() -> PlanSettings:
    return PlanSettings(
        speed_mps=float(os.environ["SPEED_MPS"]),
        offer_s=float(os.environ["OFFER_SECONDS"]),
        search_s=float(os.environ["SEARCH_SECONDS"]),
    )
