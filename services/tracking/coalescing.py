"""At most one push a second for each order, and always the latest."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from delivery_events.push import Push

Key = tuple[str, str]  # mutation and order

# A driver's reports are so far apart at least: Mutation.reportLocations.js takes none that comes sooner.
APART = timedelta(seconds=1.5)
EVERY = timedelta(seconds=1)


class Latest:
    """Collects the pushes of a batch; `flush` makes the last one of each key.

    Two of a key are a second apart at least, whichever copies of the function make them, as a driver's batches come one
    after the other: what is pushed soon after it was reported is followed by no report that soon, and after what is
    pushed late, the batch takes a second longer.
    """

    def __init__(
        self,
        push: Callable[[Sequence[Push]], None],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._push = push
        self._now = now
        self._sleep = sleep
        self._waiting: dict[Key, tuple[Push, datetime]] = {}

    def add(self, push: Push, reported_at: datetime) -> None:
        """`reported_at`: when the platform took the report that it tells of."""
        self._waiting[push.publication.mutation, push.input["orderId"]] = push, reported_at

    def flush(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = list(self._waiting.values()), {}
        self._push([push for push, _ in waiting])
        if min(reported_at for _, reported_at in waiting) + APART < self._now() + EVERY:
            self._sleep(EVERY / timedelta(seconds=1))
