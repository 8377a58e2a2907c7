"""Orders that are expected: drawn at random, by the rates at which they come, to be planned along with the others.

Such an order keeps a driver near where it is likely to be needed, and away from a trip that would take it far. Nobody
is sent for it. Where it goes is not known: its driver is taken to be where it began when it comes free, on average.
"""

import random
from collections.abc import Sequence

from services.dispatch.planner.model import Delivery, Demand, Settings

MOST = 100


def drawn(now: float, demand: Sequence[Demand], settings: Settings) -> list[Delivery]:
    """The same for the same seed. Their ids are no delivery's."""
    total = sum(each.rate for each in demand)
    if total <= 0:
        return []
    dice = random.Random(settings.seed)  # noqa: S311 - the same seed must give the same plan
    places = [each.spot for each in demand]
    rates = [each.rate for each in demand]
    coming: list[Delivery] = []
    placed = now + dice.expovariate(total)
    while placed <= now + settings.coming_within and len(coming) < MOST:
        spot = dice.choices(places, rates)[0]
        ready = placed + settings.coming_ready
        coming.append(Delivery(f"coming {len(coming)}", "", spot, spot, placed, ready))
        placed += dice.expovariate(total)
    return coming
