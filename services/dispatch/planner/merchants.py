"""What is known of a merchant, for orders whose food is not ready."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.dispatch.planner.readiness import Kitchen, Readiness, Usual

FORGOTTEN_S = 3600.0  # what was to be ready so long before is not waited for: it was, or never will be

Words = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Merchant:
    """What its orders taught; and what it says of those that are not ready yet, by delivery: how long they take, and
    when it said so. Times in real seconds."""

    kitchen: Kitchen = field(default_factory=Kitchen)
    words: Words = field(default_factory=dict)

    def waited_for(self, now: float) -> Words:
        """The words that still count by then."""
        return {of: (said, at) for of, (said, at) in self.words.items() if at + said > now - FORGOTTEN_S}

    def readiness(self, usual: Usual, now: float, *, of: str) -> Readiness:
        """What is known by now that tells when a delivery's food is ready, beside its own word."""
        known = Readiness(usual, self.kitchen)
        for each, (said, at) in sorted(self.waited_for(now).items(), key=lambda word: (word[1][1], word[0])):
            if each != of:
                known = known.hearing(said, at)
        return known
