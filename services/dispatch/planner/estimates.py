"""Running estimates: how long a merchant takes beyond what it says, how fast drivers are in an area.

Each is a mean and a spread in which old observations fade, so that two numbers and a count in a table row are enough.
"""

from dataclasses import dataclass
from math import erfc, exp, inf, isfinite, pi, sqrt


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and a variance of `count` observations; never changed: `observed` gives a new one.

    `count` stops at MOST: from then on each observation weighs one in MOST, so that the estimate follows what changes.
    A new estimate is a guess that counts as `count` observations.
    """

    mean: float
    variance: float
    count: float = 1.0

    def observed(self, value: float) -> "Estimate":
        """With one observation more. Raises ValueError when it is no finite number."""
        if not isfinite(value):
            raise ValueError(f"observed {value}; right is a finite number")
        count = min(self.count + 1.0, MOST)
        off = value - self.mean
        mean = self.mean + off / count
        variance = (1.0 - 1.0 / count) * (self.variance + off * off / count)
        return Estimate(mean, variance, count)

    @property
    def spread(self) -> float:
        """The standard deviation of the next observation."""
        return sqrt(self.variance * (1.0 + 1.0 / self.count))


MOST = 30.0

# Before anything was observed. Seconds by which food is ready later than the merchant said; metres per second.
LATENESS = Estimate(mean=0.0, variance=240.0**2, count=2.0)
SPEED = Estimate(mean=5.0, variance=1.5**2, count=5.0)


def lateness(said: float, ready: float) -> float:
    """What is to be observed of a merchant: seconds by which the food was ready later than the merchant said."""
    return ready - said


def speed(metres: float, seconds: float) -> float | None:
    """What is to be observed of an area: metres per second on a way; None where it was too short to say."""
    return metres / seconds if metres >= SHORTEST_M and seconds > 0 else None


SHORTEST_M = 200.0


def expected_ready(said: float, merchant: Estimate, now: float) -> tuple[float, float]:
    """When food is expected to be ready that is not ready yet, and the spread of that."""
    return still_expected(said + merchant.mean, merchant.spread, now)


def still_expected(ready: float, spread: float, now: float) -> tuple[float, float]:
    """The same time and spread, given that it is `now` and the food is not ready: a normal distribution, cut off.

    Far past the expected time, the wait that remains is about spread² / (now - ready): the later, the sooner.
    """
    if spread <= 0:
        return max(ready, now), 0.0
    over = (now - ready) / spread
    tail = 0.5 * erfc(over / sqrt(2))
    if tail < 1e-12:
        rest = spread / over if over < inf else 0.0
        return now + rest, rest
    hazard = exp(-over * over / 2) / sqrt(2 * pi) / tail
    return ready + spread * hazard, spread * sqrt(max(0.0, 1 + over * hazard - hazard * hazard))


def later(there: float, ready: float, spread: float) -> float:
    """When food is expected to be in hand: the later of being there and its getting ready, a normal distribution."""
    if spread <= 0:
        return max(there, ready)
    ahead = (ready - there) / spread
    return there + spread * (ahead * 0.5 * erfc(-ahead / sqrt(2)) + exp(-ahead * ahead / 2) / sqrt(2 * pi))
