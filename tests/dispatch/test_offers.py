"""Timers and the sweep: what happens to offers that nobody answers, and to searches whose timer was lost."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.dispatch.offers import Swept, ring, sweep
from services.dispatch.queues import OfferExpiry, RoundAgain
from tests.dispatch.fakes import FakeRounds, FakeTimers
from tests.dispatch.rows import DELIVERY_ID, NOW, ZONE, Row, assigned, offered, searching

DUE = NOW + timedelta(seconds=45)
EXPIRY = OfferExpiry(delivery_id=DELIVERY_ID, offer_id="offer-1", due=DUE)
SECOND = "5a1e7d20-6c3b-4f88-9d11-2b7c0e4f6a90"


class FakeTable:
    """`busy`: the delivery whose write DynamoDB throttles."""

    def __init__(self, *rows: Row, writes: bool = True, busy: str = "") -> None:
        self.rows = {row["delivery_id"]: row for row in rows}
        self.writes = writes
        self.busy = busy
        self.expired: list[str] = []

    def delivery(self, delivery_id: str) -> dict[str, Any] | None:
        return self.rows.get(delivery_id)

    def open_deliveries(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows.values())

    def expire_offer(self, delivery: dict[str, Any], *, now: datetime, caused_by: str) -> bool:
        if delivery["delivery_id"] == self.busy:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "TransactWriteItems")
        if self.writes:
            self.expired.append(delivery["delivery_id"])
        return self.writes


def test_an_offer_that_nobody_answered_is_taken_back_when_it_is_due() -> None:
    table = FakeTable(offered())
    assert ring(EXPIRY, table, FakeRounds(), FakeTimers(), now=DUE) == "expired"
    assert table.expired == [DELIVERY_ID]


def test_a_timer_that_rings_early_is_set_again() -> None:
    """SQS delays for 15 minutes at most: what is further away comes in legs."""
    table, timers = FakeTable(offered()), FakeTimers()
    assert ring(EXPIRY, table, FakeRounds(), timers, now=DUE - timedelta(milliseconds=1)) == "early"
    assert timers.running == [EXPIRY]
    assert table.expired == []


@pytest.mark.parametrize(
    "table",
    [
        FakeTable(assigned()),
        FakeTable(offered(offer=offered()["offer"] | {"offer_id": "offer-2"})),
        FakeTable(),
        FakeTable(offered(), writes=False),
    ],
    ids=["accepted", "offered again", "unknown", "answered at this moment"],
)
def test_an_offer_that_was_answered_is_left_alone(table: FakeTable) -> None:
    assert ring(EXPIRY, table, FakeRounds(), FakeTimers(), now=DUE) == "answered"
    assert table.expired == []


def test_a_zone_whose_round_left_work_open_is_asked_for_again() -> None:
    rounds = FakeRounds()
    assert ring(RoundAgain(zone=ZONE, due=NOW), FakeTable(), rounds, FakeTimers(), now=NOW) == "asked"
    assert rounds.asked == [ZONE]


def test_the_sweep_takes_back_what_is_over_and_asks_once_for_each_zone_that_searches() -> None:
    rounds = FakeRounds()
    over = offered(SECOND, offer=offered()["offer"] | {"expires_at": NOW.isoformat()})
    table = FakeTable(over, offered("standing"), searching(), searching("second in the zone"), assigned("carried"))
    assert sweep(table, rounds, now=NOW) == Swept(expired=1, zones=1)
    assert table.expired == [SECOND]
    assert rounds.asked == [ZONE]


@pytest.mark.parametrize(
    "broken",
    [
        offered("broken", offer={"offer_id": "offer-1"}),
        offered("broken", offer=offered()["offer"] | {"expires_at": "soon"}),
        searching("broken", state=None),
        searching("broken", zone=None),
        offered("busy", offer=offered()["offer"] | {"expires_at": NOW.isoformat()}),
    ],
    ids=["offer without an end", "no moment", "no state", "no zone", "DynamoDB cannot now"],
)
def test_a_row_that_fails_keeps_no_other_from_being_swept(broken: Row) -> None:
    rounds = FakeRounds()
    over = offered(SECOND, offer=offered()["offer"] | {"expires_at": NOW.isoformat()})
    table = FakeTable(broken, over, searching(), busy="busy")
    assert sweep(table, rounds, now=NOW) == Swept(expired=1, zones=1, failed=1)
    assert table.expired == [SECOND]
    assert rounds.asked == [ZONE]


def test_a_zone_that_cannot_be_asked_for_keeps_no_other_from_being_asked_for() -> None:
    class Refusing(FakeRounds):
        def ask(self, zone: str, now: datetime) -> None:
            if zone == "a zone":
                raise ClientError({"Error": {"Code": "ThrottlingException"}}, "SendMessage")
            super().ask(zone, now)

    rounds = Refusing()
    table = FakeTable(searching("other", zone="a zone"), searching(zone="one zone"))
    assert sweep(table, rounds, now=NOW) == Swept(expired=0, zones=1, failed=1)
    assert rounds.asked == ["one zone"]
