"""The queues that dispatch asks itself through, as lists."""

from dataclasses import dataclass, field
from datetime import datetime

from services.dispatch.queues import OfferExpiry, RoundAgain


@dataclass
class FakeRounds:
    asked: list[str] = field(default_factory=list)

    def ask(self, zone: str, now: datetime) -> None:
        self.asked.append(zone)


@dataclass
class FakeTimers:
    running: list[OfferExpiry | RoundAgain] = field(default_factory=list)

    def set(self, timer: OfferExpiry | RoundAgain, now: datetime) -> None:
        self.running.append(timer)
