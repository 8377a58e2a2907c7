"""The table's writes of drivers who move, arrive and answer."""

from datetime import datetime

from delivery_events.envelope import rfc3339

from services.dispatch import domain
from services.dispatch.places import Point
from services.dispatch.rows import Rows
from services.dispatch.writes import STEP, delivery_key, driver_key, position_of, step


class Driving(Rows):
    def arrive(
        self, delivery_id: str, driver_id: str, source: domain.State, target: domain.State, *, since: str, at: datetime,
        trigger: str, now: datetime, caused_by: str,
    ) -> bool:  # fmt: skip
        """Move on a delivery that this driver carries, if it was on this way by `at`: `since` is the attribute that
        says when the way began. A driver may lose a delivery and be given it again."""
        return self._update(
            delivery_key(delivery_id),
            f"SET #state = :target, {STEP}",
            f"driver_id = :driver AND #state = :source AND {since} <= :at",
            {
                ":at": rfc3339(at),
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

    def reached(self, driver_id: str, trip_id: str, position: Point, zone: str) -> bool:
        """Note that a driver on duty is where a delivery of the latest trip was just handed over, whatever tracking
        told last. A technical change: `sequence` stays."""
        return self._update(
            driver_key(driver_id),
            "SET #position = :position, #zone = :zone, zone_key = :zone",
            "on_duty = :yes AND trip_id = :trip",
            {":position": position_of(position), ":zone": zone, ":trip": trip_id, ":yes": True},
        )

    def expect_free(self, driver_id: str, trip_id: str, ends_at: datetime) -> bool:
        """Note when the driver will have ended all that it carries, if this is the latest trip. A technical change."""
        return self._update(
            driver_key(driver_id),
            "SET ends_at = :ends_at",
            "trip_id = :trip AND attribute_exists(deliveries)",
            {":ends_at": rfc3339(ends_at), ":trip": trip_id},
        )

    def end_with(
        self, driver_id: str, trip_id: str, carried: set[str], ends_at: datetime, ends_in: Point, *, sequence: int
    ) -> bool:
        """Note with which trip a driver ends who lost a delivery, if nothing happened since: what it carries of that
        one, when and where. A technical change."""
        return self._update(
            driver_key(driver_id),
            "SET trip_id = :trip, trip_deliveries = :carried, ends_at = :ends_at, ends_in = :ends_in",
            "#sequence = :known AND attribute_exists(deliveries)",
            {
                ":trip": trip_id,
                ":carried": carried,
                ":ends_at": rfc3339(ends_at),
                ":ends_in": position_of(ends_in),
                ":known": sequence,
            },
        )

    def note_answer(self, driver_id: str, *, sequence: int, acceptance: float, before: int) -> bool:
        """Note the driver's acceptance rate after the answer at `sequence`, if the last answer noted is the one at
        `before`. A technical change: the driver's own `sequence` stays."""
        return self._update(
            driver_key(driver_id),
            "SET acceptance = :acceptance, answers_until = :sequence",
            "answers_until = :before" if before else "attribute_exists(pk) AND attribute_not_exists(answers_until)",
            {":acceptance": acceptance, ":sequence": sequence} | ({":before": before} if before else {}),
        )
