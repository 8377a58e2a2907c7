"""Events to EventBridge: in batches, failed entries again, and an error that names what was not published."""

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from delivery_events.envelope import Event, rfc3339

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

log = logging.getLogger(__name__)

# PutEvents takes at most 10 entries and 1 MB a call; the margin is for what EventBridge counts beside the detail.
MAX_ENTRIES = 10
MAX_BYTES = 900_000


class PublishError(Exception):
    """Some events were not published. `unpublished` maps their event ids to EventBridge's reason."""

    def __init__(self, unpublished: dict[str, str]) -> None:
        super().__init__(f"{len(unpublished)} events not published: {unpublished}")
        self.unpublished = unpublished


class Publisher:
    """Publishes one service's events on one bus.

    `source` is the only source it may send: another service's event is refused with a ValueError.
    Entries that EventBridge fails are sent again up to `attempts` times in all, with exponential back-off and jitter.
    """

    def __init__(
        self,
        client: "EventBridgeClient",
        *,
        bus: str,
        source: str,
        attempts: int = 4,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._bus = bus
        self._source = source
        self._attempts = attempts
        self._sleep = sleep

    def publish(self, events: Sequence[Event[Any]]) -> None:
        """Publish `events` in their order. Raises PublishError with those that could not be; all others went out.

        A call that fails as a whole raises the client's own error; what was published before it stays published.
        """
        unpublished: dict[str, str] = {}
        for batch in _batches([(str(e.metadata.event_id), self._entry(e)) for e in events]):
            unpublished |= self._put(batch)
        if unpublished:
            raise PublishError(unpublished)

    def _entry(self, event: Event[Any]) -> "PutEventsRequestEntryTypeDef":
        if self._source != event.data.SOURCE:
            raise ValueError(f"{event.detail_type} belongs to {event.data.SOURCE}, {self._source} must not publish it")
        return {
            "EventBusName": self._bus,
            "Source": self._source,
            "DetailType": event.detail_type,
            "Detail": event.model_dump_json(exclude_none=True),
            "Time": rfc3339(event.metadata.occurred_at),
            "Resources": [],
        }

    def _put(self, batch: "list[tuple[str, PutEventsRequestEntryTypeDef]]") -> dict[str, str]:
        """Send one batch until it is through or the attempts are used up; the ids that failed, with the reason."""
        reasons: dict[str, str] = {}
        for attempt in range(self._attempts):
            if attempt:
                self._sleep(random.uniform(0, 0.1 * 2**attempt))  # noqa: S311 - jitter
            results = self._client.put_events(Entries=[entry for _, entry in batch])["Entries"]
            failed = [(item, result) for item, result in zip(batch, results, strict=True) if result.get("ErrorCode")]
            if not failed:
                return {}
            reasons = {item[0]: f"{result['ErrorCode']}: {result.get('ErrorMessage', '')}" for item, result in failed}
            log.warning("events not accepted", extra={"attempt": attempt + 1, "unpublished": reasons})
            batch = [item for item, _ in failed]
        return reasons


def _batches(
    items: "list[tuple[str, PutEventsRequestEntryTypeDef]]",
) -> "Iterator[list[tuple[str, PutEventsRequestEntryTypeDef]]]":
    batch: list[tuple[str, PutEventsRequestEntryTypeDef]] = []
    size = 0
    for item in items:
        weight = len(str(item[1]["Detail"]).encode())
        if batch and (len(batch) == MAX_ENTRIES or size + weight > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += weight
    if batch:
        yield batch
