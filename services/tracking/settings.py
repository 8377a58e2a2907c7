"""What the handlers read from their environment, each value set in stack.py."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class InboxSettings:
    table_name: str
    failure_queue_url: str
    keep_s: float  # how long an order that has ended is kept

    @classmethod
    def from_env(cls) -> "InboxSettings":
        """Raises KeyError naming the variable that is missing."""
        return cls(
            table_name=os.environ["TABLE_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            keep_s=float(os.environ["KEEP_SECONDS"]),
        )


@dataclass(frozen=True)
class OutboxSettings:
    bus_name: str
    failure_queue_url: str
    give_up_after_s: float
    moved_every_s: float  # a driver who stays in one zone is still told of this often
    geofence_m: float  # how near a stop counts as arrived

    @classmethod
    def from_env(cls) -> "OutboxSettings":
        """Raises KeyError naming the variable that is missing."""
        return cls(
            bus_name=os.environ["BUS_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            give_up_after_s=float(os.environ["GIVE_UP_AFTER"]),
            moved_every_s=float(os.environ["MOVED_SECONDS"]),
            geofence_m=float(os.environ["GEOFENCE_METRES"]),
        )
