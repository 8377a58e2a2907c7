"""What a change of the table sets in motion once its events are published: rounds, timers, a zone, what is learnt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from delivery_events import Event
from delivery_events.outbox import Change

from services.dispatch import acceptance, domain, ends
from services.dispatch.places import Point, distance_m
from services.dispatch.queues import OfferExpiry, RoundAgain
from services.dispatch.zones import zone_of


class Table(Protocol):
    def delivery(self, delivery_id: str) -> dict[str, Any] | None: ...

    def driver(self, driver_id: str) -> dict[str, Any] | None: ...

    def set_zone(self, driver_id: str, position: Point, zone: str) -> bool: ...

    def reached(self, driver_id: str, trip_id: str, position: Point, zone: str) -> bool: ...

    def withdraw_offer(self, delivery: dict[str, Any], *, now: datetime, caused_by: str) -> bool: ...

    def expect_free(self, driver_id: str, trip_id: str, ends_at: datetime) -> bool: ...

    def end_with(
        self, driver_id: str, trip_id: str, carried: set[str], ends_at: datetime, ends_in: Point, *, sequence: int
    ) -> bool: ...

    def note_answer(self, driver_id: str, *, sequence: int, acceptance: float, before: int) -> bool: ...

    def hear(self, merchant_id: str, said_s: float, at_s: float, *, of: str) -> None: ...

    def learn_readiness(
        self, merchant_id: str, zone: str, said_s: float, late_s: float, at_s: float, *, of: str
    ) -> None: ...

    def learn_leg(self, zone: str, vehicle: str, metres: float, seconds: float, *, of: str) -> None: ...


class Rounds(Protocol):
    def ask(self, zone: str, now: datetime) -> None: ...


class Timers(Protocol):
    def set(self, timer: OfferExpiry | RoundAgain, now: datetime) -> None: ...


@dataclass(frozen=True)
class Consequences:
    """`time_scale`: real seconds that pass in one of the wall's, by which rows are dated."""

    table: Table
    rounds: Rounds
    timers: Timers
    now: Callable[[], datetime]
    time_scale: float = 1.0

    def follow(self, change: Change, _events: Sequence[Event[Any]] = ()) -> None:
        """May run twice for the same change: asks are deduplicated, timers and writes are conditional."""
        old, new = change.old, change.new
        if new is None:
            return
        if zone := domain.opened_work(old, new):
            self.rounds.ask(zone, self.now())
        offer = domain.new_offer(old, new)
        if offer and new["trip"]["position"] == 1:  # one clock for all deliveries of a trip
            due = datetime.fromisoformat(offer["expires_at"])
            self.timers.set(
                OfferExpiry(delivery_id=new["delivery_id"], offer_id=offer["offer_id"], due=due), self.now()
            )
        if domain.is_delivery(new) and domain.is_overruled(old, new):
            self.table.withdraw_offer(new, now=self.now(), caused_by="outbox:decided")
        if domain.lacks_zone(new):
            position = Point(**new["position"])
            self.table.set_zone(new["driver_id"], position, zone_of(position))
        if old is not None and domain.lost_part(old, new):
            self._end_sooner(old, new)
        answered = domain.answer(old, new)
        if answered is not None:
            self._note_answer(new["driver_id"], new["sequence"], answered)
        if domain.is_delivery(new) and "state" in new:
            if old is None or "state" not in old:
                self._hear(new)
            else:
                self._learn(old, new)

    def _note_answer(self, driver_id: str, sequence: int, accepted: bool) -> None:
        """A driver's changes come in order, so each answer is counted once."""
        row = self.table.driver(driver_id) or {}
        before = row.get("answers_until", 0)
        if row and before < sequence:
            rate = round(acceptance.after(row.get("acceptance", 1.0), accepted), 4)
            self.table.note_answer(driver_id, sequence=sequence, acceptance=rate, before=before)

    def _word(self, delivery: dict[str, Any]) -> tuple[float, float]:
        """How long the merchant said that it takes, and when, in real seconds."""
        at = domain.confirmed_at(delivery)
        said_s = self.time_scale * _between(at, delivery["expected_ready_at"])
        return said_s, self.time_scale * datetime.fromisoformat(at).timestamp()

    def _hear(self, delivery: dict[str, Any]) -> None:
        """Of a new delivery: what a merchant says of one order tells of its next ones, too."""
        said_s, at_s = self._word(delivery)
        if said_s > 0 and "ready_at" not in delivery and delivery["state"] not in domain.TERMINAL:
            self.table.hear(delivery["merchant_id"], said_s, at_s, of=delivery["delivery_id"])

    def _learn(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """From facts: how a merchant keeps its word, and when and where a driver will be free."""
        if "ready_at" in new and "ready_at" not in old:
            said_s, at_s = self._word(new)
            late_s = self.time_scale * _between(new["expected_ready_at"], new["ready_at"])
            if said_s > 0:  # or it was opened long after it was confirmed
                merchant, zone = new["merchant_id"], new["zone"]
                self.table.learn_readiness(merchant, zone, said_s, late_s, at_s, of=new["delivery_id"])
        for expected, fact in (("expected_pickup_at", "picked_up_at"), ("expected_dropoff_at", "delivered_at")):
            if fact in new and fact not in old:
                self._shift_end(new, _between(new[expected], new[fact]))
        if "delivered_at" in new and "delivered_at" not in old:
            place = Point(**new["dropoff"])
            self.table.reached(new["driver_id"], new["trip"]["trip_id"], place, zone_of(place))
            self._learn_leg(new)

    def _learn_leg(self, delivery: dict[str, Any]) -> None:
        """From the way from the merchant to the first customer of a trip; what comes after began elsewhere."""
        if delivery["trip"]["position"] == 1:
            driver = self.table.driver(delivery["driver_id"]) or {}
            metres = distance_m(Point(**delivery["pickup"]), Point(**delivery["dropoff"]))
            seconds = self.time_scale * _between(delivery["picked_up_at"], delivery["delivered_at"])
            self.table.learn_leg(
                delivery["zone"], driver.get("vehicle", ""), metres, seconds, of=delivery["delivery_id"]
            )

    def _shift_end(self, delivery: dict[str, Any], late_s: float) -> None:
        """The rest of the trip is as late as what just happened; the next one, if the driver has accepted one, by as
        much as it begins later for that."""
        row = self.table.driver(delivery["driver_id"]) or {}
        if "deliveries" not in row:
            return
        trip = delivery["trip"]
        ends_at = ends.planned(trip, {*row["deliveries"], delivery["delivery_id"]}) + timedelta(seconds=late_s)
        ahead = row["deliveries"] & row.get("trip_deliveries", set())
        if row["trip_id"] != trip["trip_id"] and ahead:
            following = (self.table.delivery(min(ahead)) or {}).get("trip")
            if following is None:  # it was just taken away: that change has its own consequences
                return
            ends_at = ends.planned(following, ahead) + ends.behind(following, ends_at)
        self.table.expect_free(row["driver_id"], row["trip_id"], ends_at)

    def _end_sooner(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """A driver lost a delivery, and ends with the last one that it still carries: of the latest trip, or, if that
        is lost as a whole, of the one before."""
        carried = new["deliveries"] & new["trip_deliveries"] or new["deliveries"]
        trip = (self.table.delivery(min(carried)) or {}).get("trip")
        last = self.table.delivery(ends.last_of(trip, carried)) if trip else None
        if trip is None or last is None or "trip" not in last:  # that one was lost, too: the same for it
            return
        ends_at = ends.planned(trip, carried)
        if trip["trip_id"] == old["trip_id"]:
            ends_at += datetime.fromisoformat(old["ends_at"]) - ends.planned(trip, old["trip_deliveries"])
        elif "picked_up_at" in last:
            ends_at += timedelta(seconds=_between(last["expected_pickup_at"], last["picked_up_at"]))
        place = Point(**last["dropoff"])
        self.table.end_with(new["driver_id"], trip["trip_id"], carried, ends_at, place, sequence=new["sequence"])


def _between(start: str, end: str) -> float:
    """Seconds."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
