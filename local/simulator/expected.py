"""Which alerts should have gone out, from the events and from how people want to be told.

Written from the list of who is told what, and from nothing of the service that tells them: two opinions that must
agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from delivery_events import Event


class Alert(NamedTuple):
    """One message: about which event, to whom, by which channel (SMS or PUSH)."""

    event_id: str
    recipient_id: str
    channel: str


@dataclass(frozen=True)
class Contact:
    """How a recipient can be reached: sms, push are wanted; phone, device are known to the platform."""

    phone: bool
    device: bool
    sms: bool = True
    push: bool = True

    def takes(self, channel: str) -> bool:
        return (self.sms and self.phone) if channel == "SMS" else (self.push and self.device)


NOBODY = Contact(phone=False, device=False)

_CUSTOMER_IS_TOLD: Mapping[str, tuple[str, ...]] = {
    "order.confirmed": ("PUSH",),
    "order.rejected": ("SMS", "PUSH"),
    "order.cancelled": ("SMS", "PUSH"),
    "order.failed": ("SMS", "PUSH"),
    "order.completed": ("PUSH",),
    "delivery.assigned": ("PUSH",),
    "delivery.driver_dropped": ("PUSH",),
    "delivery.picked_up": ("SMS", "PUSH"),
    "delivery.arrived_at_dropoff": ("PUSH",),
    "delivery.cancellation_refused": ("PUSH",),
}


def expected_alerts(events: Iterable[Event[Any]], contacts: Mapping[str, Contact]) -> set[Alert]:
    """Every alert that must go out for `events`, each of which may be given more than once."""
    return {
        Alert(str(event.metadata.event_id), recipient, channel)
        for event in events
        for recipient, channels in _told(event)
        for channel in channels
        if contacts.get(recipient, NOBODY).takes(channel)
    }


def _told(event: Event[Any]) -> list[tuple[str, tuple[str, ...]]]:
    kind, data = event.metadata.type, event.data
    told = [(data.customer_id, _CUSTOMER_IS_TOLD[kind])] if kind in _CUSTOMER_IS_TOLD else []
    if kind == "delivery.offered":
        told.append((data.offer.driver_id, ("PUSH", "SMS")))
    elif kind == "order.ready" and data.driver_id is not None:
        told.append((data.driver_id, ("PUSH",)))
    elif kind == "delivery.cancelled" and data.driver_id is not None:
        told.append((data.driver_id, ("PUSH", "SMS")))
    elif kind == "delivery.driver_dropped" and data.reason == "REASSIGNED":
        told.append((data.driver_id, ("PUSH",)))
    return told
