"""Who is told of which event, by which channels, with which template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from delivery_events import Event, EventData
from delivery_events.dispatch import (
    DeliveryArrivedAtDropoff,
    DeliveryAssigned,
    DeliveryCancellationRefused,
    DeliveryCancelled,
    DeliveryDriverDropped,
    DeliveryOffered,
    DeliveryPickedUp,
    DeliveryReason,
)
from delivery_events.notifications import Audience, Channel
from delivery_events.orders import (
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderFailed,
    OrderReady,
    OrderRejected,
)

from services.notifications.domain import Alert

BOTH = (Channel.SMS, Channel.PUSH)
PUSH = (Channel.PUSH,)


def _customer(data: Any) -> str | None:
    return str(data.customer_id)


def _driver(data: Any) -> str | None:
    """Who carries it or carried it last, if anybody."""
    return data.driver_id if data.driver_id is None else str(data.driver_id)


def _offered_driver(data: DeliveryOffered) -> str | None:
    return data.offer.driver_id


def _reassigned_driver(data: DeliveryDriverDropped) -> str | None:
    """A driver who dropped out knows it."""
    return data.driver_id if data.reason is DeliveryReason.REASSIGNED else None


@dataclass(frozen=True)
class Template:
    """One line of the table below. `recipient` is the id of who is told, or None when nobody is.

    `final`: it tells how something ended, which stays news however late it arrives. `variant` tells apart the templates
    of one event.
    """

    event: type[EventData]
    audience: Audience
    recipient: Callable[[Any], str | None]
    channels: tuple[Channel, ...]
    final: bool = False
    variant: str = ""

    @property
    def name(self) -> str:
        """What messages/<locale>.json call it: `order_confirmed` for order.confirmed."""
        name = self.event.TYPE.replace(".", "_")
        return f"{name}_{self.variant}" if self.variant else name


# docs/tables/notifications.md is held against this table, and so is whom orders' and dispatch's
# transitions say they tell.
TEMPLATES = (
    Template(OrderConfirmed, Audience.CUSTOMER, _customer, PUSH),
    Template(OrderRejected, Audience.CUSTOMER, _customer, BOTH, final=True),
    Template(OrderCancelled, Audience.CUSTOMER, _customer, BOTH, final=True),
    Template(OrderFailed, Audience.CUSTOMER, _customer, BOTH, final=True),
    Template(OrderCompleted, Audience.CUSTOMER, _customer, PUSH, final=True),
    Template(DeliveryAssigned, Audience.CUSTOMER, _customer, PUSH),
    # Whoever was told that a driver is on the way hears that another one is being looked for.
    Template(DeliveryDriverDropped, Audience.CUSTOMER, _customer, PUSH, variant="customer"),
    Template(DeliveryPickedUp, Audience.CUSTOMER, _customer, BOTH),
    Template(DeliveryArrivedAtDropoff, Audience.CUSTOMER, _customer, PUSH),
    Template(DeliveryCancellationRefused, Audience.CUSTOMER, _customer, PUSH),
    Template(DeliveryOffered, Audience.DRIVER, _offered_driver, BOTH),
    # Whom orders knows to carry it at that moment; who is assigned later sees at once that it is ready.
    Template(OrderReady, Audience.DRIVER, _driver, PUSH),
    Template(DeliveryCancelled, Audience.DRIVER, _driver, BOTH, final=True),
    Template(DeliveryDriverDropped, Audience.DRIVER, _reassigned_driver, PUSH),
)

CONSUMES: tuple[type[EventData], ...] = tuple(dict.fromkeys(template.event for template in TEMPLATES))

_BY_EVENT: Mapping[str, tuple[Template, ...]] = {
    model.detail_type(): tuple(template for template in TEMPLATES if template.event is model) for model in CONSUMES
}


def alerts_for(event: Event[Any]) -> list[Alert]:
    """The alerts that `event` asks for, one for each recipient and channel. The same event always gives the same."""
    return [alert for template in _BY_EVENT[event.detail_type] for alert in _alerts(event, template)]


def _alerts(event: Event[Any], template: Template) -> list[Alert]:
    recipient_id = template.recipient(event.data)
    if recipient_id is None:
        return []
    return [
        Alert(
            event_id=str(event.metadata.event_id),
            order_id=event.data.order_id,
            recipient_id=recipient_id,
            audience=template.audience,
            channel=channel,
            template=template.name,
            parameters=_parameters(event.data),
            occurred_at=event.metadata.occurred_at,
            valid_until=event.data.offer.expires_at if isinstance(event.data, DeliveryOffered) else None,
            final=template.final,
        )
        for channel in template.channels
    ]


def _parameters(data: Any) -> dict[str, str]:
    """What a message may say: the order by the start of its id, why, how far. Nothing that tells who or where."""
    parameters = {"order": data.order_id[:8]}
    if data.reason is not None:
        parameters["reason"] = data.reason.value
    if isinstance(data, DeliveryOffered):
        parameters |= {"pickup_m": f"{data.offer.to_pickup_m:.0f}", "dropoff_m": f"{data.offer.to_dropoff_m:.0f}"}
    return parameters
