"""Running estimates: how long a merchant takes, given what it says.

Old observations fade, so that a few numbers in a table row are enough.
"""

from dataclasses import dataclass, replace
from math import erfc, exp, inf, isfinite, pi, sqrt

MOST = 30.0  # observations that are remembered, about
FAR = 2.0  # standard deviations of what was said
LIKE_OTHERS = 6.0  # as so many counts what is usual, of a merchant that is not known
HEAVY = 1.1  # long waits are likelier than a normal distribution has them, as if its spread were so many times as wide
DOUBT = 1.0  # as so many counts the guess that how late food is has nothing to do with what was said


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and a variance, out of `count` observations."""

    mean: float
    variance: float
    count: float = 1.0

    @property
    def spread(self) -> float:
        """The standard deviation of the next observation."""
        return sqrt(self.variance * (1.0 + 1.0 / self.count))


@dataclass(frozen=True, slots=True)
class Readiness:
    """How much later than a merchant says its food is ready, and how that goes with how long it says it will take. All
    in seconds, and squares of them.

    What is said is off, how long food takes less so: who says a longer time than usual is often ready sooner than that,
    who says a shorter one later. How much of this is true of a merchant is learnt: `together` is the covariance of what
    it `said` with how late it was after that, `mean` and `variance`. Never changed: `observed` gives a new one. A new
    one is a guess that counts as `count` observations; from MOST on each weighs one in MOST, so that it follows what
    changes.
    """

    mean: float
    variance: float
    said: float
    said_variance: float
    together: float = 0.0
    count: float = 1.0

    def observed(self, said: float, late: float) -> "Readiness":
        """With one observation more. Raises ValueError when one is no finite number."""
        if not (isfinite(said) and isfinite(late)):
            raise ValueError(f"observed {said} and {late}; right are finite numbers")
        count = min(self.count + 1.0, MOST)
        off, off_said = late - self.mean, said - self.said
        return Readiness(
            mean=self.mean + off / count,
            variance=(1.0 - 1.0 / count) * (self.variance + off * off / count),
            said=self.said + off_said / count,
            said_variance=(1.0 - 1.0 / count) * (self.said_variance + off_said * off_said / count),
            together=(1.0 - 1.0 / count) * (self.together + off * off_said / count),
            count=count,
        )

    def of_others(self) -> "Readiness":
        """What is usual where a merchant is, as the first guess of one that is not known."""
        return replace(self, count=min(self.count, LIKE_OTHERS))

    def of(self, said: float) -> Estimate:
        """How late the food is after a merchant said it will take so long. What is far from all that was said before is
        taken to be as late as the farthest of it: nothing is known of it."""
        if self.said_variance <= 0:
            return Estimate(self.mean, self.variance, self.count)
        slope = self.together / self.said_variance * self.count / (self.count + DOUBT)
        slope = max(-1.0, min(1.0, slope))  # a longer word is no sooner meal
        farthest = FAR * sqrt(self.said_variance)
        off = max(-farthest, min(farthest, said - self.said))
        return Estimate(self.mean + slope * off, max(0.0, self.variance - slope * self.together), self.count)


# Where nothing is known yet.
STRANGER = Readiness(mean=0.0, variance=120.0**2, said=900.0, said_variance=300.0**2, count=2.0)


def expected_ready(said: float, late: Estimate, now: float) -> tuple[float, float]:
    """When food is expected to be ready that is not ready yet, and the spread of that; `said`: the moment given."""
    return still_expected(said + late.mean, late.spread, now)


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


def chance_after(end: float, ready: float, spread: float) -> float:
    """The chance that food, expected at `ready` and not sure by `spread` > 0, gets ready only after `end`."""
    return 0.5 * erfc((end - ready) / (HEAVY * spread * sqrt(2)))
