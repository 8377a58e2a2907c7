"""How long drivers take from a merchant to a customer: a running estimate, by least squares. Pure."""

from dataclasses import dataclass
from math import sqrt

MEMORY = 200  # legs
FEWEST = 20  # legs, before which nothing is concluded


@dataclass(frozen=True)
class Legs:
    """seconds = handling + metres · pace, where handling is what passes at both ends beside the way itself.

    Five running means are enough. With n legs seen before, each moves by the weight w = max(1 / (n + 1), 1 / MEMORY) of
    how far the new leg is off: the first legs count alike, later on old ones fade. Pace is covariance by variance, and
    `spread` is how far off a leg is (the standard deviation, seconds).
    """

    metres: float = 0.0
    seconds: float = 0.0
    metres_variance: float = 0.0
    seconds_variance: float = 0.0
    covariance: float = 0.0
    samples: int = 0

    def after(self, metres: float, seconds: float) -> "Legs":
        weight = max(1 / (self.samples + 1), 1 / MEMORY)
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
        return self.samples >= FEWEST and self.covariance > 0 and self.handling >= 0

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
