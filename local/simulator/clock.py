"""Simulated time. It runs `speed` times as fast as the clock on the wall, which is the only time the platform knows."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Counts simulated seconds from `starts` at the moment it is made. `monotonic` gives wall seconds."""

    def __init__(
        self,
        speed: float,
        *,
        starts: float = 0.0,
        monotonic: Callable[[], float] = time.monotonic,
        began: datetime | None = None,
    ) -> None:
        if speed <= 0:
            raise ValueError(f"speed is {speed}, but must be more than 0 simulated seconds per second")
        self.speed = speed
        self.began = began or datetime.now(UTC)
        self._starts = starts
        self._monotonic = monotonic
        self._zero = monotonic()

    def now(self) -> float:
        """Simulated seconds."""
        return self._starts + self.wall() * self.speed

    def wall(self) -> float:
        """Wall seconds since the clock was made."""
        return self._monotonic() - self._zero

    def moment(self, simulated: float) -> datetime:
        """When on the wall's clock that simulated time is."""
        return self.began + timedelta(seconds=(simulated - self._starts) / self.speed)

    def at(self, moment: datetime) -> float:
        """What simulated time it is at that moment."""
        return self._starts + (moment - self.began).total_seconds() * self.speed

    async def sleep(self, simulated: float) -> None:
        await asyncio.sleep(max(0.0, simulated) / self.speed)

    async def sleep_until(self, simulated: float) -> None:
        """Returns at that time, or at once when it has passed."""
        while (left := simulated - self.now()) > 0:
            await self.sleep(left)
