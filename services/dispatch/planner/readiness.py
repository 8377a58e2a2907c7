"""When food is ready: how long a merchant's food takes, and how far what the merchant says of it is true.

Both say something: a long word of a merchant whose food seldom takes long is likely too long. How long food takes
varies in proportion, so that its logarithm is taken to be normally distributed; how far words are off does not. But
many an order takes just as long as one of its merchant's last. All of it is learnt of orders that got ready, by running
estimates of which old observations fade. Times in real seconds.
"""

from dataclasses import dataclass, field, replace
from math import exp, fsum, isfinite, log, pi, sqrt

from services.dispatch.planner.estimates import Case, Estimate, log_normal, mixed

OFFSET = 480.0  # of how long food takes, so much varies with nothing: log(seconds + OFFSET) is what is learnt
BETWEEN = 0.18  # variance of that between merchants,
VARIES = 0.12  # between the orders of one,
DRIFTS = 0.05  # and of what is usual with one merchant, after a while,
WITHIN = 3600.0  # of so many seconds
OUTLIER = 3.0  # standard deviations that an observation counts at most, so that a forgotten tap does not mislead
LEAST_OFF = 60.0**2  # the least variance of words by which that is told: who was punctual for long may change, too
MOST = 300.0  # observations in a zone after which older ones fade; a guess counts as
GUESSED = 2.0  # so many, and what is learnt more slowly, as
SURELY = 30.0  # so many
MOST_WORDS = 30.0  # the same as MOST, of what one merchant says
LIKE_OTHERS = 0.5, 100.0  # as so many observations, at least and at most, counts what is usual where a merchant is
HALF_KNOWN = 3.0  # orders of a merchant after which its mean lateness counts half
LAST = 12  # orders of a merchant: the next one may take just as long as one of these,
JUST = 45.0  # give or take so many seconds (standard deviation),
FADES = 4 * 3600.0  # the less likely the longer ago that was,
LONG_AGO = 1e-6  # and not at all once it counts no more than so much;
REPEATS = 1 / 3, 3.0  # how many do, before anything is known, and as how many observations that counts
LIKE_ALL = 4.0  # as so many counts how many do where a merchant is,
COMPARED = 20.0  # and as so many at most its own;
NEVER_ALWAYS = 0.001, 0.98  # there is no merchant of whom fewer do, or more
STEPS = 8  # of the search for what is likeliest


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a zone. `takes`: the mean of log(seconds + OFFSET). `varies`: squares of how far off that is, as
    a share of what is expected. `late`, `late_variance`: how much later than said food is ready. `alike`: of that
    variance, what is of merchants rather than of their orders. `repeats`: the share of orders that take just as long as
    one of their merchant's last."""

    takes: float = log(900.0 + OFFSET)
    varies: float = 1.0
    late: float = 0.0
    late_variance: float = 120.0**2
    alike: float = 0.0
    repeats: float = REPEATS[0]
    count: float = 0.0

    @property
    def like_others(self) -> float:
        """How many orders of a merchant tell as much of how late it is after its word as knowing what is usual."""
        fewest, most = LIKE_OTHERS
        if self.alike * most <= self.late_variance:
            return most
        return max(fewest, self.late_variance / self.alike - 1.0)

    def of_orders(self, variance: float) -> float:
        """The variance of how long orders take of a merchant whose usual time is known give or take `variance`."""
        return max(0.02, self.varies) * (variance + VARIES)

    def observed(self, kitchen: "Kitchen", said: float, late: float, at: float) -> "Usual":
        """With an order of this merchant, as it was known before, that was confirmed then."""
        count = min(self.count + 1.0, MOST)
        _, variance, off = kitchen.seen(self, said + late, at)
        how_late = _within(late - self.late, max(LEAST_OFF, self.late_variance))
        weight = 1.0 / (count + GUESSED)
        slowly = 1.0 / (count + SURELY)
        known = kitchen.count / (kitchen.count + HALF_KNOWN)
        both = how_late * (kitchen.late - self.late)
        repeated, compared = kitchen.compare(self, said + late, at)
        return Usual(
            takes=self.takes + weight * _within(log_of(said + late) - self.takes, BETWEEN + VARIES),
            varies=self.varies + slowly * (off * off / (variance + VARIES) - self.varies),
            late=self.late + weight * how_late,
            late_variance=(1.0 - weight) * (self.late_variance + weight * how_late * how_late),
            alike=self.alike + slowly * known * (both - self.alike),
            repeats=self.repeats + (repeated - compared * self.repeats) / (count + REPEATS[1]),
            count=count,
        )


@dataclass(frozen=True, slots=True)
class Kitchen:
    """What was seen of one merchant, `at` last. `takes`: log(seconds + OFFSET) that are usual with it, give or take
    `takes_variance`, 0 before anything is known. `late`, `late_variance`: how much later than said its food is ready,
    in `count` orders. `last`: how long its last orders took, and when they were confirmed; of `compared` orders, which
    fade, `repeated` took just as long as one before."""

    takes: float = 0.0
    takes_variance: float = 0.0
    late: float = 0.0
    late_variance: float = 0.0
    count: float = 0.0
    at: float = 0.0
    last: tuple[tuple[float, float], ...] = ()
    repeated: float = 0.0
    compared: float = 0.0

    def expected(self, usual: Usual, at: float) -> tuple[float, float]:
        """What is usual with it by then, and the variance of that. The longer ago it was seen, the less it is known."""
        if not self.takes_variance:
            return usual.takes, BETWEEN
        drift = DRIFTS * (1.0 - exp(min(0.0, self.at - at) / WITHIN))
        return self.takes, min(BETWEEN, self.takes_variance + drift)

    def seen(self, usual: Usual, took: float, at: float) -> tuple[float, float, float]:
        """What is usual with it by then, the variance of that, and how far off an order is that took so long."""
        expected, variance = self.expected(usual, at)
        off = log_of(took) - expected
        return expected, variance, _within(off, (variance + VARIES) * max(1.0, usual.varies))

    def recent(self, usual: Usual, at: float) -> list[tuple[float, float]]:
        """How long its last orders took, each with the chance that the next one takes just as long."""
        counts = [(took, exp(min(0.0, when - at) / FADES)) for took, when in self.last]
        share = self._repeats(usual) / max(1.0, fsum([count for _, count in counts]))
        return [(took, share * count) for took, count in counts if count > LONG_AGO]

    def _repeats(self, usual: Usual) -> float:
        """Of orders that come soon after others, how many take just as long as one of those."""
        fewest, most = NEVER_ALWAYS
        share = (LIKE_ALL * usual.repeats + self.repeated) / (LIKE_ALL + self.compared)
        return max(fewest, min(most, share))

    def compare(self, usual: Usual, took: float, at: float) -> tuple[float, float]:
        """How likely an order that took so long did so because one before had; and how likely it could have been so,
        as those before were not too long ago."""
        recent, share = self.recent(usual, at), self._repeats(usual)
        again = fsum([chance * exp(log_normal(took - before, JUST * JUST)) for before, chance in recent])
        expected, variance = self.expected(usual, at)
        by_chance = exp(_log_lognormal(took, expected, usual.of_orders(variance)))
        could = fsum([chance for _, chance in recent]) / share
        either = again + (1.0 - share * could) * by_chance
        if not either:
            return 0.0, could
        return again / either, (again + (1.0 - share) * could * by_chance) / either

    def words(self, usual: Usual) -> Estimate:
        """How late its food is after what it says: its own orders, and what is usual, as far as merchants are alike."""
        like = usual.like_others
        own = self.count / (self.count + like)
        variance = usual.late_variance + own * (self.late_variance - usual.late_variance)
        return Estimate(usual.late + own * (self.late - usual.late), variance * (1.0 + 1.0 / (self.count + like)))

    def observed(self, usual: Usual, said: float, late: float, at: float) -> "Kitchen":
        """With an order that was confirmed then, where this is usual."""
        expected, variance, off = self.seen(usual, said + late, at)
        gain = variance / (variance + VARIES)
        words, count = self.words(usual), min(self.count + 1.0, MOST_WORDS)
        how_late = words.mean + _within(late - words.mean, max(LEAST_OFF, words.variance)) - self.late
        repeated, compared = self.compare(usual, said + late, at)
        fades = 1.0 - compared / COMPARED
        return Kitchen(
            takes=expected + gain * off,
            takes_variance=(1.0 - gain) * variance,
            late=self.late + how_late / count,
            late_variance=(1.0 - 1.0 / count) * (self.late_variance + how_late * how_late / count),
            count=count,
            at=max(at, self.at),
            last=(*self.last, (round(said + late), round(at)))[-LAST:],
            repeated=fades * self.repeated + repeated,
            compared=fades * self.compared + compared,
        )


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is known of a merchant where it is."""

    usual: Usual = field(default_factory=Usual)
    kitchen: Kitchen = field(default_factory=Kitchen)

    def observed(self, said: float, late: float, at: float) -> "Readiness":
        """With an order confirmed then, whose food was said to take so long and was so late. Raises ValueError when one
        is no finite number."""
        if not (isfinite(said) and isfinite(late) and isfinite(at)):
            raise ValueError(f"observed {said}, {late} and {at}; right are finite numbers")
        return Readiness(
            self.usual.observed(self.kitchen, said, late, at), self.kitchen.observed(self.usual, said, late, at)
        )

    def hearing(self, said: float, at: float) -> "Readiness":
        """With the word of another order, confirmed `at`, that is not ready yet: it, too, tells of how long food
        takes."""
        kitchen, words = self.kitchen, self.kitchen.words(self.usual)
        expected, variance = kitchen.expected(self.usual, at)
        unsure = VARIES + words.variance / exp(expected) ** 2
        gain = variance / (variance + unsure)
        takes = expected + gain * _within(log_of(said + words.mean) - expected, variance + unsure)
        heard = replace(kitchen, takes=takes, takes_variance=(1.0 - gain) * variance, at=max(at, kitchen.at))
        return Readiness(self.usual, heard)

    def of(self, said: float, at: float) -> Estimate:
        """How late an order's food is, given what food takes and what words are worth. `said`: how long it was said to
        take when it was confirmed, `at`."""
        words, recent = self.kitchen.words(self.usual), self.kitchen.recent(self.usual, at)
        word, unsure = said + words.mean, max(1.0, words.variance)
        cases = [self._anew(1.0 - fsum([chance for _, chance in recent]), word, unsure, at)]
        just, apart = JUST * JUST, JUST * JUST + unsure
        for before, chance in recent:
            seen = log(chance) + log_normal(word - before, apart)
            cases.append(Case(seen, (before * unsure + word * just) / apart, just * unsure / apart))
        took = mixed(cases)
        return Estimate(max(0.0, took.mean) - said, took.variance)

    def _anew(self, chance: float, word: float, unsure: float, at: float) -> Case:
        """An order that takes just as long as none before, as likely as `chance`: what is likeliest by a word that is
        `unsure`, which is nearer to the mean than a mean of logarithms would be."""
        expected, variance = self.kitchen.expected(self.usual, at)
        variance = self.usual.of_orders(variance)
        takes = expected
        for _ in range(STEPS):
            seconds = exp(takes)
            slope = (expected - takes) / variance + (word + OFFSET - seconds) * seconds / unsure
            takes += max(-0.5, min(0.5, slope / (1.0 / variance + seconds * seconds / unsure)))
        seconds = exp(takes)
        took, left = max(0.0, seconds - OFFSET), seconds * seconds / (1.0 / variance + seconds * seconds / unsure)
        seen = _log_lognormal(took, expected, variance) + log_normal(word - took, unsure)
        return Case(log(chance) + seen + 0.5 * log(2 * pi * left), took, left)


def log_of(seconds: float) -> float:
    return log(max(0.0, seconds) + OFFSET)


def _within(off: float, variance: float) -> float:
    most = OUTLIER * sqrt(variance)
    return max(-most, min(most, off))


def _log_lognormal(took: float, expected: float, variance: float) -> float:
    return log_normal(log_of(took) - expected, variance) - log_of(took)
