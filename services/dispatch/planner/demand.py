"""Where orders come from lately: counts that fade, one for each merchant's place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp

from services.dispatch.planner.model import Demand, Spot

FADES_S = 5400.0  # in this time a count falls to 1/e


@dataclass(frozen=True, slots=True)
class DemandSeen:
    """`counts` hold as of `at`. Never changed: `seen` gives a new one."""

    at: float = 0.0
    counts: Mapping[Spot, float] = field(default_factory=dict)

    def seen(self, spot: Spot, now: float) -> "DemandSeen":
        """One more order from there."""
        fades = exp(-max(0.0, now - self.at) / FADES_S)
        counts = {each: count * fades for each, count in self.counts.items() if count * fades > 0.01}
        counts[spot] = counts.get(spot, 0.0) + 1.0
        return DemandSeen(max(now, self.at), counts)

    def expected(self, now: float) -> list[Demand]:
        """As many orders a second as would keep the counts what they are now."""
        fades = exp(-max(0.0, now - self.at) / FADES_S)
        return [Demand(spot, count * fades / FADES_S) for spot, count in sorted(self.counts.items())]
