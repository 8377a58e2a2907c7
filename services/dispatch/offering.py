"""The table's writes of the search: a trip is offered and taken back, a search is late and ends.

An offer is one transaction over the rows of all deliveries of its trip and over the driver's: all of them are held by
it, or none.
"""

from datetime import datetime
from typing import Any

from delivery_events.dispatch import DeliveryReason
from delivery_events.envelope import rfc3339

from services.dispatch import domain
from services.dispatch.rows import Rows
from services.dispatch.trips import Part, TripOffer, partners
from services.dispatch.writes import STEP, Item, delivery_key, driver_key, position_of, step

# What a delivery loses when it has no driver in sight any more, and what a driver loses with an offer.
NO_HOLDER = "offer, trip, pay, holder_id, holder_key, expected_pickup_at, expected_dropoff_at"
NO_OFFER = "offer_id, offered, offer_ends_at, offer_ends_in"

# What an operator decided since the round read it counts, too.
_ALLOWED = "(attribute_not_exists(pinned_to) OR pinned_to = :driver) AND NOT contains(barred, :driver)"


class Offering(Rows):
    def offer(self, trip: TripOffer, *, now: datetime, caused_by: str) -> bool:
        """Offer a trip to a driver on duty who is asked for nothing else. Its deliveries are as the round read them,
        and so is the driver: who has come free or taken on more is planned for otherwise."""
        stamp = step(domain.OFFER, now, caused_by)
        return self._transact(
            *(self._offered(trip, part, now, stamp) for part in trip.parts),
            self._write(
                driver_key(trip.driver_id),
                "SET offer_id = :offer, offered = :deliveries, offer_ends_at = :ends_at, offer_ends_in = :ends_in, "
                f"{STEP}",
                "on_duty = :yes AND attribute_not_exists(offer_id) AND #sequence = :known",
                {
                    ":offer": trip.offer_id,
                    ":deliveries": set(trip.delivery_ids),
                    ":ends_at": rfc3339(trip.ends_at),
                    ":ends_in": position_of(trip.ends_in),
                    ":yes": True,
                    ":known": trip.driver_sequence,
                    **stamp,
                },
            ),
        )

    def _offered(self, trip: TripOffer, part: Part, now: datetime, stamp: Item) -> Item:
        return self._write(
            delivery_key(part.delivery_id),
            f"SET #state = :offered, offer = :offer, trip = :trip, pay = :pay, holder_id = :driver, "
            f"holder_key = :holder_key, expected_pickup_at = :pickup_at, expected_dropoff_at = :dropoff_at, {STEP} "
            "REMOVE zone_key",
            f"#state = :searching AND #sequence = :known AND {_ALLOWED}",
            {
                ":offered": domain.OFFERED.value,
                ":searching": domain.SEARCHING.value,
                ":known": part.sequence,
                ":driver": trip.driver_id,
                ":holder_key": f"OFFER#{rfc3339(now)}#{part.delivery_id}",
                ":pickup_at": rfc3339(part.expected_pickup_at),
                ":dropoff_at": rfc3339(part.expected_dropoff_at),
                ":offer": trip.offer(part),
                ":trip": trip.trip(part),
                ":pay": trip.pay(part),
                **stamp,
            },
        )

    def expire_offer(self, delivery: Item, *, now: datetime, caused_by: str) -> bool:
        """Take back the offer of the delivery's trip, if it is the one that still stands; its driver counts as having
        refused all of the trip."""
        stamp = step(domain.EXPIRE, now, caused_by)
        offer = delivery["offer"]
        refused = {":refused": {offer["driver_id"]}}
        return self._transact(
            *(
                self._search_again(each, offer, stamp, " ADD refused_by :refused", refused)
                for each in delivery["trip"]["delivery_ids"]
            ),
            self._free_of_offer(offer, stamp),
        )

    def withdraw_offer(self, delivery: Item, *, now: datetime, caused_by: str) -> bool:
        """Take back the offer of the delivery's trip, if it still stands. Its driver refused nothing."""
        stamp = step(domain.WITHDRAW, now, caused_by)
        offer = delivery["offer"]
        return self._transact(
            *(self._search_again(each, offer, stamp) for each in delivery["trip"]["delivery_ids"]),
            self._free_of_offer(offer, stamp),
        )

    def delay(self, delivery_id: str, *, sequence: int, now: datetime, caused_by: str) -> bool:
        """Note that the customer of a delivery, which is as it was when the round read it, is asked what to do."""
        return self._update(
            delivery_key(delivery_id),
            f"SET delayed_at = :now, {STEP}",
            "#state = :searching AND #sequence = :known AND attribute_not_exists(delayed_at)",
            {":searching": domain.SEARCHING.value, ":known": sequence, **step(domain.DELAY, now, caused_by)},
        )

    def give_up(self, delivery_id: str, *, sequence: int, now: datetime, caused_by: str) -> bool:
        """End the search of a delivery that is as it was when the round read it."""
        return self._update(
            delivery_key(delivery_id),
            f"SET #state = :unassigned, reason = :reason, {STEP} REMOVE zone_key, roster",
            "#state = :searching AND #sequence = :known",
            {
                ":unassigned": domain.UNASSIGNED.value,
                ":searching": domain.SEARCHING.value,
                ":reason": DeliveryReason.NO_DRIVER.value,
                ":known": sequence,
                **step(domain.GIVE_UP, now, caused_by),
            },
        )

    # -- a delivery is cancelled --------------------------------------------------------------------------------------

    def cancel(self, delivery: Item, *, now: datetime, caused_by: str) -> bool:
        """End a delivery before pick-up and let its driver go, unless the delivery changed since it was read.

        The offer of a trip that it is part of is withdrawn: the driver would get less than was offered. Of a trip that
        was accepted, the other deliveries stay with the driver.
        """
        stamp = step(domain.CANCEL, now, caused_by)
        writes = [
            self._write(
                delivery_key(delivery["delivery_id"]),
                f"SET #state = :cancelled, reason = :reason, {STEP} REMOVE zone_key, roster, {NO_HOLDER}",
                "#sequence = :known",
                {
                    ":cancelled": domain.CANCELLED.value,
                    ":reason": DeliveryReason.CANCEL_REQUESTED.value,
                    ":known": delivery["sequence"],
                    **stamp,
                },
            )
        ]
        if "offer" in delivery:
            withdrawn = step(domain.WITHDRAW, now, caused_by)
            writes += [self._search_again(each, delivery["offer"], withdrawn) for each in partners(delivery)]
            writes.append(self._free_of_offer(delivery["offer"], stamp))
        elif "driver_id" in delivery:
            writes.append(self._free_of_delivery(delivery, stamp))
        return self._transact(*writes)

    def refuse_cancellation(self, delivery: Item, *, order_sequence: int, now: datetime, caused_by: str) -> bool:
        """Note that a cancellation came too late, once a request, unless the delivery changed since it was read."""
        return self._update(
            delivery_key(delivery["delivery_id"]),
            f"SET refused_cancellation = :request, {STEP}",
            "#sequence = :known AND (attribute_not_exists(refused_cancellation) OR refused_cancellation < :request)",
            {
                ":request": order_sequence,
                ":known": delivery["sequence"],
                **step(domain.REFUSE_CANCELLATION, now, caused_by),
            },
        )

    # -- how -----------------------------------------------------------------------------------------------------------

    def _search_again(
        self, delivery_id: str, offer: Item, stamp: Item, more: str = "", values: dict[str, Any] | None = None
    ) -> Item:
        return self._write(
            delivery_key(delivery_id),
            f"SET #state = :searching, zone_key = #zone, {STEP} REMOVE {NO_HOLDER}{more}",
            "#state = :offered AND offer.offer_id = :offer",
            {
                ":searching": domain.SEARCHING.value,
                ":offered": domain.OFFERED.value,
                ":offer": offer["offer_id"],
                **(values or {}),
                **stamp,
            },
        )

    def _free_of_offer(self, offer: Item, stamp: Item) -> Item:
        return self._write(
            driver_key(offer["driver_id"]),
            f"SET {STEP} REMOVE {NO_OFFER}",
            "offer_id = :offer",
            {":offer": offer["offer_id"], **stamp},
        )

    def _free_of_delivery(self, delivery: Item, stamp: Item) -> Item:
        return self._write(
            driver_key(delivery["driver_id"]),
            f"SET {STEP} DELETE deliveries :carried",
            "contains(deliveries, :delivery)",
            {":delivery": delivery["delivery_id"], ":carried": {delivery["delivery_id"]}, **stamp},
        )
