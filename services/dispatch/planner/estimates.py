"""What is expected of what is not sure: normal distributions, what of them is left, and how far they may be off."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, fsum, inf, log, pi, sqrt, tanh
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and a variance."""

    mean: float
    variance: float

    @property
    def spread(self) -> float:
        """The standard deviation."""
        return sqrt(self.variance)


class Case(NamedTuple):
    """What may be, give or take `variance`. `chance`: the logarithm of how likely that is, beside other cases."""

    chance: float
    mean: float
    variance: float


def mixed(cases: Sequence[Case]) -> Estimate:
    """What is expected where one of several cases is true."""
    likeliest = max(case.chance for case in cases)
    shares = [exp(case.chance - likeliest) for case in cases]
    whole = fsum(shares)
    mean = fsum([share * case.mean for share, case in zip(shares, cases, strict=True)]) / whole
    off = [share * (case.variance + (case.mean - mean) ** 2) for share, case in zip(shares, cases, strict=True)]
    return Estimate(mean, fsum(off) / whole)


def log_normal(off: float, variance: float) -> float:
    """The logarithm of a normal distribution's density, so far off its mean."""
    return -0.5 * (off * off / variance + log(2 * pi * variance))


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
    """The chance that food, expected at `ready` and not sure by `spread` > 0, gets ready only after `end`.

    That of a logistic distribution: food is long late more often than a normal one has it.
    """
    return 0.5 - 0.5 * tanh(pi / sqrt(12) * (end - ready) / spread)
