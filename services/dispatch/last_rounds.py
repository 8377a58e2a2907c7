"""What a function remembers of the last round of each zone.

It is a help and no more: one that starts anew has none, and finds as good a plan a round or two later.
"""

from dataclasses import dataclass

from services.dispatch.planner import model, planning


@dataclass(frozen=True)
class _Round:
    at: float
    intended: planning.Intended


class LastRounds:
    def __init__(self) -> None:
        self._last: dict[str, _Round] = {}

    def intended(self, zone: str) -> planning.Intended | None:
        """What the zone's last round meant to do later: where the next one's search begins."""
        last = self._last.get(zone)
        return last.intended if last else None

    def next_in(self, zone: str, now: float, usual: float) -> float:
        """How long it is until the next round after this one, real seconds: as usual, or as long as since the last
        one, where rounds come late as there is much to do. Twice the usual at most: there may have been nothing open
        for long."""
        last = self._last.get(zone)
        return min(max(usual, now - last.at), 2 * usual) if last else usual

    def keep(self, zone: str, plan: model.Plan, now: float) -> None:
        self._last[zone] = _Round(now, planning.intended(plan))
