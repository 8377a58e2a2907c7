"""Running estimates: what is learnt from the past as it happens, in a few numbers. Pure.

With `n` samples seen before, a sample moves every mean by the weight w = max(1 / (n + 1), 1 / memory): the first
samples count alike, and later on older ones fade; of what is `memory` samples old, about a third is left.
"""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Estimate:
    """One quantity x. `mean` and `spread` (the standard deviation) are in its unit. A sample x moves them so:

    m' = m + w (x - m)        v' = (1 - w) (v + w (x - m)²)
    """

    MEMORY = 20

    mean: float = 0.0
    variance: float = 0.0
    samples: int = 0

    @property
    def spread(self) -> float:
        return sqrt(self.variance)

    def after(self, sample: float) -> "Estimate":
        weight = max(1 / (self.samples + 1), 1 / self.MEMORY)
        off = sample - self.mean
        return Estimate(
            mean=self.mean + weight * off,
            variance=(1 - weight) * (self.variance + weight * off * off),
            samples=self.samples + 1,
        )

    def with_prior(self, prior: "Estimate") -> "Estimate":
        """What to expect while few samples are known: `prior` counts as `prior.samples` of them."""
        count = self.samples + prior.samples
        if count == 0:
            return prior
        share = self.samples / count
        apart = share * (1 - share) * (self.mean - prior.mean) ** 2
        return Estimate(
            mean=share * self.mean + (1 - share) * prior.mean,
            variance=share * self.variance + (1 - share) * prior.variance + apart,
            samples=count,
        )


@dataclass(frozen=True)
class Legs:
    """How long a way of so many metres takes, its handling at both ends included: seconds = handling + metres · pace,
    by running least squares over the last legs. `spread` is how far off that is (the standard deviation, seconds)."""

    MEMORY = 200
    FEWEST = 20  # legs, before which nothing is concluded

    metres: float = 0.0
    seconds: float = 0.0
    metres_variance: float = 0.0
    seconds_variance: float = 0.0
    covariance: float = 0.0
    samples: int = 0

    def after(self, metres: float, seconds: float) -> "Legs":
        weight = max(1 / (self.samples + 1), 1 / self.MEMORY)
        along, off = metres - self.metres, seconds - self.seconds
        return Legs(
            metres=self.metres + weight * along,
            seconds=self.seconds + weight * off,
            metres_variance=(1 - weight) * (self.metres_variance + weight * along * along),
            seconds_variance=(1 - weight) * (self.seconds_variance + weight * off * off),
            covariance=(1 - weight) * (self.covariance + weight * along * off),
            samples=self.samples + 1,
        )

    @property
    def known(self) -> bool:
        """Whether enough legs were seen, the longer of them took longer, and none is told to take less than no time."""
        return self.samples >= self.FEWEST and self.covariance > 0 and self.handling >= 0

    @property
    def pace(self) -> float:
        """Seconds a metre."""
        return self.covariance / self.metres_variance if self.metres_variance else 0.0

    @property
    def handling(self) -> float:
        """Seconds."""
        return self.seconds - self.pace * self.metres

    @property
    def spread(self) -> float:
        return sqrt(max(0.0, self.seconds_variance - self.pace * self.covariance))


ANSWERS = 20  # of what happened so many answers ago, about a third counts in a driver's acceptance rate


def acceptance(rate: float, accepted: bool) -> float:
    """The acceptance rate after one more answer: a twentieth of the way towards 1 or 0."""
    return rate + ((1.0 if accepted else 0.0) - rate) / ANSWERS
