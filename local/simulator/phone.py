"""The driver's phone: knows where it is, and reports in batches."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

from local.simulator.clock import Clock
from local.simulator.geometry import Point, Trip, bearing

SAMPLE_SECONDS = 10.0  # simulated
BATCH = 100  # positions in one report, at most
_BETWEEN_REPORTS = 40.0  # simulated seconds; for real phones the platform asks for 30 to 60
_LEAST_ASKED = 30.0  # less is asked only while somebody watches
_LEAST_WALL = 2.0  # wall seconds, so that a fast simulation reports long batches rather than often
_WATCHED_WALL = 1.6  # the same, while somebody watches
_APART_WALL = 1.6  # between any two: the platform takes none that comes within 1.5
_STANDING_STILL = 6  # reports left out while nothing changes


class Fix(NamedTuple):
    """One measured position. heading: degrees from north, None while standing. speed: metres per second."""

    at: datetime
    point: Point
    heading: float | None
    speed: float


class Reported(NamedTuple):
    """The platform's answer to a report. next_in: for how long to collect the next one, seconds. taken: False if it
    came too soon after the last one, and is to be sent again."""

    next_in: float
    taken: bool = True


class Phone:
    """`send` reports a batch, and returns the platform's answer; None, if there was none.

    Times are simulated seconds, but a fix carries the wall's time.
    """

    def __init__(self, clock: Clock, start: Point, send: Callable[[list[Fix]], Awaitable[Reported | None]]) -> None:
        self._clock = clock
        self._send = send
        self._trip = Trip(start, start, clock.now(), 1.0)
        self._sampled = clock.now()
        self._fixes: list[Fix] = []
        self._latest: datetime | None = None
        self._sending = asyncio.Lock()
        self._asked: float | None = None  # None if the last report got no answer
        self._taken = -_APART_WALL  # on the wall's clock
        self._again = asyncio.Event()  # the last report was too soon

    def here(self) -> Point:
        return self._trip.at(self._clock.now())

    def set_off(self, to: Point, speed: float, since: float | None = None) -> Trip:
        """Turn towards `to` from wherever one is. `since`: a moment ago, from which on one has been standing there."""
        self._sample()
        self._trip = Trip(self.here(), to, self._clock.now() if since is None else since, speed)
        return self._trip

    async def report(self) -> None:
        """Send what was measured since the last report that was taken, up to now. Soon, if that one was just now."""
        async with self._sending:
            if self._rest() > 0:
                self._again.set()
                return
            self._sample()
            fixes, self._fixes = self._fixes[-BATCH:], []
            if not fixes:
                return
            answer = await self._send(fixes)
            if answer is not None and not answer.taken:
                self._fixes = fixes + self._fixes
                self._taken = self._clock.wall()  # by whomever: it is too soon for as long as after one's own
                self._again.set()
            else:
                self._asked = answer and answer.next_in
                self._taken = self._clock.wall()
                self._again.clear()

    async def keep_reporting(self) -> None:
        """Report again and again, seldom while standing still, until cancelled."""
        skipped = 0
        while True:
            if await self._is_wanted_within(self._pause()):
                await asyncio.sleep(self._rest())
                await self.report()
                continue
            moved = self._trip.moving_at(self._sampled)
            skipped = 0 if moved else skipped + 1
            if moved or skipped > _STANDING_STILL:
                skipped = 0
                await self.report()

    def _rest(self) -> float:
        """How long it is too soon for another report, wall seconds."""
        return max(0.0, self._taken + _APART_WALL - self._clock.wall())

    async def _is_wanted_within(self, simulated: float) -> bool:
        """False after so long in which every report was taken; True as soon as one was too soon."""
        try:
            async with asyncio.timeout(simulated / self._clock.speed):
                await self._again.wait()
        except TimeoutError:
            return False
        return True

    def _pause(self) -> float:
        watched = self._asked is not None and self._asked < _LEAST_ASKED
        wanted, least = (self._asked or 0.0, _WATCHED_WALL) if watched else (_BETWEEN_REPORTS, _LEAST_WALL)
        return max(wanted, least * self._clock.speed)

    def _sample(self) -> None:
        """Measure from the last sample up to now, now included."""
        now = self._clock.now()
        time = max(self._sampled + SAMPLE_SECONDS, now - (BATCH - 1) * SAMPLE_SECONDS)
        while time < now and self._trip.moving_at(time):
            self._measure(time)
            time += SAMPLE_SECONDS
        self._measure(now)
        self._sampled = now

    def _measure(self, time: float) -> None:
        """The platform tells times apart by milliseconds, so what comes sooner after another is left out."""
        fix = self._fix(time)
        if self._latest is None or (fix.at - self._latest).total_seconds() >= 0.002:
            self._fixes.append(fix)
            self._latest = fix.at

    def _fix(self, time: float) -> Fix:
        trip = self._trip
        moving = trip.moving_at(time)
        heading = bearing(trip.start, trip.end) if moving else None
        return Fix(self._clock.moment(time), trip.at(time), heading, trip.speed if moving else 0.0)
