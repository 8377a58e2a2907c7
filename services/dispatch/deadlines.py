"""How long a search for a driver may take: when it is widened, when its customer is asked, when it ends. Pure.

Rows have moments of a clock that may run faster than the real one; all durations are real seconds.
"""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from services.dispatch.picture import Clock
from services.dispatch.planner.model import Plan

Row = dict[str, Any]


@dataclass(frozen=True)
class Deadlines:
    """`now`: real seconds. `found_within_s`: how long a driver is looked for before the customer is asked; `choice_s`:
    how long after that, unless the customer keeps waiting."""

    clock: Clock
    now: float
    found_within_s: float
    choice_s: float

    def is_hard(self, row: Row) -> bool:
        """Nobody was found in half of the time after which the customer is asked, whenever the search began anew: once
        this holds it does so to the end."""
        ready = min(row["expected_ready_at"], row.get("ready_at", row["expected_ready_at"]), key=self.clock.real)
        since = max(self.clock.real(row["requested_at"]), self.clock.real(ready))
        return self.now >= since + self.found_within_s / 2

    def is_late(self, row: Row) -> bool:
        """Nobody was found by when the food was to be ready, or the search began, and some time more."""
        ready = row.get("ready_at") or row["expected_ready_at"]  # what is expected by now moves on with every round
        since = max(self.clock.real(row["searching_since"]), self.clock.real(ready))
        return "delayed_at" not in row and self.now >= since + self.found_within_s

    def is_over(self, row: Row, in_sight: Container[str]) -> bool:
        """The customer was asked, and did not say to keep waiting; nobody is in sight, nor named by an operator."""
        if "delayed_at" not in row or "pinned_to" in row or row["delivery_id"] in in_sight:
            return False
        return self.now >= self.clock.real(row["delayed_at"]) + self.choice_s

    def in_sight(self, plan: Plan) -> set[str]:
        """The deliveries that somebody is meant to leave for in no longer than a customer may think, and those of
        which it is too soon to say."""
        until = self.now + self.choice_s
        return {each for trip in plan.later if trip.leaves_at <= until for each in trip.delivery_ids} | {*plan.put_off}
