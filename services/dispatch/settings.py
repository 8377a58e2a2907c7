"""What the handlers read from their environment, each value set in stack.py.

Durations are seconds of the wall clock.
"""

import os
from dataclasses import dataclass

from services.dispatch.planner import PlanSettings


@dataclass(frozen=True)
class Settings:
    table_name: str
    bus_name: str
    failure_queue_url: str = ""
    rounds_queue_url: str = ""
    timers_queue_url: str = ""
    round_window_s: float = 0
    give_up_after_s: float = 300

    @classmethod
    def from_env(cls) -> "Settings":
        """Raises KeyError naming the variable that is missing."""
        return cls(
            table_name=os.environ["TABLE_NAME"],
            bus_name=os.environ["BUS_NAME"],
            failure_queue_url=os.environ.get("FAILURE_QUEUE_URL", ""),
            rounds_queue_url=os.environ.get("ROUNDS_QUEUE_URL", ""),
            timers_queue_url=os.environ.get("TIMERS_QUEUE_URL", ""),
            round_window_s=float(os.environ.get("ROUND_WINDOW_SECONDS", "0")),
            give_up_after_s=float(os.environ.get("GIVE_UP_AFTER", "300")),
        )


def plan_settings() -> PlanSettings:
    """Raises KeyError naming the variable that is missing."""
    return PlanSettings(
        speed_mps=float(os.environ["SPEED_MPS"]),
        offer_s=float(os.environ["OFFER_SECONDS"]),
        search_s=float(os.environ["SEARCH_SECONDS"]),
    )
