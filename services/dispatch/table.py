"""Every DynamoDB call of dispatch's Python. The resolvers make their own; both are in docs/tables/dispatch.md.

Whatever concerns a delivery and its driver is one transaction over both rows, so that they cannot disagree. A condition
that does not hold is an answer (`False`), not an error: somebody else was first.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key
from delivery_events.dispatch import DeliveryReason
from delivery_events.envelope import rfc3339
from delivery_events.outbox import plain

from services.dispatch import domain
from services.dispatch.planner import PlannedOffer, Point
from services.dispatch.writes import (
    STEP,
    Item,
    conditional,
    delivery_key,
    driver_key,
    position_of,
    step,
    unless_refused,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table as DynamoTable

# What a delivery loses when it has no driver in sight any more.
_NO_HOLDER = "offer, holder_id, holder_key, expected_pickup_at, expected_dropoff_at"


class DispatchTable:
    def __init__(self, table: "DynamoTable", sleep: Callable[[float], None] = time.sleep) -> None:
        self._table = table
        self._sleep = sleep

    # -- reads --------------------------------------------------------------------------------------------------------

    def delivery(self, delivery_id: str) -> Item | None:
        """The delivery's row; before its order is confirmed, what was noted of it (no `state`)."""
        item = self._table.get_item(Key=delivery_key(delivery_id), ConsistentRead=True).get("Item")
        return plain(item) if item else None

    def searching_in(self, zone: str) -> list[Item]:
        """The zone's deliveries without a driver. From an index, so a moment old."""
        return list(self._query("zone-index", Key("zone_key").eq(zone) & Key("zone_sk").begins_with("DELIVERY#")))

    def drivers_in(self, zone: str) -> list[Item]:
        """The drivers on duty in the zone, busy ones included. From an index, so a moment old."""
        return list(self._query("zone-index", Key("zone_key").eq(zone) & Key("zone_sk").begins_with("DRIVER#")))

    def open_deliveries(self) -> Iterator[Item]:
        """All deliveries that have not ended, oldest first. From an index, so a moment old."""
        return self._query("roster-index", Key("roster").eq("DELIVERIES"))

    # -- a delivery begins --------------------------------------------------------------------------------------------

    def open(self, row: Item) -> bool:
        """Write a new delivery, keeping what was noted of it, unless there is one or a cancellation was noted."""
        return self._begin(row, "attribute_not_exists(#state) AND attribute_not_exists(cancelled_by)")

    def open_cancelled(self, row: Item) -> bool:
        """Write a delivery that was cancelled before it was opened."""
        return self._begin(row, "attribute_not_exists(#state)")

    def _begin(self, row: Item, condition: str) -> bool:
        values = {name: value for name, value in row.items() if name not in ("pk", "sk")}
        return self._update(
            delivery_key(row["delivery_id"]),
            f"SET {', '.join(f'#{name} = :{name}' for name in values)} REMOVE cancelled_by, expires_at",
            condition,
            {f":{name}": value for name, value in values.items()},
        )

    def note_ready(self, delivery_id: str, ready_at: datetime) -> bool:
        """Note when the merchant said it is ready, once; also before the delivery is opened. A fact of the order, not a
        transition: `sequence` stays."""
        return self._update(
            delivery_key(delivery_id),
            "SET ready_at = :at",
            "attribute_not_exists(ready_at)",
            {":at": rfc3339(ready_at)},
        )

    def note_cancelled(self, delivery_id: str, *, caused_by: str, forget_at: datetime) -> bool:
        """Note that a delivery nobody opened yet is not to be opened. DynamoDB forgets the note after `forget_at`."""
        return self._update(
            delivery_key(delivery_id),
            "SET cancelled_by = :caused_by, expires_at = :forget_at",
            "attribute_not_exists(#state)",
            {":caused_by": caused_by, ":forget_at": int(forget_at.timestamp())},
        )

    # -- the search ---------------------------------------------------------------------------------------------------

    def offer(self, offer: PlannedOffer, *, offer_id: str, now: datetime, caused_by: str) -> bool:
        """Offer a delivery, as it stood when the round read it, to a driver who is still free."""
        delivery, driver_id = offer.delivery, offer.driver_id
        stamp = step(domain.OFFER, now, caused_by)
        return self._transact(
            self._write(
                delivery_key(delivery.delivery_id),
                f"SET #state = :offered, offer = :offer, holder_id = :driver, holder_key = :holder_key, "
                f"expected_pickup_at = :pickup_at, expected_dropoff_at = :dropoff_at, {STEP} REMOVE zone_key",
                "#state = :searching AND #sequence = :known",
                {
                    ":offered": domain.OFFERED.value,
                    ":searching": domain.SEARCHING.value,
                    ":known": delivery.sequence,
                    ":driver": driver_id,
                    ":holder_key": f"OFFER#{rfc3339(now)}#{delivery.delivery_id}",
                    ":pickup_at": rfc3339(offer.expected_pickup_at),
                    ":dropoff_at": rfc3339(offer.expected_dropoff_at),
                    ":offer": {
                        "offer_id": offer_id,
                        "driver_id": driver_id,
                        "expires_at": rfc3339(offer.expires_at),
                        "to_pickup_m": offer.to_pickup_m,
                        "to_dropoff_m": offer.to_dropoff_m,
                    },
                    **stamp,
                },
            ),
            self._write(
                driver_key(driver_id),
                f"SET offer_id = :offer, offered_delivery_id = :delivery, {STEP}",
                "on_duty = :yes AND attribute_not_exists(offer_id) AND attribute_not_exists(deliveries)",
                {":offer": offer_id, ":delivery": delivery.delivery_id, ":yes": True, **stamp},
            ),
        )

    def expire_offer(self, delivery: Item, *, now: datetime, caused_by: str) -> bool:
        """Take back the delivery's offer, if it is the one that still stands; its driver counts as having refused."""
        offer = delivery["offer"]
        stamp = step(domain.EXPIRE, now, caused_by)
        return self._transact(
            self._write(
                delivery_key(delivery["delivery_id"]),
                f"SET #state = :searching, zone_key = #zone, {STEP} REMOVE {_NO_HOLDER} ADD refused_by :refused",
                "#state = :offered AND offer.offer_id = :offer",
                {
                    ":searching": domain.SEARCHING.value,
                    ":offered": domain.OFFERED.value,
                    ":offer": offer["offer_id"],
                    ":refused": {offer["driver_id"]},
                    **stamp,
                },
            ),
            self._free_of_offer(offer, stamp),
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
        """End a delivery before pick-up and let its driver go, unless the delivery changed since it was read."""
        stamp = step(domain.CANCEL, now, caused_by)
        writes = [
            self._write(
                delivery_key(delivery["delivery_id"]),
                f"SET #state = :cancelled, reason = :reason, {STEP} REMOVE zone_key, roster, {_NO_HOLDER}",
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

    # -- drivers move -------------------------------------------------------------------------------------------------

    def arrive(
        self, delivery_id: str, driver_id: str, source: domain.State, target: domain.State, *, trigger: str,
        now: datetime, caused_by: str,
    ) -> bool:  # fmt: skip
        """Move on a delivery that this driver carries."""
        return self._update(
            delivery_key(delivery_id),
            f"SET #state = :target, {STEP}",
            "driver_id = :driver AND #state = :source",
            {
                ":target": target.value,
                ":source": source.value,
                ":driver": driver_id,
                **step(trigger, now, caused_by),
            },
        )

    def move_driver(self, driver_id: str, position: Point, zone: str, *, position_sequence: int) -> bool:
        """Note where a driver on duty is, unless something newer is known. A technical change: `sequence` stays."""
        return self._update(
            driver_key(driver_id),
            "SET #position = :position, #zone = :zone, zone_key = :zone, position_sequence = :seen",
            "on_duty = :yes AND (attribute_not_exists(position_sequence) OR position_sequence < :seen)",
            {":position": position_of(position), ":zone": zone, ":seen": position_sequence, ":yes": True},
        )

    def set_zone(self, driver_id: str, position: Point, zone: str) -> bool:
        """Put a driver on duty into the zone index, if still at that position. A technical change: `sequence` stays."""
        return self._update(
            driver_key(driver_id),
            "SET #zone = :zone, zone_key = :zone",
            "on_duty = :yes AND #position = :position",
            {":position": position_of(position), ":zone": zone, ":yes": True},
        )

    # -- how -----------------------------------------------------------------------------------------------------------

    def _free_of_offer(self, offer: Mapping[str, Any], stamp: Item) -> Item:
        return self._write(
            driver_key(offer["driver_id"]),
            f"SET {STEP} REMOVE offer_id, offered_delivery_id",
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

    def _query(self, index: str, condition: Any) -> Iterator[Item]:
        query: dict[str, Any] = {"IndexName": index, "KeyConditionExpression": condition}
        while True:
            page = self._table.query(**query)
            yield from (plain(item) for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _write(self, key: Item, expression: str, condition: str, values: Mapping[str, Any]) -> Item:
        return conditional(self._table.name, key, expression, condition, values)

    def _update(self, key: Item, expression: str, condition: str, values: Mapping[str, Any]) -> bool:
        write = self._write(key, expression, condition, values)
        return unless_refused(lambda: self._table.meta.client.update_item(**write), self._sleep)

    def _transact(self, *writes: Item) -> bool:
        items: Sequence[Any] = [{"Update": write} for write in writes]
        return unless_refused(lambda: self._table.meta.client.transact_write_items(TransactItems=items), self._sleep)
