"""What the handlers read from their environment, each value set in stack.py."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    table_name: str
    bus_name: str
    failure_queue_url: str = ""
    timers_queue_url: str = ""
    merchant_silence_s: float = 0
    give_up_after_s: float = 300

    @classmethod
    def from_env(cls) -> "Settings":
        """Raises KeyError naming the variable that is missing."""
        return cls(
            table_name=os.environ["TABLE_NAME"],
            bus_name=os.environ["BUS_NAME"],
            failure_queue_url=os.environ.get("FAILURE_QUEUE_URL", ""),
            timers_queue_url=os.environ.get("TIMERS_QUEUE_URL", ""),
            merchant_silence_s=float(os.environ.get("MERCHANT_SILENCE_SECONDS", "0")),
            give_up_after_s=float(os.environ.get("GIVE_UP_AFTER", "300")),
        )
