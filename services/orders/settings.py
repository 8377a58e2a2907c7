"""What each handler reads from its environment, every value set in stack.py. A missing one raises KeyError.

Durations are seconds of the wall clock.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class OutboxSettings:
    table_name: str
    bus_name: str
    failure_queue_url: str
    timers_queue_url: str
    merchant_silence_s: float  # how long a merchant may leave an order unanswered
    give_up_after_s: float
    api_url: str  # of the GraphQL API, whose subscribers are told

    @classmethod
    def from_env(cls) -> "OutboxSettings":
        return cls(
            table_name=os.environ["TABLE_NAME"],
            bus_name=os.environ["BUS_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            timers_queue_url=os.environ["TIMERS_QUEUE_URL"],
            merchant_silence_s=float(os.environ["MERCHANT_SILENCE_SECONDS"]),
            give_up_after_s=float(os.environ["GIVE_UP_AFTER"]),
            api_url=os.environ["API_URL"],
        )


@dataclass(frozen=True)
class InboxSettings:
    table_name: str
    failure_queue_url: str

    @classmethod
    def from_env(cls) -> "InboxSettings":
        return cls(table_name=os.environ["TABLE_NAME"], failure_queue_url=os.environ["FAILURE_QUEUE_URL"])


@dataclass(frozen=True)
class TimersSettings:
    table_name: str
    failure_queue_url: str
    merchant_silence_s: float

    @classmethod
    def from_env(cls) -> "TimersSettings":
        return cls(
            table_name=os.environ["TABLE_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            merchant_silence_s=float(os.environ["MERCHANT_SILENCE_SECONDS"]),
        )


@dataclass(frozen=True)
class SweepSettings:
    table_name: str
    merchant_silence_s: float

    @classmethod
    def from_env(cls) -> "SweepSettings":
        return cls(
            table_name=os.environ["TABLE_NAME"],
            merchant_silence_s=float(os.environ["MERCHANT_SILENCE_SECONDS"]),
        )
