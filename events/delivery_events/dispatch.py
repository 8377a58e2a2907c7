"""Events of the dispatch service: who carries an order, and who is on duty.

A distance from a place that is known is a circle on which somebody is, and three of them meet at the door; the time
that a way is expected to take is a distance by another name. So all of these stay inside, as coordinates do.
"""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from delivery_events.envelope import EventData, Model, Timestamp
from delivery_events.values import (
    INTERNAL,
    CustomerId,
    DriverId,
    MerchantId,
    Metres,
    Money,
    OfferId,
    OrderId,
    Position,
    Zone,
    unit,
)


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    SEARCHING = "SEARCHING"
    OFFERED = "OFFERED"
    ASSIGNED = "ASSIGNED"
    ARRIVED_AT_PICKUP = "ARRIVED_AT_PICKUP"
    PICKED_UP = "PICKED_UP"
    ARRIVED_AT_DROPOFF = "ARRIVED_AT_DROPOFF"
    DELIVERED = "DELIVERED"
    RETURNING = "RETURNING"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"
    UNASSIGNED = "UNASSIGNED"


class DeliveryReason(StrEnum):
    """Why a delivery lost its driver or ended."""

    DRIVER_DROPPED_OUT = "DRIVER_DROPPED_OUT"
    REASSIGNED = "REASSIGNED"
    CANCEL_REQUESTED = "CANCEL_REQUESTED"
    ALREADY_PICKED_UP = "ALREADY_PICKED_UP"
    NO_DRIVER = "NO_DRIVER"
    RECIPIENT_ABSENT = "RECIPIENT_ABSENT"
    ADDRESS_NOT_FOUND = "ADDRESS_NOT_FOUND"
    RECIPIENT_REFUSED = "RECIPIENT_REFUSED"
    DAMAGED = "DAMAGED"


class Offer(Model):
    """A delivery offered to one driver for a limited time."""

    offer_id: OfferId = Field(description="Names this offer; a delivery that is offered again has a new one.")
    driver_id: DriverId = Field(description="To whom it is offered.")
    expires_at: Timestamp = Field(description="Until when the driver may accept.")
    to_pickup_m: Metres = Field(
        description="From the driver to the merchant, metres as the crow flies.", json_schema_extra=INTERNAL
    )
    to_dropoff_m: Metres = Field(
        description="From the merchant to the customer, metres as the crow flies.", json_schema_extra=INTERNAL
    )


class TripPart(Model):
    """Which trip a delivery belongs to, and where in it: what is offered to a driver and carried at once is a trip."""

    trip_id: OfferId = Field(description="Names the trip; the id of the offer that it was offered by.")
    position: int = Field(
        ge=1,
        description="Which of the trip's drop-offs this is, from 1.",
        examples=[1],
        json_schema_extra=unit("drop-offs"),
    )
    size: int = Field(
        ge=1,
        description="How many deliveries the trip was offered with.",
        examples=[2],
        json_schema_extra=unit("deliveries"),
    )
    metres: Metres = Field(
        description="The whole trip's way, from the driver on, as the crow flies.", json_schema_extra=INTERNAL
    )


class DeliveryData(EventData):
    """All that a consumer needs to know of a delivery, as it stands after this event."""

    SOURCE: ClassVar[str] = "delivery.dispatch"

    delivery_id: OrderId = Field(description="The delivery's id, which is its order's id.")
    order_id: OrderId = Field(description="The order that is carried.")
    customer_id: CustomerId = Field(description="Who ordered.")
    merchant_id: MerchantId = Field(description="Who prepares it.")
    state: DeliveryState = Field(description="The delivery's state after this event.")
    pickup: Position = Field(description="Where the merchant is.")
    dropoff: Position = Field(description="Where it goes.", json_schema_extra=INTERNAL)
    zone: Zone | None = Field(default=None, description="H3 cell of the pick-up point.")
    expected_ready_at: Timestamp | None = Field(default=None, description="When the merchant expects to have it ready.")
    ready_at: Timestamp | None = Field(default=None, description="When the merchant said it is ready.")
    driver_id: DriverId | None = Field(default=None, description="Who carries it, or carried it last.")
    offer: Offer | None = Field(default=None, description="The offer that stands, or that just ended.")
    assigned_at: Timestamp | None = Field(default=None, description="When the driver accepted.")
    picked_up_at: Timestamp | None = Field(default=None, description="When the driver took it.")
    delivered_at: Timestamp | None = Field(default=None, description="When it was handed over.")
    expected_pickup_at: Timestamp | None = Field(
        default=None, description="When the driver is expected at the merchant.", json_schema_extra=INTERNAL
    )
    expected_dropoff_at: Timestamp | None = Field(
        default=None, description="When the customer can expect it.", json_schema_extra=INTERNAL
    )
    reason: DeliveryReason | None = Field(default=None, description="Why it lost its driver or ended.")
    trip: TripPart | None = Field(default=None, description="The trip that it is offered or carried in.")
    pay: Money | None = Field(
        default=None,
        description="What its driver earns with it: its share of the trip's pay.",
        json_schema_extra=INTERNAL,
    )
    delayed_at: Timestamp | None = Field(
        default=None, description="When the customer was told that finding a driver takes longer, and asked what to do."
    )


class DeliveryRequested(DeliveryData):
    """An order was confirmed and a driver is looked for."""

    TYPE = "delivery.requested"


class DeliveryOffered(DeliveryData):
    """One driver was asked to carry it."""

    TYPE = "delivery.offered"
    offer: Offer = Field(description="The offer that stands.")


class DeliveryOfferDeclined(DeliveryData):
    """The driver said no; the search goes on without that driver."""

    TYPE = "delivery.offer_declined"
    offer: Offer = Field(description="The offer that was declined.")


class DeliveryOfferExpired(DeliveryData):
    """The driver did not answer in time; the search goes on without that driver."""

    TYPE = "delivery.offer_expired"
    offer: Offer = Field(description="The offer that lapsed.")


class DeliveryOfferWithdrawn(DeliveryData):
    """Another delivery of the offered trip was called off, or an operator decided otherwise: the driver is no longer
    asked for that trip, and the search for this one goes on."""

    TYPE = "delivery.offer_withdrawn"
    offer: Offer = Field(description="The offer that was withdrawn.")


class DeliveryDelayed(DeliveryData):
    """Nobody was found in time. The customer may keep waiting or cancel; without an answer, the search ends soon."""

    TYPE = "delivery.delayed"
    delayed_at: Timestamp = Field(description="When the customer was asked.")


class DeliverySearchExtended(DeliveryData):
    """The customer chose to keep waiting; the search begins anew."""

    TYPE = "delivery.search_extended"


class DeliveryAssigned(DeliveryData):
    """A driver accepted and is on the way to the merchant."""

    TYPE = "delivery.assigned"
    driver_id: DriverId = Field(description="Who carries it.")


class DeliveryDriverDropped(DeliveryData):
    """The driver gave it back, or an operator took it away, before pick-up; the search starts again."""

    TYPE = "delivery.driver_dropped"
    driver_id: DriverId = Field(description="Who no longer carries it.")
    reason: DeliveryReason = Field(description="Why the driver no longer carries it.")


class DeliveryArrivedAtPickup(DeliveryData):
    """The driver is at the merchant."""

    TYPE = "delivery.arrived_at_pickup"
    driver_id: DriverId = Field(description="Who carries it.")


class DeliveryPickedUp(DeliveryData):
    """The driver has it and is on the way to the customer."""

    TYPE = "delivery.picked_up"
    driver_id: DriverId = Field(description="Who carries it.")


class DeliveryArrivedAtDropoff(DeliveryData):
    """The driver is at the customer's."""

    TYPE = "delivery.arrived_at_dropoff"
    driver_id: DriverId = Field(description="Who carries it.")


class DeliveryDelivered(DeliveryData):
    """It was handed over, with a proof."""

    TYPE = "delivery.delivered"
    driver_id: DriverId = Field(description="Who carried it.")


class DeliveryReturning(DeliveryData):
    """It could not be handed over and goes back to the merchant."""

    TYPE = "delivery.returning"
    driver_id: DriverId = Field(description="Who carries it.")
    reason: DeliveryReason = Field(description="Why it could not be handed over.")


class DeliveryReturned(DeliveryData):
    """It is back at the merchant."""

    TYPE = "delivery.returned"
    driver_id: DriverId = Field(description="Who carried it.")
    reason: DeliveryReason = Field(description="Why it could not be handed over.")


class DeliveryUnassigned(DeliveryData):
    """Nobody was found in time; the search is over."""

    TYPE = "delivery.unassigned"
    reason: DeliveryReason = Field(description="Why the search is over.")


class DeliveryCancelled(DeliveryData):
    """It was called off before pick-up. `driver_id` names whoever carried it or was offered it."""

    TYPE = "delivery.cancelled"
    reason: DeliveryReason = Field(description="Why it was called off.")


class DeliveryCancellationRefused(DeliveryData):
    """It was asked to be called off after pick-up; it goes on."""

    TYPE = "delivery.cancellation_refused"
    reason: DeliveryReason = Field(description="Why it goes on.")


class DriverDutyData(EventData):
    """Who is on duty, and where."""

    SOURCE: ClassVar[str] = "delivery.dispatch"

    driver_id: DriverId = Field(description="The `sub` of the driver's account.")
    zone: Zone | None = Field(default=None, description="H3 cell where the driver is.")
    position: Position | None = Field(default=None, description="Where the driver is.", json_schema_extra=INTERNAL)


class DriverOnDuty(DriverDutyData):
    """A driver takes offers from now on."""

    TYPE = "driver.on_duty"


class DriverOffDuty(DriverDutyData):
    """A driver takes no more offers."""

    TYPE = "driver.off_duty"
