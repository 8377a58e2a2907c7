"""What the handlers read from their environment, each value set in stack.py."""

import os
from dataclasses import dataclass

from services.tracking.domain import Kept


@dataclass(frozen=True)
class InboxSettings:
    table_name: str
    failure_queue_url: str
    kept: Kept

    @classmethod
    def from_env(cls) -> "InboxSettings":
        """Raises KeyError naming the variable that is missing."""
        return cls(
            table_name=os.environ["TABLE_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            kept=Kept(row_s=float(os.environ["KEEP_SECONDS"]), link_s=float(os.environ["LINK_SECONDS"])),
        )


@dataclass(frozen=True)
class OutboxSettings:
    table_name: str
    bus_name: str
    failure_queue_url: str
    give_up_after_s: float
    api_url: str  # of the GraphQL API, whose subscribers are told
    moved_every_s: float  # a driver who stays in one zone is still told of this often
    geofence_m: float  # how near a stop counts as arrived
    speed_mps: float  # how fast drivers are expected to be, as the crow flies

    @classmethod
    def from_env(cls) -> "OutboxSettings":
        """Raises KeyError naming the variable that is missing."""
        return cls(
            table_name=os.environ["TABLE_NAME"],
            bus_name=os.environ["BUS_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            give_up_after_s=float(os.environ["GIVE_UP_AFTER"]),
            api_url=os.environ["API_URL"],
            moved_every_s=float(os.environ["MOVED_SECONDS"]),
            geofence_m=float(os.environ["GEOFENCE_METRES"]),
            speed_mps=float(os.environ["SPEED_MPS"]),
        )
