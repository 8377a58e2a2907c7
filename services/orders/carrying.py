"""How an order follows the delivery that carries it."""

from datetime import datetime
from typing import Any, Protocol

from delivery_events import Event, EventData
from delivery_events.dispatch import (
    DeliveryAssigned,
    DeliveryCancellationRefused,
    DeliveryCancelled,
    DeliveryData,
    DeliveryDelivered,
    DeliveryDriverDropped,
    DeliveryPickedUp,
    DeliveryReturned,
    DeliveryUnassigned,
)
from delivery_events.inbox import Outcome

from services.orders.domain import Update, after_delivery

CONSUMES: tuple[type[EventData], ...] = (
    DeliveryAssigned,
    DeliveryDriverDropped,
    DeliveryPickedUp,
    DeliveryDelivered,
    DeliveryReturned,
    DeliveryUnassigned,
    DeliveryCancelled,
    DeliveryCancellationRefused,
)


ATTEMPTS = 5  # somebody else may write the order at the same time; each attempt lets one of them through


class Table(Protocol):
    def order(self, order_id: str) -> dict[str, Any] | None: ...

    def apply_delivery(
        self, order: dict[str, Any], update: Update, *, delivery_sequence: int, now: datetime, caused_by: str
    ) -> bool: ...


class ChangedMeanwhile(Exception):  # noqa: N818 - not an error: the queue delivers the event again
    """Others kept writing the order between reading and writing."""


def follow_delivery(event: Event[DeliveryData], table: Table, *, now: datetime) -> Outcome:
    """Move the order on as the delivery's event says.

    STALE: the order knows this event or a later one, or has ended. Raises ChangedMeanwhile when somebody else wrote the
    order each time in between, so that the event is delivered again.
    """
    for _ in range(ATTEMPTS):
        outcome = _try_to_follow(event, table, now=now)
        if outcome is not None:
            return outcome
    raise ChangedMeanwhile(event.data.order_id)


def _try_to_follow(event: Event[DeliveryData], table: Table, *, now: datetime) -> Outcome | None:
    """What came of it, or None if the order changed between reading and writing."""
    order = table.order(event.data.order_id)
    if order is None:
        return Outcome.IGNORED  # a tombstone's event: dispatch heard of a cancellation and of no order
    if event.metadata.sequence <= order.get("delivery_sequence", 0):
        return Outcome.STALE
    update = after_delivery(order, event.data)
    if update is None:
        return Outcome.STALE
    written = table.apply_delivery(
        order,
        update,
        delivery_sequence=event.metadata.sequence,
        now=now,
        caused_by=str(event.metadata.event_id),
    )
    return Outcome.APPLIED if written else None
