"""What a change of the table sets in motion once its events are published."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from delivery_events.envelope import rfc3339
from delivery_events.outbox import Change

from services.dispatch.consequences import Consequences
from services.dispatch.places import Point
from tests.dispatch.fakes import FakeRounds, FakeTimers
from tests.dispatch.rows import (
    DELIVERY_ID,
    DRIVER,
    DROPOFF,
    NOW,
    OFFER,
    OTHER_DRIVER,
    TRIP,
    ZONE,
    Row,
    assigned,
    driver,
    driver_busy,
    driver_offered,
    off_duty,
    offered,
    picked_up,
    searching,
    together,
)


class FakeTable:
    def __init__(self, known: Row | None = None, deliveries: tuple[Row, ...] = ()) -> None:
        self.known = known
        self.deliveries = {row["delivery_id"]: row for row in deliveries}
        self.zones: dict[str, tuple[Point, str]] = {}
        self.there: list[tuple[str, Point]] = []
        self.free_at: list[datetime] = []
        self.expected: list[str] = []
        self.ends: list[tuple[str, set[str], datetime, Point, int]] = []
        self.answers: list[tuple[int, float, int]] = []
        self.late: list[tuple[float, float, float]] = []
        self.heard: list[tuple[str, float, float, str]] = []
        self.legs: list[tuple[str, str, float, float]] = []
        self.withdrawn: list[str] = []

    def delivery(self, delivery_id: str) -> Row | None:
        return self.deliveries.get(delivery_id)

    def end_with(
        self, driver_id: str, trip_id: str, carried: set[str], ends_at: datetime, ends_in: Point, *, sequence: int
    ) -> bool:
        self.ends.append((trip_id, carried, ends_at, ends_in, sequence))
        return True

    def driver(self, driver_id: str) -> Row | None:
        return self.known

    def set_zone(self, driver_id: str, position: Point, zone: str) -> bool:
        self.zones[driver_id] = (position, zone)
        return True

    def reached(self, driver_id: str, trip_id: str, position: Point, zone: str) -> bool:
        self.there.append((trip_id, position))
        return True

    def withdraw_offer(self, delivery: Row, *, now: datetime, caused_by: str) -> bool:
        self.withdrawn.append(delivery["offer"]["offer_id"])
        return True

    def expect_free(self, driver_id: str, trip_id: str, ends_at: datetime) -> bool:
        self.free_at.append(ends_at)
        self.expected.append(trip_id)
        return True

    def note_answer(self, driver_id: str, *, sequence: int, acceptance: float, before: int) -> bool:
        self.answers.append((sequence, acceptance, before))
        return True

    def hear(self, merchant_id: str, said_s: float, at_s: float, *, of: str) -> None:
        self.heard.append((merchant_id, said_s, at_s, of))

    def learn_readiness(
        self, merchant_id: str, zone: str, said_s: float, late_s: float, at_s: float, *, of: str
    ) -> None:
        self.late.append((said_s, late_s, at_s))

    def learn_leg(self, zone: str, vehicle: str, metres: float, seconds: float, *, of: str) -> None:
        self.legs.append((zone, vehicle, metres, seconds))


class World:
    def __init__(
        self,
        old: Row | None,
        new: Row | None,
        known: Row | None = None,
        deliveries: tuple[Row, ...] = (),
        scale: float = 1,
    ) -> None:
        self.table, self.rounds, self.timers = FakeTable(known, deliveries), FakeRounds(), FakeTimers()
        Consequences(self.table, self.rounds, self.timers, now=lambda: NOW, time_scale=scale).follow(Change(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, searching()),
        (offered(), searching(transition="declineOffer")),
        (assigned(), searching(transition="dropOut")),
        (driver_offered(), driver()),
        (driver_busy(), driver()),
        (driver(zone_key=None), driver()),
        (searching(), searching(ready_at=OFFER["expires_at"])),
        (searching(), searching(pinned_to=DRIVER)),
        (searching(delayed_at=OFFER["expires_at"]), searching(searching_since=OFFER["expires_at"])),
    ],
    ids=[
        "opened",
        "declined",
        "dropped out",
        "driver declined",
        "driver done",
        "driver's zone found",
        "ready",
        "pinned",
        "kept waiting",
    ],
)
def test_a_round_is_asked_for_where_work_opened_or_a_driver_came_free(old: Row | None, new: Row) -> None:
    assert World(old, new).rounds.asked == [ZONE]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (searching(), searching(delayed_at=OFFER["expires_at"])),
        (searching(), offered()),
        (driver(), driver(position={"lat": 40.5, "lng": -80.0})),
        (driver(), driver_offered()),
        (driver_busy(), driver_busy(zone_key="872aa845affffff")),
        (driver_busy(on_duty=False, zone_key=None), off_duty()),
        (searching(), None),
    ],
    ids=["late", "offered", "moved", "driver offered", "busy driver moved", "done and off duty", "deleted"],
)
def test_nothing_else_asks_for_a_round(old: Row | None, new: Row | None) -> None:
    assert World(old, new).rounds.asked == []


def test_an_offer_starts_its_clock() -> None:
    [timer] = World(searching(), offered()).timers.running
    assert timer.model_dump(mode="json", exclude={"kind"}) == {
        "delivery_id": offered()["delivery_id"],
        "offer_id": OFFER["offer_id"],
        "due": OFFER["expires_at"],
    }


def test_the_offer_of_a_trip_starts_one_clock() -> None:
    rows = together(offered, "first", "second")
    assert [len(World(searching(row["delivery_id"]), row).timers.running) for row in rows] == [1, 0]


@pytest.mark.parametrize("new", [offered(ready_at=OFFER["expires_at"]), assigned()])
def test_an_offer_that_is_known_starts_no_second_clock(new: dict[str, Any]) -> None:
    assert World(offered(), new).timers.running == []


@pytest.mark.parametrize(
    ("old", "new", "withdrawn"),
    [
        (offered(), offered(barred={DRIVER}), True),
        (offered(), offered(pinned_to=OTHER_DRIVER), True),
        (offered(pinned_to=DRIVER), offered(pinned_to=OTHER_DRIVER, forced=True), True),
        (offered(), offered(barred={OTHER_DRIVER}, pinned_to=DRIVER), False),
        (offered(barred={DRIVER}), offered(barred={DRIVER}, ready_at=OFFER["expires_at"]), False),
        (assigned(), assigned(barred={DRIVER}), False),
        (searching(), searching(pinned_to=OTHER_DRIVER), False),
    ],
    ids=["forbidden", "pinned to another", "forced on another", "in favour", "decided before", "accepted", "no offer"],
)
def test_an_offer_that_an_operator_decides_against_is_withdrawn(old: Row, new: Row, withdrawn: bool) -> None:
    assert World(old, new).table.withdrawn == ([OFFER["offer_id"]] if withdrawn else [])


def test_a_driver_who_came_on_duty_gets_a_zone() -> None:
    found = World(off_duty(), driver(zone_key=None)).table.zones
    assert found == {DRIVER: (Point(40.44, -80.0), ZONE)}


@pytest.mark.parametrize("new", [driver(), off_duty()])
def test_a_driver_with_a_zone_or_off_duty_needs_none(new: Row) -> None:
    assert World(None, new).table.zones == {}


# -- what is learnt ----------------------------------------------------------------------------------------------------


def after(seconds: float) -> str:
    return rfc3339(NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("at", [(660, 60.0), (600, 0.0), (480, -120.0)])
def test_how_late_a_merchant_is_against_its_word_is_learnt_when_it_is_ready(at: tuple[float, float]) -> None:
    ready_in, late = at
    assert World(assigned(), assigned(ready_at=after(ready_in))).table.late == [(600, late, NOW.timestamp())]
    assert World(assigned(ready_at=after(ready_in)), assigned(ready_at=after(ready_in), sequence=9)).table.late == []


@pytest.mark.parametrize("noted", [None, {"pk": f"DELIVERY#{DELIVERY_ID}"}])
def test_what_a_merchant_says_of_a_new_order_is_heard(noted: Row | None) -> None:
    heard = [("merchant-1", 20 * 600, 20 * NOW.timestamp(), DELIVERY_ID)]
    assert World(noted, searching(), scale=20).table.heard == heard
    assert World(searching(), assigned()).table.heard == []


@pytest.mark.parametrize(
    "opened",
    [
        searching(ready_at=after(0)),
        searching(requested_at=after(700)),
        searching(state="CANCELLED", reason="NO_DRIVER"),
    ],
    ids=["it is ready", "it should have been ready before it was heard of", "it was cancelled before"],
)
def test_what_says_nothing_of_how_long_food_takes_is_not_heard(opened: Row) -> None:
    assert World(None, opened).table.heard == []


def test_what_is_learnt_of_a_merchant_is_in_real_seconds() -> None:
    assert World(assigned(), assigned(ready_at=after(660)), scale=20).table.late == [
        (20 * 600, 20 * 60.0, 20 * NOW.timestamp())
    ]


def test_a_word_counts_from_when_it_was_given() -> None:
    late = {"requested_at": after(240), "confirmed_at": after(0)}
    assert World(assigned(**late), assigned(**late, ready_at=after(660))).table.late == [(600, 60, NOW.timestamp())]
    assert World(None, searching(**late)).table.heard == [("merchant-1", 600, NOW.timestamp(), DELIVERY_ID)]


def test_a_delivery_that_was_opened_after_its_food_was_promised_teaches_nothing() -> None:
    late = {"requested_at": after(700)}
    assert World(assigned(**late), assigned(**late, ready_at=after(660))).table.late == []


def test_a_delivery_that_is_opened_ready_teaches_nothing() -> None:
    assert World({"pk": "DELIVERY#d", "ready_at": after(0)}, searching(ready_at=after(0))).table.late == []


def test_a_driver_who_picks_up_late_is_expected_free_as_much_later() -> None:
    late = picked_up(picked_up_at=after(600 + 90))
    [ends_at] = World(assigned(), late, known=driver_busy()).table.free_at
    assert ends_at == datetime.fromisoformat(TRIP["ends_at"]) + timedelta(seconds=90)
    assert World(assigned(), late, known=driver()).table.free_at == []  # it was the last one, and is handed over


def next_trip(**changes: Any) -> Row:
    """One that was to begin when the first one ends, in 15 minutes."""
    trip = TRIP | {"trip_id": "offer-2", "delivery_ids": ["next"], "leaves_at": TRIP["ends_at"], "ends_at": after(1800)}
    stops = [stop | {"delivery_ids": ["next"]} for stop in TRIP["stops"]]
    return assigned("next", trip=trip | {"stops": [stops[0], stops[1] | {"expected_at": after(1740)}]} | changes)


WITH_BOTH = driver_busy(
    deliveries={DELIVERY_ID, "next"}, trip_id="offer-2", trip_deliveries={"next"}, ends_at=after(1800)
)


@pytest.mark.parametrize(
    ("changes", "late_s", "later_s"),
    [({}, 90, 90), ({}, -90, 0), ({"leaves_at": after(960)}, 90, 30), ({"leaves_at": None}, 90, 0)],
    ids=["late", "early", "it waits for its food anyhow", "from before that was kept"],
)
def test_a_first_trip_that_is_late_makes_the_next_one_end_later(changes: Row, late_s: float, later_s: float) -> None:
    following = next_trip(**changes)
    following["trip"] = {name: value for name, value in following["trip"].items() if value is not None}
    late = picked_up(picked_up_at=after(600 + late_s))
    table = World(assigned(), late, known=WITH_BOTH, deliveries=(following,)).table
    assert table.expected == ["offer-2"]
    assert table.free_at == [NOW + timedelta(seconds=1800 + later_s)]


def spread_out(make: Any, *delivery_ids: str) -> list[Row]:
    """Deliveries of a trip that are to be handed over five minutes after one another, each further north."""
    rows = together(make, *delivery_ids)
    stops = [rows[0]["trip"]["stops"][0]]
    for number, each in enumerate(rows):
        at = after(600 + 300 * (number + 1))
        stops.append(TRIP["stops"][1] | {"delivery_ids": [each["delivery_id"]], "expected_at": at})
        each |= {"expected_dropoff_at": at, "dropoff": {"lat": round(40.45 + number / 100, 2), "lng": -80.0}}
    for each in rows:
        each["trip"] |= {"stops": stops, "ends_at": after(660 + 300 * len(rows))}
    return rows


@pytest.mark.parametrize("trigger", ["cancellation", "dropOut", "reassign"])
@pytest.mark.parametrize(("lost", "minutes", "lat"), [("c", 10, 40.46), ("b", 15, 40.47)])
def test_who_loses_a_delivery_of_a_trip_ends_with_the_last_one_left(
    trigger: str, lost: str, minutes: int, lat: float
) -> None:
    """As late as it was before; what is saved on the way to it is not counted on."""
    rows = spread_out(assigned, "a", "b", "c")
    left = {"a", "b", "c"} - {lost}
    old = driver_busy(deliveries={"a", "b", "c"}, trip_deliveries={"a", "b", "c"}, ends_at=after(660 + 900 + 40))
    new = old | {"deliveries": left, "transition": trigger, "sequence": 5}
    table = World(old, new, known=new, deliveries=tuple(row for row in rows if row["delivery_id"] != lost)).table
    ends_at = NOW + timedelta(minutes=minutes, seconds=660 + 40)
    assert table.ends == [("offer-1", left, ends_at, Point(lat, -80.0), 5)]


def test_who_loses_all_of_the_next_trip_ends_with_the_first() -> None:
    new = WITH_BOTH | {"deliveries": {DELIVERY_ID}, "transition": "cancellation", "sequence": 5}
    first = picked_up(picked_up_at=after(600 + 90))
    table = World(WITH_BOTH, new, known=new, deliveries=(first, next_trip() | {"state": "CANCELLED"})).table
    ends_at = datetime.fromisoformat(TRIP["ends_at"]) + timedelta(seconds=90)
    assert table.ends == [("offer-1", {DELIVERY_ID}, ends_at, Point(**DROPOFF), 5)]


def test_what_a_trip_lost_does_not_come_back_when_the_rest_is_late() -> None:
    first, second = spread_out(assigned, "a", "b")
    known = driver_busy(deliveries={"a"}, trip_deliveries={"a"}, ends_at=after(960))
    late = first | {"state": "PICKED_UP", "transition": "pickUp", "picked_up_at": after(690)}
    assert World(first, late, known=known, deliveries=(late,)).table.free_at == [NOW + timedelta(seconds=960 + 90)]
    assert second["trip"]["ends_at"] == after(1260)


def test_who_hands_over_or_loses_the_only_delivery_ends_nowhere_else() -> None:
    old = driver_busy(deliveries={"a", "b"}, trip_deliveries={"a", "b"})
    handed = old | {"deliveries": {"b"}, "transition": "deliver", "sequence": 5}
    assert World(old, handed, known=handed).table.ends == []
    assert World(driver_busy(), driver(transition="cancellation", sequence=5), known=driver()).table.ends == []


def test_who_hands_over_is_there_and_the_way_is_learnt() -> None:
    delivered = picked_up(state="DELIVERED", transition="deliver", delivered_at=after(300), sequence=5)
    table = World(picked_up(), delivered, known=driver_busy()).table
    assert table.there == [("offer-1", Point(**DROPOFF))]
    assert len(table.free_at) == 1
    [(zone, vehicle, metres, seconds)] = table.legs
    assert (zone, vehicle, seconds) == (ZONE, "BICYCLE", 300.0)
    assert metres == pytest.approx(1112, abs=1)


def test_only_the_way_from_the_merchant_is_learnt() -> None:
    _, second = together(picked_up, "first", "second")
    delivered = second | {"state": "DELIVERED", "transition": "deliver", "delivered_at": after(300), "sequence": 5}
    assert World(second, delivered, known=driver_busy()).table.legs == []


@pytest.mark.parametrize(
    ("old", "new", "rate"),
    [
        (driver_offered(), driver_busy(), 0.81),
        (driver_offered(), driver(sequence=4, transition="declineOffer"), 0.76),
        (driver_offered(), driver(sequence=4, transition="offer expiry"), 0.76),
        (driver_busy(), driver(sequence=5, transition="dropOut"), 0.76),
    ],
    ids=["accepted", "declined", "let it lapse", "dropped out"],
)
def test_each_answer_moves_a_drivers_acceptance_rate(old: Row, new: Row, rate: float) -> None:
    answered = World(old, new, known=driver(acceptance=0.8, answers_until=2)).table.answers
    [(sequence, moved, before)] = answered
    assert (sequence, before) == (new["sequence"], 2)
    assert moved == pytest.approx(rate)
    known = driver(acceptance=0.8, answers_until=new["sequence"])
    assert World(old, new, known=known).table.answers == []  # it was counted


@pytest.mark.parametrize("trigger", ["cancellation", "reassign", "deliver"])
def test_what_a_driver_did_not_choose_leaves_the_rate_alone(trigger: str) -> None:
    assert World(driver_busy(), driver(sequence=5, transition=trigger), known=driver()).table.answers == []
