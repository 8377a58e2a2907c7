"""What a round makes of its zone: all that can be committed is, whatever the rest does."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from services.dispatch import zones
from services.dispatch.planner import PlannedOffer, PlanSettings
from services.dispatch.rounds import MOST_RINGS, Result, run
from tests.dispatch.rows import DELIVERY_ID, DRIVER, NOW, OTHER_DRIVER, ZONE, Row, driver, driver_busy, searching

SETTINGS = PlanSettings(speed_mps=5, offer_s=45, search_s=1800)
SECOND = "5a1e7d20-6c3b-4f88-9d11-2b7c0e4f6a90"


class FakeTable:
    """`refuses`: deliveries whose writes fail as given: False for somebody else was first."""

    def __init__(self, deliveries: list[Row], drivers: dict[str, list[Row]], **refuses: Any) -> None:
        self.deliveries = deliveries
        self.drivers = defaultdict(list, drivers)
        self.refuses = refuses.get("refuses", {})
        self.looked_into: list[str] = []
        self.offers: dict[str, str] = {}
        self.given_up: list[str] = []

    def searching_in(self, zone: str) -> list[Row]:
        return self.deliveries if zone == ZONE else []

    def drivers_in(self, zone: str) -> list[Row]:
        self.looked_into.append(zone)
        return self.drivers[zone]

    def offer(self, offer: PlannedOffer, *, offer_id: str, now: datetime, caused_by: str) -> bool:
        if self._holds(offer.delivery.delivery_id):
            self.offers[offer.delivery.delivery_id] = offer.driver_id
            return True
        return False

    def give_up(self, delivery_id: str, *, sequence: int, now: datetime, caused_by: str) -> bool:
        if self._holds(delivery_id):
            self.given_up.append(delivery_id)
            return True
        return False

    def _holds(self, delivery_id: str) -> bool:
        answer = self.refuses.get(delivery_id, True)
        if isinstance(answer, Exception):
            raise answer
        return bool(answer)


def at_now() -> datetime:
    return NOW


def waiting_s(seconds: float) -> str:
    return (NOW - timedelta(seconds=seconds)).isoformat()


def late(delivery_id: str = DELIVERY_ID) -> Row:
    return searching(delivery_id, searching_since=(NOW - timedelta(seconds=1800)).isoformat())


def test_a_delivery_is_offered_to_a_driver_of_its_zone() -> None:
    table = FakeTable([searching()], {ZONE: [driver()]})
    assert run(ZONE, table, clock=at_now, settings=SETTINGS) == Result(offered=1)
    assert table.offers == {DELIVERY_ID: DRIVER}


def test_a_zone_without_work_reads_no_driver() -> None:
    table = FakeTable([], {})
    assert run(ZONE, table, clock=at_now, settings=SETTINGS) == Result()
    assert table.looked_into == []


def test_what_nobody_can_be_asked_for_is_left_open() -> None:
    assert run(ZONE, FakeTable([searching()], {ZONE: [driver_busy()]}), clock=at_now, settings=SETTINGS) == Result(
        left_open=1
    )


def test_a_search_past_its_limit_ends_although_drivers_are_free() -> None:
    table = FakeTable([late()], {ZONE: [driver()]})
    assert run(ZONE, table, clock=at_now, settings=SETTINGS) == Result(given_up=1)
    assert table.given_up == [DELIVERY_ID]
    assert table.offers == {}


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
    assert run(ZONE, table, clock=at_now, settings=SETTINGS) == Result(offered=1, left_open=1)
    assert list(table.offers) == [SECOND]


def test_one_broken_row_leaves_the_others_planned() -> None:
    table = FakeTable([searching(pickup=None), searching(SECOND)], {ZONE: [driver()]})
    assert run(ZONE, table, clock=at_now, settings=SETTINGS) == Result(offered=1, left_open=1)


@pytest.mark.parametrize("changes", [{"position": None}, {"position": {"lat": 40.44}}, {"on_duty": None}])
def test_one_broken_driver_leaves_the_others_to_be_asked(changes: Row) -> None:
    table = FakeTable([searching()], {ZONE: [driver(**changes), driver(OTHER_DRIVER)]})
    assert run(ZONE, table, clock=at_now, settings=SETTINGS) == Result(offered=1)
    assert table.offers == {DELIVERY_ID: OTHER_DRIVER}


def test_a_driver_from_whom_an_operator_took_it_is_not_asked_though_nobody_else_is_there() -> None:
    for barred, offers in ((None, {DELIVERY_ID: DRIVER}), ({DRIVER}, {})):
        table = FakeTable([searching(refused_by={DRIVER}, barred=barred)], {ZONE: [driver()]})
        run(ZONE, table, clock=at_now, settings=SETTINGS)
        assert table.offers == offers


def test_the_neighbours_are_always_considered_and_what_is_further_only_when_needed() -> None:
    near = FakeTable([searching()], {ZONE: [driver()]})
    run(ZONE, near, clock=at_now, settings=SETTINGS)
    assert sorted(near.looked_into) == sorted(zones.ring(ZONE, 0) + zones.ring(ZONE, 1))

    third = zones.ring(ZONE, 3)[0]
    far = FakeTable([searching(searching_since=waiting_s(700))], {third: [driver()]})
    assert run(ZONE, far, clock=at_now, settings=SETTINGS) == Result(offered=1)
    assert not set(far.looked_into) & set(zones.ring(ZONE, 4))


@pytest.mark.parametrize(("waited_s", "rings"), [(0, 1), (224, 1), (226, 2), (451, 3), (676, 4), (1799, 4)])
def test_the_longer_somebody_waits_the_further_a_round_looks(waited_s: float, rings: int) -> None:
    table = FakeTable([searching(), searching(SECOND, searching_since=waiting_s(waited_s))], {})
    run(ZONE, table, clock=at_now, settings=SETTINGS)
    assert set(table.looked_into) == {cell for distance in range(rings + 1) for cell in zones.ring(ZONE, distance)}


def test_an_offer_s_time_begins_when_it_is_made() -> None:
    moments = iter(NOW + timedelta(seconds=passed) for passed in (0, 3, 8))
    made: list[tuple[datetime, datetime]] = []

    class Recording(FakeTable):
        def offer(self, offer: PlannedOffer, *, offer_id: str, now: datetime, caused_by: str) -> bool:
            made.append((now, offer.expires_at))
            return True

    table = Recording([searching(), searching(SECOND)], {ZONE: [driver(), driver(OTHER_DRIVER)]})
    run(ZONE, table, clock=lambda: next(moments), settings=SETTINGS)
    stands = timedelta(seconds=SETTINGS.offer_s)
    assert made == [(NOW + timedelta(seconds=each), NOW + timedelta(seconds=each) + stands) for each in (3, 8)]


def test_a_driver_who_refused_does_not_end_the_search_for_a_willing_one() -> None:
    second = zones.ring(ZONE, 2)[0]
    table = FakeTable(
        [searching(refused_by={DRIVER}, searching_since=waiting_s(300))],
        {ZONE: [driver()], second: [driver(OTHER_DRIVER)]},
    )
    run(ZONE, table, clock=at_now, settings=SETTINGS)
    assert table.offers == {DELIVERY_ID: OTHER_DRIVER}


def test_nobody_is_looked_for_beyond_the_last_ring() -> None:
    table = FakeTable([searching(searching_since=waiting_s(1799))], {zones.ring(ZONE, MOST_RINGS + 1)[0]: [driver()]})
    assert run(ZONE, table, clock=at_now, settings=SETTINGS) == Result(left_open=1)


def test_a_delivery_that_is_ready_is_expected_as_soon_as_the_driver_is_there() -> None:
    made: list[PlannedOffer] = []

    class Recording(FakeTable):
        def offer(self, offer: PlannedOffer, *, offer_id: str, now: datetime, caused_by: str) -> bool:
            made.append(offer)
            return True

    run(ZONE, Recording([searching(ready_at=NOW.isoformat())], {ZONE: [driver()]}), clock=at_now, settings=SETTINGS)
    assert made[0].expected_pickup_at == NOW
