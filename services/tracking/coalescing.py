"""At most one push in a while for each order, and always the latest."""

import time
from collections.abc import Callable, Sequence

from delivery_events.push import Push

Key = tuple[str, str]  # mutation and order


class Latest:
    """Collects the pushes of a batch; `flush` makes the last one of each key.

    Two of a key are at least `every_s` seconds apart: one that comes too soon waits, and what arrives in the meantime
    is coalesced in the next batch, as a shard's batches come one after the other. That holds for as long as one copy of
    the function serves the shard; a new copy knows of no push before its own.
    """

    def __init__(
        self,
        push: Callable[[Sequence[Push]], None],
        *,
        every_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._push = push
        self._every_s = every_s
        self._clock = clock
        self._sleep = sleep
        self._waiting: dict[Key, Push] = {}
        self._pushed: dict[Key, float] = {}

    def add(self, push: Push) -> None:
        self._waiting[push.publication.mutation, push.input["orderId"]] = push

    def flush(self) -> None:
        """Push what may go now at once, and the rest, after one pause, together."""
        now = self._clock()
        self._pushed = {key: at for key, at in self._pushed.items() if now - at < self._every_s}
        self._make([key for key in self._waiting if key not in self._pushed])
        if self._waiting:
            self._sleep(max(self._pushed[key] + self._every_s - now for key in self._waiting))
            self._make(list(self._waiting))

    def _make(self, keys: list[Key]) -> None:
        self._push([self._waiting.pop(key) for key in keys])
        now = self._clock()
        self._pushed |= dict.fromkeys(keys, now)
