"""What a round makes of its zone: all that can be committed is, whatever the rest does."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from delivery_events.envelope import rfc3339
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch import zones
from services.dispatch.last_rounds import LastRounds
from services.dispatch.learning import Area
from services.dispatch.legs import Legs
from services.dispatch.planner.demand import FADES_S, DemandSeen
from services.dispatch.planner.merchants import Merchant
from services.dispatch.planner.model import Settings, Spot
from services.dispatch.planner.plane import Plane
from services.dispatch.planner.readiness import Readiness, Usual
from services.dispatch.rounds import MOST_BESIDE, MOST_RINGS, RINGS, Result, run
from services.dispatch.settings import RoundSettings
from services.dispatch.trips import PayRates, TripOffer
from tests.dispatch.plans import FirstComeFirstServed
from tests.dispatch.rows import (
    DELIVERY_ID,
    DRIVER,
    DROPOFF,
    NOW,
    OTHER_DRIVER,
    PICKUP,
    ZONE,
    Row,
    driver,
    driver_busy,
    driver_offered,
    off_duty,
    searching,
)

SETTINGS = RoundSettings(
    time_scale=1,
    speed_mps=5,
    offer_s=45,
    found_within_s=1200,
    choice_s=900,
    plan_within_s=1,
    rates=PayRates("USD", base=250, per_km=60, per_stop=75),
    planner=Settings(round_every=30, answer_within=20),
)
SECOND = "5a1e7d20-6c3b-4f88-9d11-2b7c0e4f6a90"
METRES_PER_DEGREE = 111_195.0


class FakeTable:
    """`refuses`: deliveries whose writes fail as given: False for somebody else was first."""

    def __init__(self, deliveries: list[Row], drivers: dict[str, list[Row]], **refuses: Any) -> None:
        self.deliveries = deliveries
        self.drivers = defaultdict(list, drivers)
        self.elsewhere: dict[str, Row] = {}
        self.around: dict[str, list[Row]] = {}
        self.areas: dict[str, Area] = {}
        self.refuses = refuses.get("refuses", {})
        self.learnt = Area()
        self.known: dict[str, Merchant] = {}
        self.asked_of: list[set[str]] = []
        self.demand: list[DemandSeen] = []
        self.looked_into: list[str] = []
        self.offered: list[TripOffer] = []
        self.delayed: list[str] = []
        self.given_up: list[str] = []

    def searching_in(self, zone: str) -> list[Row]:
        return self.deliveries if zone == ZONE else []

    def drivers_in(self, zone: str) -> list[Row]:
        self.looked_into.append(zone)
        return self.drivers[zone]

    def in_zone(self, zone: str) -> tuple[list[Row], list[Row]]:
        return self.around.get(zone, []), self.drivers_in(zone)

    def driver(self, driver_id: str) -> Row | None:
        return self.elsewhere.get(driver_id)

    def area(self, zone: str) -> Area:
        return self.areas.get(zone, self.learnt)

    def merchants(self, merchant_ids: Iterable[str]) -> dict[str, Merchant]:
        self.asked_of.append(set(merchant_ids))
        return self.known

    def keep_demand(self, zone: str, demand: DemandSeen) -> bool:
        self.demand.append(demand)
        return True

    def offer(self, trip: TripOffer, *, now: datetime, caused_by: str) -> bool:
        holds = all(map(self._holds, trip.delivery_ids))
        self.offered += [trip] * holds
        return holds

    def delay(self, delivery_id: str, *, sequence: int, now: datetime, caused_by: str) -> bool:
        self.delayed.append(delivery_id)
        return self._holds(delivery_id)

    def give_up(self, delivery_id: str, *, sequence: int, now: datetime, caused_by: str) -> bool:
        self.given_up.append(delivery_id)
        return self._holds(delivery_id)

    @property
    def offers(self) -> dict[str, str]:
        return {each: trip.driver_id for trip in self.offered for each in trip.delivery_ids}

    def _holds(self, delivery_id: str) -> bool:
        answer = self.refuses.get(delivery_id, True)
        if isinstance(answer, Exception):
            raise answer
        return bool(answer)


def at_now() -> datetime:
    return NOW


def result(table: FakeTable, plan: FirstComeFirstServed | None = None, **settings: Any) -> Result:
    """A round's result, without what it took."""
    ran = run(
        ZONE,
        table,
        LastRounds(),
        clock=at_now,
        settings=replace(SETTINGS, **settings),
        plan=plan or FirstComeFirstServed(),
    )
    return replace(ran, plan_ms=0, drivers=0)


def ago(seconds: float) -> str:
    return rfc3339(NOW - timedelta(seconds=seconds))


def north(metres: float) -> dict[str, float]:
    return {"lat": PICKUP["lat"] + metres / METRES_PER_DEGREE, "lng": PICKUP["lng"]}


def late(delivery_id: str = DELIVERY_ID, seconds: float = 1200, **changes: Any) -> Row:
    """A delivery that could have been picked up so many seconds ago."""
    times = dict.fromkeys(("requested_at", "expected_ready_at", "searching_since", "ready_at"), ago(seconds))
    return searching(delivery_id, **times | changes)


# -- offers -----------------------------------------------------------------------------------------------------------


def test_a_delivery_is_offered_to_a_driver_of_its_zone() -> None:
    table = FakeTable([searching()], {ZONE: [driver()]})
    assert result(table) == Result(offered=1, trips=1)
    assert table.offers == {DELIVERY_ID: DRIVER}


def test_a_zone_without_work_reads_no_driver() -> None:
    table = FakeTable([], {})
    assert result(table) == Result()
    assert table.looked_into == []


def test_what_nobody_can_be_asked_for_is_left_open() -> None:
    assert result(FakeTable([searching()], {ZONE: [driver_offered()]})) == Result(left_open=1)


def test_a_trip_is_offered_with_its_way_its_times_and_its_pay() -> None:
    deliveries = [searching(), searching(SECOND, dropoff=north(2000))]
    table = FakeTable(deliveries, {ZONE: [driver(position=north(-500))]})
    assert result(table, FirstComeFirstServed(together=True)) == Result(offered=2, trips=1)
    [trip] = table.offered
    assert trip.delivery_ids == (DELIVERY_ID, SECOND)
    assert [(stop.kind, stop.delivery_ids) for stop in trip.stops] == [
        ("PICKUP", (DELIVERY_ID, SECOND)),
        ("DROPOFF", (DELIVERY_ID,)),
        ("DROPOFF", (SECOND,)),
    ]
    first, second = trip.parts
    assert [first.to_pickup_m, first.to_dropoff_m] == pytest.approx([500, 1112], abs=3)
    assert [second.to_pickup_m, second.to_dropoff_m] == pytest.approx([500, 2000], abs=5)
    assert (first.expected_pickup_at - NOW).total_seconds() == pytest.approx(100, abs=1)
    assert (trip.ends_at - NOW).total_seconds() == pytest.approx(500, abs=2)
    assert (trip.ends_in.lat, trip.ends_in.lng) == (deliveries[1]["dropoff"]["lat"], deliveries[1]["dropoff"]["lng"])
    assert first.pay + second.pay == 250 + round(60 * 2.5) + 3 * 75
    assert abs(first.pay - second.pay) <= 1
    assert trip.expires_at == NOW + timedelta(seconds=45)


@pytest.mark.parametrize(
    "refusal",
    [
        False,
        ClientError({"Error": {"Code": "ThrottlingException"}}, "TransactWriteItems"),
        ReadTimeoutError(endpoint_url="dynamodb"),
    ],
)
def test_one_offer_that_fails_leaves_the_others_standing(refusal: Any) -> None:
    table = FakeTable(
        [searching(), searching(SECOND)], {ZONE: [driver(), driver(OTHER_DRIVER)]}, refuses={DELIVERY_ID: refusal}
    )
    assert result(table) == Result(offered=1, trips=1, left_open=1)
    assert list(table.offers) == [SECOND]


def test_one_broken_row_leaves_the_others_planned_and_asks_for_no_round() -> None:
    table = FakeTable([searching(pickup=None), searching(SECOND)], {ZONE: [driver()]})
    assert result(table) == Result(offered=1, trips=1, left_open=0)


@pytest.mark.parametrize("changes", [{"position": None}, {"position": {"lat": 40.44}}, {"on_duty": None}])
def test_one_broken_driver_leaves_the_others_to_be_asked(changes: Row) -> None:
    table = FakeTable([searching()], {ZONE: [driver(**changes), driver(OTHER_DRIVER)]})
    assert result(table) == Result(offered=1, trips=1)
    assert table.offers == {DELIVERY_ID: OTHER_DRIVER}


def test_an_offer_s_time_begins_when_it_is_made() -> None:
    moments = iter(NOW + timedelta(seconds=passed) for passed in (0, 3, 8, 9))
    table = FakeTable([searching(), searching(SECOND)], {ZONE: [driver(), driver(OTHER_DRIVER)]})
    run(ZONE, table, LastRounds(), clock=lambda: next(moments), settings=SETTINGS, plan=FirstComeFirstServed())
    stands = timedelta(seconds=SETTINGS.offer_s)
    assert [trip.expires_at for trip in table.offered] == [NOW + timedelta(seconds=each) + stands for each in (3, 8)]


@pytest.mark.parametrize(("free_in", "asked"), [(45, True), (120, False)])
def test_a_driver_about_to_come_free_is_asked_ahead(free_in: float, asked: bool) -> None:
    ends_at = rfc3339(NOW + timedelta(seconds=free_in))
    table = FakeTable([searching()], {ZONE: [driver_busy(deliveries={SECOND}, ends_at=ends_at)]})
    result(table)
    assert table.offers == ({DELIVERY_ID: DRIVER} if asked else {})


@pytest.mark.parametrize(("free_in", "asked"), [(55, True), (75, False)])
def test_what_reading_and_planning_took_is_no_reason_to_ask_later(free_in: float, asked: bool) -> None:
    """Asked is who comes free within 50 seconds of when offers are made, here 10 seconds after the round began."""
    moments = iter([NOW, NOW + timedelta(seconds=10), NOW + timedelta(seconds=10)])
    ends_at = rfc3339(NOW + timedelta(seconds=free_in))
    table = FakeTable([searching()], {ZONE: [driver_busy(deliveries={SECOND}, ends_at=ends_at)]})
    run(ZONE, table, LastRounds(), clock=lambda: next(moments), settings=SETTINGS, plan=FirstComeFirstServed())
    assert table.offers == ({DELIVERY_ID: DRIVER} if asked else {})


@pytest.mark.parametrize(
    ("ago_s", "free_in", "asked"),
    [
        (10, 55, False),  # the last round was a moment ago: the next one comes as usual, after 30 seconds
        (45, 55, True),
        (45, 70, False),
        (600, 75, True),  # it is not known how late the next one is, where nothing was open for long
        (600, 85, False),
    ],
)
def test_where_rounds_come_late_drivers_are_asked_sooner(ago_s: float, free_in: float, asked: bool) -> None:
    last_rounds = LastRounds()
    last = NOW - timedelta(seconds=ago_s)
    run(ZONE, FakeTable([searching()], {}), last_rounds, clock=lambda: last, settings=SETTINGS)
    ends_at = rfc3339(NOW + timedelta(seconds=free_in))
    table = FakeTable([searching()], {ZONE: [driver_busy(deliveries={SECOND}, ends_at=ends_at)]})
    run(ZONE, table, last_rounds, clock=at_now, settings=SETTINGS, plan=FirstComeFirstServed())
    assert table.offers == ({DELIVERY_ID: DRIVER} if asked else {})


@pytest.mark.parametrize(("ago_s", "asked"), [(100, True), (20, False)])
def test_a_driver_on_the_way_back_from_the_door_is_asked_ahead(ago_s: float, asked: bool) -> None:
    table = FakeTable([searching()], {ZONE: [driver(transition="deliver", occurred_at=ago(ago_s))]})
    result(table)
    assert table.offers == ({DELIVERY_ID: DRIVER} if asked else {})


@settings(max_examples=40, deadline=None)
@given(
    overdue_s=st.floats(0, 3600), there=st.integers(-3000, 3000), away=st.integers(-3000, 3000), order=st.integers(1, 9)
)
def test_a_free_driver_is_used_though_another_is_overdue(overdue_s: float, there: int, away: int, order: int) -> None:
    """Who should have been free here for longer than the free one takes to come is not waited for."""
    busy = driver_busy(ends_at=ago(overdue_s), ends_in=north(there))
    table = FakeTable(
        [late(seconds=10)], {ZONE: [busy, driver(OTHER_DRIVER, position=north(away))][:: order % 2 or -1]}
    )
    run(ZONE, table, LastRounds(), clock=at_now, settings=SETTINGS)
    if overdue_s > abs(away) / SETTINGS.speed_mps + 2 * 60:
        assert table.offers == {DELIVERY_ID: OTHER_DRIVER}


@pytest.mark.parametrize(
    ("carried", "latest", "asked"),
    [
        ({"first", "next"}, {"next"}, False),
        ({"first", "of two", "next"}, {"next"}, False),
        ({"next"}, {"next"}, True),
        ({"first"}, {"next"}, True),  # the next one was cancelled
        ({"one", "two"}, {"one", "two"}, True),
    ],
)
def test_a_driver_with_a_trip_and_the_next_is_offered_no_third(
    carried: set[str], latest: set[str], asked: bool
) -> None:
    busy = driver_busy(deliveries=carried, trip_deliveries=latest, ends_at=ago(-10))
    table = FakeTable([searching()], {ZONE: [busy]})
    assert result(table).offered == asked


def test_an_offers_line_in_the_log_says_who_was_considered_and_where_nobody_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        result(FakeTable([searching()], {ZONE: [driver()]}))
    [line] = [record for record in caplog.records if record.message == "trip offered"]
    told = vars(line)
    assert (told["order_ids"], told["driver_id"], told["decided"]) == ([DELIVERY_ID], DRIVER, "came first")
    assert "40.44" not in str({name: told[name] for name in ("order_ids", "decided", "considered", "zone")})


# -- what the planner is given -----------------------------------------------------------------------------------------


def test_all_durations_are_real_ones_however_fast_the_clock_is() -> None:
    plan = FirstComeFirstServed()
    table = FakeTable([searching()], {ZONE: [driver(position=north(-500))]})
    result(table, plan, time_scale=20)
    [trip], [seen] = table.offered, plan.deliveries
    assert (trip.parts[0].expected_pickup_at - NOW).total_seconds() == pytest.approx(100 / 20, abs=0.1)
    assert trip.expires_at == NOW + timedelta(seconds=45 / 20)
    assert seen.ready_at - seen.opened_at == pytest.approx(600 * 20, abs=15)


@pytest.mark.parametrize("scale", [1, 20])
def test_a_merchants_word_is_corrected_by_how_it_was_kept_and_by_the_truth(scale: int) -> None:
    now = scale * NOW.timestamp()
    known = Readiness(Usual(late=120.0, late_variance=60.0**2, count=300))
    for number in range(30):
        known = known.observed(900.0, 300.0, now - 9000 + 300 * number)
    table = FakeTable([searching(), late(SECOND, 60, merchant_id="merchant-2"), searching("d3", merchant_id="m3")], {})
    table.learnt, table.known = Area(usual=known.usual), {"merchant-1": Merchant(known.kitchen)}
    plan = FirstComeFirstServed()
    result(table, plan, time_scale=scale)
    word, truth, stranger = plan.deliveries
    expected = known.of(scale * 600, now)
    assert word.ready_at == pytest.approx(now + scale * 600 + expected.mean, abs=1)
    assert word.ready_spread == pytest.approx(expected.spread, rel=0.01)
    assert (truth.ready_at, truth.ready_spread) == (now - scale * 60, 0)
    unknown = Readiness(known.usual).of(scale * 600, now)
    assert stranger.ready_at == pytest.approx(now + scale * 600 + unknown.mean, abs=1)
    assert table.asked_of[0] == {"merchant-1", "m3"}


def test_words_of_other_orders_are_heard_while_these_are_not_ready() -> None:
    """A delivery's own word is not heard twice; and is from when it was given, not from when it came in."""
    now, slow = NOW.timestamp(), {"other": (2400.0, NOW.timestamp() - 60)}
    confirmed_at = ago(240)
    plan = FirstComeFirstServed()
    table = FakeTable([searching(confirmed_at=confirmed_at), searching(SECOND, merchant_id="merchant-2")], {})
    own = {DELIVERY_ID: (840.0, now - 240)}
    table.known = {"merchant-1": Merchant(words={**slow, **own}), "merchant-2": Merchant(words={SECOND: (600.0, now)})}
    result(table, plan)
    heard, alone = plan.deliveries
    late, unheard = Readiness().hearing(2400, now - 60).of(840, now - 240), Readiness().of(600, now)
    assert heard.ready_at == pytest.approx(now + 600 + late.mean, abs=1)
    assert alone.ready_at == pytest.approx(now + 600 + unheard.mean, abs=1)


def test_what_a_customer_was_promised_is_handed_on() -> None:
    plan = FirstComeFirstServed()
    promised = searching(promised_at=rfc3339(NOW + timedelta(minutes=2)))
    result(FakeTable([promised, searching(SECOND)], {}), plan, time_scale=20)
    until = [each.promised_at - NOW.timestamp() * 20 for each in plan.deliveries]
    assert until == [pytest.approx(20 * 120), inf]


def test_what_an_operator_decided_and_drivers_refused_is_handed_on() -> None:
    plan = FirstComeFirstServed()
    row = searching(refused_by={DRIVER}, barred={OTHER_DRIVER}, pinned_to="driver-3", forced=True, size=3)
    result(
        FakeTable([row], {ZONE: [driver(acceptance=0.4, carried=7, shift_ends_at=rfc3339(NOW + timedelta(hours=1)))]}),
        plan,
    )
    [seen], [who] = plan.deliveries, plan.drivers
    assert [set(seen.refused_by), set(seen.barred)] == [{DRIVER}, {OTHER_DRIVER}]
    assert (seen.pinned_to, seen.forced, seen.size) == ("driver-3", True, 3)
    assert who.carried == 7
    assert (who.acceptance, who.shift_ends_at - NOW.timestamp(), who.vehicle) == (0.4, 3600, "BICYCLE")


@pytest.mark.parametrize(
    ("row", "free_in", "place", "answering"),
    [
        (driver(), 0, PICKUP, False),
        (driver(transition="deliver"), 120, PICKUP, False),
        (driver_busy(), 900, DROPOFF, False),
        (driver_busy(ends_at=ago(5)), 60, DROPOFF, False),
        (driver_busy(ends_at=ago(600)), 600, DROPOFF, False),
        (driver_offered(), 900, DROPOFF, True),
    ],
    ids=["free", "on the way back from the door", "busy", "late", "very late", "asked"],
)
def test_when_and_where_a_driver_will_be_free(row: Row, free_in: float, place: Row, answering: bool) -> None:
    plan = FirstComeFirstServed()
    result(FakeTable([searching()], {ZONE: [row]}), plan)
    [who], [there] = plan.drivers, plan.deliveries
    assert who.free_at - NOW.timestamp() == pytest.approx(free_in, abs=0.1)
    assert who.answering is answering
    assert who.spot == (there.pickup if place == PICKUP else there.dropoff)


def test_how_long_ways_take_is_learnt() -> None:
    legs = Legs()
    for metres in (500.0, 1000.0, 1500.0) * 10:
        legs = legs.after(metres, 200 + metres / 4)
    plan = FirstComeFirstServed()
    table = FakeTable([searching()], {ZONE: [driver(position=north(-400))]})
    table.learnt = Area({"BICYCLE": legs})
    result(table, plan)
    assert (table.offered[0].parts[0].expected_pickup_at - NOW).total_seconds() == pytest.approx(100, abs=1)
    assert plan.settings.pickup_after == plan.settings.dropoff_before == pytest.approx(100, abs=1)


def test_the_next_rounds_search_begins_with_what_this_one_meant_to_do() -> None:
    plan, last_rounds = FirstComeFirstServed(), LastRounds()
    for _ in range(2):
        table = FakeTable([searching(), searching(SECOND)], {ZONE: [driver(), driver_busy(OTHER_DRIVER)]})
        run(ZONE, table, last_rounds, clock=at_now, settings=SETTINGS, plan=plan)
    assert plan.before == {OTHER_DRIVER: [(SECOND,)]}


def test_where_orders_come_from_is_counted_once_for_each() -> None:
    plan, table = FirstComeFirstServed(), FakeTable([searching(), searching(SECOND)], {})
    result(table, plan)
    [demand] = plan.demand
    assert demand.rate * FADES_S == pytest.approx(2, rel=0.02)
    table.learnt = Area(demand=table.demand[-1])
    result(table, plan)
    assert plan.demand[0].rate * FADES_S == pytest.approx(2, rel=0.02)
    assert len(table.demand) == 1


@pytest.mark.parametrize(
    ("row", "rings"),
    [
        (searching(), RINGS),
        (late(seconds=599), RINGS),
        (late(seconds=600), MOST_RINGS),
        (late(seconds=600, requested_at=ago(10)), RINGS),
        (late(seconds=600, expected_ready_at=ago(10), ready_at=None), RINGS),
        (late(seconds=600, ready_at=ago(10)), MOST_RINGS),
        (late(seconds=1500, searching_since=ago(10)), MOST_RINGS),
    ],
    ids=["new", "in time", "half of the time", "just opened", "not ready", "ready later than said", "looked for anew"],
)
def test_the_neighbours_lend_drivers_and_others_from_half_of_the_time_on(row: Row, rings: int) -> None:
    """Before the customer is told; and no less once that customer chose to keep waiting."""
    table = FakeTable([searching(SECOND), row], {})
    result(table)
    assert set(table.looked_into) == {cell for distance in range(rings + 1) for cell in zones.ring(ZONE, distance)}


NEIGHBOUR = zones.ring(ZONE, 1)[0]


def test_what_is_open_around_is_planned_along_and_offered_by_its_own_zones_round() -> None:
    plan, table = FirstComeFirstServed(), FakeTable([searching()], {ZONE: [driver(), driver(OTHER_DRIVER)]})
    table.around = {NEIGHBOUR: [searching(SECOND, zone=NEIGHBOUR)]}
    assert result(table, plan) == Result(offered=1, trips=1)
    assert [each.delivery_id for each in plan.deliveries] == [DELIVERY_ID, SECOND]
    assert table.offers == {DELIVERY_ID: DRIVER}


@pytest.mark.parametrize("offered", [True, False])
def test_a_trip_over_a_border_is_offered_by_the_zone_of_its_first_delivery(offered: bool) -> None:
    class Sorted(FirstComeFirstServed):
        def __call__(self, now: float, deliveries: Any, *args: Any, **kwargs: Any) -> Any:
            return super().__call__(now, sorted(deliveries, key=lambda each: each.delivery_id), *args, **kwargs)

    first, other = sorted((DELIVERY_ID, SECOND))
    table = FakeTable([searching(first if offered else other)], {ZONE: [driver()]})
    table.around = {NEIGHBOUR: [searching(other if offered else first, zone=NEIGHBOUR)]}
    result(table, Sorted(together=True))
    assert table.offers == (dict.fromkeys((first, other), DRIVER) if offered else {})


def test_of_many_open_around_those_nearest_to_the_middle_are_planned_along() -> None:
    plan, table = FirstComeFirstServed(), FakeTable([searching()], {ZONE: [driver()]})
    middle = zones.centre(ZONE)
    far = [{"lat": middle.lat + 0.001 * number, "lng": middle.lng} for number in range(MOST_BESIDE + 10)]
    rows = [searching(f"delivery-{number}", pickup=place) for number, place in enumerate(far)]
    table.around = {NEIGHBOUR: rows[::-1]}
    result(table, plan)
    assert {each.delivery_id for each in plan.deliveries} == {DELIVERY_ID} | {
        f"delivery-{number}" for number in range(MOST_BESIDE)
    }


def test_orders_are_expected_from_around_too() -> None:
    plan, table = FirstComeFirstServed(), FakeTable([searching()], {})
    table.around = {NEIGHBOUR: [searching(SECOND)]}
    table.areas = {ZONE: Area(), NEIGHBOUR: Area(demand=DemandSeen().seen(Spot(100, -200), NOW.timestamp()))}
    result(table, plan)
    middle, there = zones.centre(ZONE), zones.centre(NEIGHBOUR)
    x, y = Plane(middle.lat, middle.lng).spot(there.lat, there.lng)
    assert plan.demand[1].spot == Spot(x + 100, y - 200)
    assert [round(each.rate * FADES_S, 1) for each in plan.demand] == [1.0, 1.0]


# -- searches that take too long ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "delayed"),
    [
        (late(seconds=1199), []),
        (late(seconds=1200), [DELIVERY_ID]),
        (late(seconds=1200, ready_at=ago(10)), []),
        (late(seconds=1200, ready_at=None, expected_ready_at=rfc3339(NOW)), []),
        (late(seconds=1200, ready_at=None), [DELIVERY_ID]),
        (late(seconds=1200, searching_since=ago(10)), []),
        (late(seconds=2000, delayed_at=ago(1)), []),
    ],
    ids=["in time", "late", "just ready", "not ready", "said to be ready", "looked for anew", "asked before"],
)
def test_a_customer_is_asked_when_nobody_was_found_in_time(row: Row, delayed: list[str]) -> None:
    table = FakeTable([row], {})
    assert result(table) == Result(delayed=len(delayed), left_open=1)
    assert (table.delayed, table.given_up) == (delayed, [])


@pytest.mark.parametrize(("asked_s", "given_up"), [(899, []), (900, [DELIVERY_ID])])
def test_the_search_ends_when_the_customer_did_not_answer(asked_s: float, given_up: list[str]) -> None:
    table = FakeTable([late(seconds=3000, delayed_at=ago(asked_s))], {})
    assert result(table) == Result(given_up=len(given_up), left_open=1 - len(given_up))
    assert table.given_up == given_up


@pytest.mark.parametrize(
    ("row", "asked"),
    [(driver(zone="far", zone_key="far"), True), (off_duty(), False), (driver(position=None, zone_key=None), False)],
    ids=["on duty", "off duty", "not seen yet"],
)
def test_whom_an_operator_named_is_asked_wherever_it_is(row: Row, asked: bool) -> None:
    table = FakeTable([searching(pinned_to=DRIVER, forced=True)], {})
    table.elsewhere = {DRIVER: row}
    assert result(table) == Result(offered=int(asked), trips=int(asked), left_open=int(not asked))


@pytest.mark.parametrize("named", [{"pinned_to": DRIVER}, {"pinned_to": DRIVER, "forced": True}])
def test_what_an_operator_has_somebody_for_is_not_given_up(named: Row) -> None:
    table = FakeTable([late(seconds=9000, delayed_at=ago(5000), **named)], {})
    assert result(table) == Result(left_open=1)


@pytest.mark.parametrize(("free_in", "given_up"), [(600, 0), (901, 1)])
def test_the_search_goes_on_while_somebody_is_about_to_come_free(free_in: float, given_up: int) -> None:
    ends_at = rfc3339(NOW + timedelta(seconds=free_in))
    table = FakeTable([late(seconds=3000, delayed_at=ago(900))], {ZONE: [driver_busy(ends_at=ends_at)]})
    assert result(table) == Result(given_up=given_up, left_open=1 - given_up)


def test_who_is_found_at_the_last_moment_is_offered_it() -> None:
    table = FakeTable([late(seconds=3000, delayed_at=ago(900)), late(SECOND)], {ZONE: [driver(), driver(OTHER_DRIVER)]})
    assert result(table) == Result(offered=2, trips=2)
    assert (table.delayed, table.given_up) == ([], [])
