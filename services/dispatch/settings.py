"""What each handler reads from its environment, every value set in stack.py. A missing one raises KeyError naming it.

Durations are seconds of the wall clock.
"""

import os
from dataclasses import dataclass

from services.dispatch.planner.model import Settings
from services.dispatch.trips import PayRates


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
    """`time_scale`: real seconds that pass in one of the wall's."""

    table_name: str
    bus_name: str
    failure_queue_url: str
    give_up_after_s: float
    api_url: str  # of the GraphQL API, whose subscribers are told
    rounds_queue: RoundsQueue
    timers_queue_url: str
    time_scale: float

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
            time_scale=float(os.environ["TIME_SCALE"]),
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


@dataclass(frozen=True)
class RoundSettings:
    """What rounds plan by. All durations are real seconds; `time_scale` is how many of them pass in one of the wall's.

    `speed_mps`: how fast drivers are where nothing is learnt yet, metres per second as the crow flies. `offer_s`: how
    long a driver may think.
    `found_within_s`: after the food is ready, or the search began, how long a driver is looked for before the customer
    is asked; `choice_s`: how long after that, unless the customer keeps waiting. `plan_within_s`: how long the planner
    may search, on the wall's clock.
    """

    time_scale: float
    speed_mps: float
    offer_s: float
    found_within_s: float
    choice_s: float
    plan_within_s: float
    rates: PayRates
    planner: Settings

    @classmethod
    def from_env(cls) -> "RoundSettings":
        return cls(
            time_scale=float(os.environ["TIME_SCALE"]),
            speed_mps=float(os.environ["SPEED_MPS"]),
            offer_s=float(os.environ["OFFER_SECONDS"]),
            found_within_s=float(os.environ["FOUND_WITHIN_SECONDS"]),
            choice_s=float(os.environ["CHOICE_SECONDS"]),
            plan_within_s=float(os.environ["PLAN_WITHIN_SECONDS"]),
            rates=PayRates(
                currency=os.environ["PAY_CURRENCY"],
                base=int(os.environ["PAY_BASE"]),
                per_km=int(os.environ["PAY_PER_KM"]),
                per_stop=int(os.environ["PAY_PER_STOP"]),
            ),
            planner=Settings(
                round_every=float(os.environ["ROUND_EVERY_SECONDS"]),
                answer_within=float(os.environ["ANSWER_WITHIN_SECONDS"]),
                steepness=float(os.environ["PLANNER_STEEPNESS"]),
                metre=float(os.environ["PLANNER_METRE"]),
                fairness=float(os.environ["PLANNER_FAIRNESS"]),
                refusal=float(os.environ["PLANNER_REFUSAL"]),
                reserve=float(os.environ["PLANNER_RESERVE"]),
            ),
        )
