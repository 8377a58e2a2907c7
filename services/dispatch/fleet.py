"""What operators are told of a batch of changes: of each driver and each delivery the latest, while anybody watches."""

from collections.abc import Callable, Sequence
from datetime import datetime

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from delivery_events.push import Push

logger = Logger(child=True)


class Fleet:
    """Collects pushes of `publishFleet`; `flush` makes those that are left.

    `watched_until`: until when somebody watches, or None if nobody ever did. It is asked once for a batch, so what
    nobody is to see costs one read.
    """

    def __init__(
        self,
        push: Callable[[Sequence[Push]], None],
        watched_until: Callable[[], datetime | None],
        now: Callable[[], datetime],
    ) -> None:
        self._push = push
        self._watched_until = watched_until
        self._now = now
        self._waiting: dict[str, Push] = {}

    def add(self, push: Push) -> None:
        what = push.input.get("driver") or push.input["delivery"]
        earlier = self._waiting.pop(what["id"], None)
        self._waiting[what["id"]] = _both(earlier, push) if earlier else push

    def flush(self) -> None:
        """Never raises: the changes' events are out, and who watches can always ask."""
        waiting, self._waiting = list(self._waiting.values()), {}
        if waiting and self._is_watched():
            self._push(waiting)

    def _is_watched(self) -> bool:
        try:
            until = self._watched_until()
        except (ClientError, BotoCoreError) as error:
            logger.warning("push failed", extra={"mutation": "publishFleet", "reason": type(error).__name__})
            return False
        return until is not None and self._now() < until


def _both(earlier: Push, later: Push) -> Push:
    """Two changes of one driver or delivery as one: it left the zone in which it was before both."""
    left = earlier.input.get("formerZone") or later.input.get("formerZone")
    counts = {name: earlier.input[name] + later.input[name] for name in ("eventsIn", "eventsOut")}
    told = {**later.input, **counts, "formerZone": left if left != later.input.get("zone") else None}
    return Push(later.publication, told)
