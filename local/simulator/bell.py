"""Who is to look at the API again, and when: what a push or a subscription does for a real app.

`PollingBell` gets to know by asking the operator's list of open deliveries several times a second, one request for
everybody. A bell over subscriptions would ring the same people.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping

from local.simulator.api import OpenDelivery, OperatorApi
from local.simulator.session import Refused

_CARRIED = frozenset({"ASSIGNED", "ARRIVED_AT_PICKUP", "PICKED_UP", "ARRIVED_AT_DROPOFF", "RETURNING"})


class Bell:
    """Rings whoever something happened to. `who` is an order's id (its customer's app), a driver's id, or a merchant's.
    A ring that nobody waits for is kept until somebody does."""

    def __init__(self) -> None:
        self._rings: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.rung = 0

    def ring(self, who: str) -> None:
        self.rung += 1
        self._rings[who].set()

    async def wait(self, who: str, seconds: float) -> bool:
        """True when rung; False after that many wall seconds without a ring."""
        ring = self._rings[who]
        try:
            async with asyncio.timeout(seconds):
                await ring.wait()
        except TimeoutError:
            return False
        ring.clear()
        return True


class PollingBell(Bell):
    """every: wall seconds between two looks."""

    def __init__(self, operator: OperatorApi, *, every: float = 0.4) -> None:
        super().__init__()
        self._operator = operator
        self._every = every

    async def run(self) -> None:
        """Look and ring, until cancelled. A look that is refused is made again; the session has counted it."""
        before: Mapping[str, OpenDelivery] = {}
        while True:
            try:
                now = await self._operator.open_deliveries()
            except Refused:
                now = dict(before)
            for who in concerned(before, now):
                self.ring(who)
            before = now
            await asyncio.sleep(self._every)


def concerned(before: Mapping[str, OpenDelivery], now: Mapping[str, OpenDelivery]) -> set[str]:
    """Whom the difference of two looks is news to: drivers with a new offer or without their delivery, and the customer
    of every delivery that changed."""
    who: set[str] = set()
    for delivery_id in before.keys() | now.keys():
        old, new = before.get(delivery_id), now.get(delivery_id)
        if old == new:
            continue
        who.add(delivery_id)
        if new and new.offer_driver and (old is None or old.offer_id != new.offer_id):
            who.add(new.offer_driver)
        if (carrier := _carrier(old)) and carrier != _carrier(new):
            who.add(carrier)
    return who


def _carrier(delivery: OpenDelivery | None) -> str | None:
    return delivery.driver if delivery and delivery.state in _CARRIED else None
