"""The table's conditional writes, on both engines: each leaves rows that the domain has events for."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.envelope import rfc3339

from services.dispatch import domain
from services.dispatch.domain import events_for
from services.dispatch.learning import Area
from services.dispatch.legs import Legs
from services.dispatch.places import Point
from services.dispatch.planner.demand import DemandSeen
from services.dispatch.planner.merchants import Merchant
from services.dispatch.planner.model import Spot
from services.dispatch.planner.readiness import Readiness, Usual
from services.dispatch.rows import AT_ONCE
from services.dispatch.table import DispatchTable
from services.dispatch.writes import readiness_key
from tests.dispatch.rows import (
    DELIVERY_ID,
    DRIVER,
    NOW,
    OTHER_DRIVER,
    ZONE,
    Row,
    assigned,
    driver,
    driver_busy,
    driver_in,
    driver_offered,
    off_duty,
    offered,
    picked_up,
    planned,
    put,
    searching,
    together,
    trip_of,
)
from tests.tables import contents, stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table as DynamoTable

OTHER = "5a1e7d20-6c3b-4f88-9d11-2b7c0e4f6a90"
HERE = Point(40.44, -80.0)


def offer(table: DispatchTable, *args: Any, **kwargs: Any) -> bool:
    return table.offer(planned(*args, **kwargs), now=NOW, caused_by="round")


def trip_offered(dynamo: "DynamoTable") -> list[Row]:
    """A trip of two deliveries, and its driver, are in the table; the deliveries' rows."""
    rows = together(offered, DELIVERY_ID, OTHER)
    put(dynamo, *rows, driver_offered(offered={DELIVERY_ID, OTHER}))
    return rows


def made(dynamo: "DynamoTable", write: Callable[[], bool]) -> list[str]:
    """The events of what `write` changed, as the stream would make them."""
    before = contents(dynamo)
    assert write()
    after = contents(dynamo)
    changed = [key for key in after if after[key] != before.get(key)]
    return [event.detail_type for key in changed for event in events_for(before.get(key), after[key])]


def changes_nothing(dynamo: "DynamoTable", write: Callable[[], bool]) -> bool:
    before = contents(dynamo)
    return not write() and contents(dynamo) == before


# -- nobody and nothing is held twice ----------------------------------------------------------------------------------


def test_an_offer_holds_the_delivery_and_its_driver(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, searching(), driver())
    assert made(dynamo, lambda: offer(table)) == ["delivery.offered.v1"]
    delivery, asked = table.delivery(DELIVERY_ID), driver_in(dynamo)
    assert delivery is not None
    assert (domain.state_of(delivery), domain.holder(delivery)) == ("OFFERED", DRIVER)
    assert (domain.state_of(asked), asked["offered"]) == ("OFFERED", {DELIVERY_ID})
    assert table.searching_in(ZONE) == []


def test_a_delivery_is_not_offered_to_two_drivers(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, searching(), driver(), driver(OTHER_DRIVER))
    assert offer(table)
    assert changes_nothing(dynamo, lambda: offer(table, OTHER_DRIVER, offer_id="offer-2"))


def test_a_driver_is_not_offered_two_deliveries(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, searching(), searching(OTHER), driver())
    assert offer(table)
    assert changes_nothing(dynamo, lambda: offer(table, DRIVER, OTHER, offer_id="offer-2"))


@pytest.mark.parametrize("unfree", [off_duty(), driver_offered(), driver(sequence=3)])
def test_only_a_driver_on_duty_who_is_as_the_round_read_it_is_offered_anything(
    dynamo: "DynamoTable", table: DispatchTable, unfree: dict[str, Any]
) -> None:
    put(dynamo, searching(), unfree)
    assert changes_nothing(dynamo, lambda: offer(table))


def test_a_driver_about_to_come_free_is_offered_the_next_trip(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, searching(OTHER), driver_busy())
    assert made(dynamo, lambda: offer(table, DRIVER, OTHER, driver_sequence=4)) == ["delivery.offered.v1"]
    asked = driver_in(dynamo)
    assert (domain.state_of(asked), asked["deliveries"], asked["offered"]) == ("BUSY", {DELIVERY_ID}, {OTHER})


def test_a_trip_is_offered_whole_or_not_at_all(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, searching(), searching(OTHER, sequence=2), driver())
    assert changes_nothing(dynamo, lambda: offer(table, DRIVER, DELIVERY_ID, OTHER))
    put(dynamo, searching(OTHER))
    assert made(dynamo, lambda: offer(table, DRIVER, DELIVERY_ID, OTHER)) == ["delivery.offered.v1"] * 2
    rows = [table.delivery(each) or {} for each in (DELIVERY_ID, OTHER)]
    assert [row["trip"]["position"] for row in rows] == [1, 2]
    assert all(row["trip"]["delivery_ids"] == [DELIVERY_ID, OTHER] for row in rows)
    assert driver_in(dynamo)["offered"] == {DELIVERY_ID, OTHER}


@pytest.mark.parametrize(
    "decided",
    [{"pinned_to": OTHER_DRIVER}, {"barred": {DRIVER}}],
    ids=["pinned to another", "forbidden"],
)
def test_what_an_operator_decided_meanwhile_stands(
    dynamo: "DynamoTable", table: DispatchTable, decided: dict[str, Any]
) -> None:
    put(dynamo, searching(**decided), driver())
    assert changes_nothing(dynamo, lambda: offer(table))


def test_a_round_that_read_an_older_delivery_is_too_late(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, searching(sequence=3), driver())
    assert changes_nothing(dynamo, lambda: offer(table, sequence=1))
    assert changes_nothing(dynamo, lambda: table.give_up(DELIVERY_ID, sequence=1, now=NOW, caused_by="round"))


# -- offers end --------------------------------------------------------------------------------------------------------


def test_an_offer_that_lapsed_frees_both_and_is_remembered(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, offered(), driver_offered())
    assert made(dynamo, lambda: table.expire_offer(offered(), now=NOW, caused_by="timer")) == [
        "delivery.offer_expired.v1"
    ]
    [delivery], [free] = table.searching_in(ZONE), table.drivers_in(ZONE)
    assert table.in_zone(ZONE) == ([delivery], [free])
    assert (domain.state_of(delivery), delivery["refused_by"]) == ("SEARCHING", {DRIVER})
    assert domain.holder(delivery) is None
    assert domain.state_of(free) == "AVAILABLE"


def test_one_driver_more_who_let_it_lapse_is_remembered_beside_the_first(
    dynamo: "DynamoTable", table: DispatchTable
) -> None:
    put(dynamo, offered(refused_by={OTHER_DRIVER}), driver_offered())
    assert table.expire_offer(offered(), now=NOW, caused_by="timer")
    [delivery] = table.searching_in(ZONE)
    assert delivery["refused_by"] == {DRIVER, OTHER_DRIVER}


def test_a_timer_that_comes_after_the_answer_changes_nothing(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, assigned(), driver_busy())
    assert changes_nothing(dynamo, lambda: table.expire_offer(offered(), now=NOW, caused_by="timer"))


def test_a_timer_of_an_earlier_offer_does_not_end_the_present_one(dynamo: "DynamoTable", table: DispatchTable) -> None:
    standing = offered()["offer"] | {"offer_id": "offer-2"}
    put(dynamo, offered(offer=standing), driver_offered(offer_id="offer-2"))
    assert changes_nothing(dynamo, lambda: table.expire_offer(offered(), now=NOW, caused_by="timer"))


def test_an_offer_that_an_operator_decided_against_is_withdrawn_from_all_of_its_trip(
    dynamo: "DynamoTable", table: DispatchTable
) -> None:
    rows = trip_offered(dynamo)
    told = made(dynamo, lambda: table.withdraw_offer(rows[1], now=NOW, caused_by="outbox"))
    assert told == ["delivery.offer_withdrawn.v1"] * 2
    assert not any("refused_by" in row or "trip" in row for row in table.searching_in(ZONE))
    assert domain.state_of(driver_in(dynamo)) == "AVAILABLE"
    assert changes_nothing(dynamo, lambda: table.withdraw_offer(rows[0], now=NOW, caused_by="outbox"))


def test_the_next_trip_of_a_busy_driver_is_withdrawn_too(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, offered(OTHER, trip=trip_of(OTHER)[0]), driver_busy(offer_id="offer-1", offered={OTHER}))
    row = table.delivery(OTHER)
    assert row is not None
    assert made(dynamo, lambda: table.withdraw_offer(row, now=NOW, caused_by="outbox")) == [
        "delivery.offer_withdrawn.v1"
    ]
    assert domain.state_of(driver_in(dynamo)) == "BUSY"


def test_a_search_ends_once_and_leaves_the_open_deliveries(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, searching())

    def give_up() -> bool:
        return table.give_up(DELIVERY_ID, sequence=1, now=NOW, caused_by="round")

    assert made(dynamo, give_up) == ["delivery.unassigned.v1"]
    assert changes_nothing(dynamo, give_up)
    assert list(table.open_deliveries()) == []
    assert table.searching_in(ZONE) == []


def test_all_open_deliveries_are_found_as_they_stand_oldest_first(dynamo: "DynamoTable", table: DispatchTable) -> None:
    some = [f"delivery-{n:03}" for n in range(AT_ONCE + 5)]
    put(dynamo, *(searching(each, roster_key=f"2026-01-05#{each}") for each in some))
    put(dynamo, offered(some[3], roster_key=f"2026-01-05#{some[3]}"), searching("ended", roster=None))
    found = list(table.open_deliveries())
    assert [row["delivery_id"] for row in found] == some
    assert found[3]["offer"] == offered()["offer"]


def test_what_dynamodb_did_not_get_to_is_asked_for_again(
    dynamo: "DynamoTable", monkeypatch: pytest.MonkeyPatch
) -> None:
    put(dynamo, searching(), searching(OTHER, roster_key="2026-01-06"))
    client: Any = dynamo.meta.client
    asked: list[int] = []

    def one_at_a_time(RequestItems: Any) -> Any:  # noqa: N803 - boto3's name
        [(name, wanted)] = RequestItems.items()
        asked.append(len(wanted["Keys"]))
        first, rest = wanted["Keys"][:1], wanted["Keys"][1:]
        answer = get(RequestItems={name: {**wanted, "Keys": first}})
        return answer | {"UnprocessedKeys": {name: {"Keys": rest}} if rest else {}}

    get = client.batch_get_item
    monkeypatch.setattr(client, "batch_get_item", one_at_a_time)
    found = DispatchTable(dynamo, sleep=lambda _seconds: None).open_deliveries()
    assert [row["delivery_id"] for row in found] == [DELIVERY_ID, OTHER]
    assert asked == [2, 1]


def test_an_offered_trip_lapses_as_a_whole(dynamo: "DynamoTable", table: DispatchTable) -> None:
    rows = trip_offered(dynamo)
    told = made(dynamo, lambda: table.expire_offer(rows[1], now=NOW, caused_by="timer"))
    assert told == ["delivery.offer_expired.v1"] * 2
    assert {row["delivery_id"] for row in table.searching_in(ZONE)} == {DELIVERY_ID, OTHER}
    assert all(row["refused_by"] == {DRIVER} and "trip" not in row for row in table.searching_in(ZONE))
    assert changes_nothing(dynamo, lambda: table.expire_offer(rows[0], now=NOW, caused_by="timer"))


def test_a_cancellation_withdraws_the_offer_of_the_rest_of_its_trip(
    dynamo: "DynamoTable", table: DispatchTable
) -> None:
    rows = trip_offered(dynamo)
    told = made(dynamo, lambda: table.cancel(rows[0], now=NOW, caused_by="event-5"))
    assert sorted(told) == ["delivery.cancelled.v1", "delivery.offer_withdrawn.v1"]
    [left] = table.searching_in(ZONE)
    assert (left["delivery_id"], "refused_by" in left) == (OTHER, False)
    assert domain.state_of(driver_in(dynamo)) == "AVAILABLE"


def test_a_cancellation_leaves_the_rest_of_an_accepted_trip_with_its_driver(
    dynamo: "DynamoTable", table: DispatchTable
) -> None:
    rows = together(assigned, DELIVERY_ID, OTHER)
    put(dynamo, *rows, driver_busy(deliveries={DELIVERY_ID, OTHER}))
    told = made(dynamo, lambda: table.cancel(rows[0], now=NOW, caused_by="event-5"))
    assert told == ["delivery.cancelled.v1"]
    assert driver_in(dynamo)["deliveries"] == {OTHER}


def test_a_customer_is_asked_once_a_search(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, searching())

    def ask(sequence: int) -> bool:
        return table.delay(DELIVERY_ID, sequence=sequence, now=NOW, caused_by="round")

    assert made(dynamo, lambda: ask(1)) == ["delivery.delayed.v1"]
    assert changes_nothing(dynamo, lambda: ask(2))
    assert [row["delivery_id"] for row in table.searching_in(ZONE)] == [DELIVERY_ID]


# -- where drivers are, what is learnt ---------------------------------------------------------------------------------


def test_when_a_driver_comes_free_is_noted_of_the_trip_on_board(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, driver_busy())
    later = NOW + timedelta(minutes=20)
    assert made(dynamo, lambda: table.expect_free(DRIVER, "offer-1", later)) == []
    assert driver_in(dynamo)["ends_at"] == rfc3339(later)
    assert changes_nothing(dynamo, lambda: table.expect_free(DRIVER, "offer-0", NOW))
    put(dynamo, driver(trip_id="offer-1"))
    assert changes_nothing(dynamo, lambda: table.expect_free(DRIVER, "offer-1", later))


def test_with_what_a_driver_ends_is_noted_unless_something_happened_since(
    dynamo: "DynamoTable", table: DispatchTable
) -> None:
    put(dynamo, driver_busy())
    later = NOW + timedelta(minutes=20)

    def end(sequence: int) -> bool:
        return table.end_with(DRIVER, "offer-0", {DELIVERY_ID}, later, HERE, sequence=sequence)

    assert changes_nothing(dynamo, lambda: end(3))
    assert made(dynamo, lambda: end(4)) == []
    row = driver_in(dynamo)
    assert (row["trip_id"], row["trip_deliveries"], row["ends_at"]) == ("offer-0", {DELIVERY_ID}, rfc3339(later))
    assert row["ends_in"] == {"lat": 40.44, "lng": -80}
    put(dynamo, driver(sequence=4))
    assert changes_nothing(dynamo, lambda: end(4))


def test_who_handed_something_over_is_there(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, driver_busy())
    there = Point(40.5, -80.0)
    assert made(dynamo, lambda: table.reached(DRIVER, "offer-1", there, "zone-2")) == []
    assert [row["position"] for row in table.drivers_in("zone-2")] == [{"lat": 40.5, "lng": -80}]
    assert changes_nothing(dynamo, lambda: table.reached(DRIVER, "offer-0", HERE, ZONE))


def test_each_answer_counts_once_in_the_order_given(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, driver())
    assert made(dynamo, lambda: table.note_answer(DRIVER, sequence=4, acceptance=0.95, before=0)) == []
    assert changes_nothing(dynamo, lambda: table.note_answer(DRIVER, sequence=4, acceptance=0.9, before=0))
    assert table.note_answer(DRIVER, sequence=6, acceptance=0.9, before=4)
    assert driver_in(dynamo)["acceptance"] == pytest.approx(0.9)
    assert changes_nothing(dynamo, lambda: table.note_answer("nobody", sequence=4, acceptance=0.9, before=0))


def known_of(table: DispatchTable, merchant_id: str = "merchant-1") -> Merchant:
    return table.merchants([merchant_id]).get(merchant_id, Merchant())


def test_a_merchants_readiness_is_learnt_once_from_each_delivery(dynamo: "DynamoTable", table: DispatchTable) -> None:
    assert table.merchants(["merchant-1", ""]) == {}
    table.learn_readiness("merchant-1", ZONE, 900.0, 60.0, 1000.0, of=DELIVERY_ID)
    before = contents(dynamo)
    table.learn_readiness("merchant-1", ZONE, 900.0, 60.0, 1000.0, of=DELIVERY_ID)
    assert contents(dynamo) == before
    table.learn_readiness("merchant-1", ZONE, 600.0, 120.0, 1600.0, of=OTHER)
    known, expected = known_of(table), Readiness().observed(900, 60, 1000).observed(600, 120, 1600)
    assert asdict(table.area(ZONE).usual) == pytest.approx(asdict(expected.usual), abs=1e-4)
    assert list(known.kitchen.last) == [(960, 1000), (720, 1600)]
    assert asdict(replace(known.kitchen, last=())) == pytest.approx(
        asdict(replace(expected.kitchen, last=())), abs=1e-4
    )


def test_what_is_done_again_after_half_of_it_failed_is_learnt_as_if_done_once(
    dynamo: "DynamoTable", table: DispatchTable
) -> None:
    """The order must not be found to have taken just as long as itself."""
    table.learn_readiness("merchant-1", ZONE, 900.0, 60.0, 1000.0, of=DELIVERY_ID)
    before = contents(dynamo)
    table.learn_readiness("merchant-1", ZONE, 600.0, 1200.0, 1600.0, of=OTHER)
    after = table.area(ZONE).usual
    dynamo.put_item(Item=stored(before[readiness_key("merchant-1")["pk"], "READINESS"]))  # only the zone's was done
    table.learn_readiness("merchant-1", ZONE, 600.0, 1200.0, 1600.0, of=OTHER)
    assert table.area(ZONE).usual == after
    assert known_of(table).kitchen.count == 2
    assert known_of(table).kitchen.repeated < 0.01


def test_words_are_heard_until_their_orders_are_ready(dynamo: "DynamoTable", table: DispatchTable) -> None:
    table.hear("merchant-1", 1800.0, 1000.0, of=DELIVERY_ID)
    table.hear("merchant-1", 1500.0, 1060.0, of=OTHER)
    before = contents(dynamo)
    table.hear("merchant-1", 1800.0, 1000.0, of=DELIVERY_ID)
    assert contents(dynamo) == before
    assert known_of(table) == Merchant(words={DELIVERY_ID: (1800, 1000), OTHER: (1500, 1060)})
    table.learn_readiness("merchant-1", ZONE, 1800.0, 60.0, 1000.0, of=DELIVERY_ID)
    assert known_of(table).words == {OTHER: (1500, 1060)}
    assert known_of(table).kitchen.count == 1
    before = contents(dynamo)
    table.hear("merchant-1", 1800.0, 1000.0, of=DELIVERY_ID)  # late
    assert contents(dynamo) == before
    for n in range(30):
        table.learn_readiness("merchant-1", ZONE, 900.0, 60.0, 2000.0, of=f"another {n}")
    assert known_of(table).words == {OTHER: (1500, 1060)}


def test_a_word_whose_order_is_never_ready_is_forgotten(table: DispatchTable) -> None:
    table.hear("merchant-1", 1800.0, 1000.0, of=DELIVERY_ID)
    table.hear("merchant-1", 900.0, 6399.0, of="soon enough")
    assert known_of(table).words.keys() == {DELIVERY_ID, "soon enough"}
    table.hear("merchant-1", 900.0, 6400.0, of=OTHER)
    assert known_of(table).words.keys() == {"soon enough", OTHER}


def test_what_is_written_meanwhile_is_not_lost(dynamo: "DynamoTable", table: DispatchTable) -> None:
    class Interrupted(DispatchTable):
        def _replace(self, key: dict[str, Any], version: int, values: dict[str, Any]) -> bool:
            if version == 0:
                table.hear("merchant-1", 1500.0, 1060.0, of=OTHER)
            return super()._replace(key, version, values)

    Interrupted(dynamo).hear("merchant-1", 1800.0, 1000.0, of=DELIVERY_ID)
    assert known_of(table).words.keys() == {DELIVERY_ID, OTHER}


def test_what_a_release_learnt_otherwise_is_learnt_anew(dynamo: "DynamoTable", table: DispatchTable) -> None:
    dynamo.put_item(
        Item={**readiness_key("merchant-1"), "mean": 300, "variance": 3600, "count": 9, "version": 7, "seen": []}
    )
    assert known_of(table) == Merchant()
    table.learn_readiness("merchant-1", ZONE, 900.0, 310.0, 1000.0, of=DELIVERY_ID)
    assert known_of(table).kitchen.count == 1


def test_what_a_release_learnt_less_of_goes_on(dynamo: "DynamoTable", table: DispatchTable) -> None:
    table.learn_readiness("merchant-1", ZONE, 900.0, 310.0, 1000.0, of=DELIVERY_ID)
    row = contents(dynamo)[readiness_key("merchant-1")["pk"], "READINESS"]
    dynamo.put_item(
        Item=stored({name: each for name, each in row.items() if name not in ("last", "repeated", "compared")})
    )
    table.learn_readiness("merchant-1", ZONE, 900.0, 310.0, 1600.0, of=OTHER)
    assert known_of(table).kitchen.count == 2
    assert list(known_of(table).kitchen.last) == [(1210, 1600)]


def test_a_merchant_nobody_knows_is_taken_to_be_like_the_others_of_its_zone(table: DispatchTable) -> None:
    for n in range(30):
        table.learn_readiness(f"merchant-{n}", ZONE, 900.0, 300.0, 1000.0, of=f"delivery-{n}")
    stranger = Merchant().readiness(table.area(ZONE).usual, 1000.0, of=DELIVERY_ID)
    assert stranger.of(900.0, 1000.0).mean == pytest.approx(300, abs=40)
    assert table.area("elsewhere").usual == Usual()


def test_what_is_learnt_of_a_zone_is_read_at_once(table: DispatchTable) -> None:
    table.learn_leg(ZONE, "BICYCLE", 1000.0, 400.0, of=DELIVERY_ID)
    table.learn_leg(ZONE, "CAR", 1000.0, 300.0, of=OTHER)
    table.learn_readiness("merchant-1", ZONE, 900.0, 60.0, 1000.0, of=DELIVERY_ID)
    demand = DemandSeen().seen(Spot(100, -200), 50.0)
    assert table.keep_demand(ZONE, demand)
    assert table.area(ZONE) == Area(
        {"BICYCLE": Legs().after(1000.0, 400.0), "CAR": Legs().after(1000.0, 300.0)}, demand, table.area(ZONE).usual
    )
    assert table.area(ZONE).usual.count == 1
    assert not table.keep_demand(ZONE, DemandSeen())  # older than what is known
    assert table.area("elsewhere") == Area()


# -- cancelled ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delivery", "held"),
    [(searching(), driver()), (offered(), driver_offered()), (assigned(), driver_busy())],
    ids=lambda row: str(domain.state_of(row)),
)
def test_a_cancellation_ends_the_delivery_and_lets_its_driver_go(
    dynamo: "DynamoTable", table: DispatchTable, delivery: dict[str, Any], held: dict[str, Any]
) -> None:
    put(dynamo, delivery, held)
    assert made(dynamo, lambda: table.cancel(delivery, now=NOW, caused_by="event-5")) == ["delivery.cancelled.v1"]
    free = driver_in(dynamo)
    assert domain.state_of(free) == "AVAILABLE"
    assert list(table.open_deliveries()) == []


def test_a_driver_who_went_off_duty_meanwhile_is_let_go_off_duty(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, assigned(), driver_busy(on_duty=False, zone_key=None))
    assert made(dynamo, lambda: table.cancel(assigned(), now=NOW, caused_by="event-5")) == ["delivery.cancelled.v1"]
    assert domain.state_of(driver_in(dynamo)) == "OFF_DUTY"


def test_a_delivery_that_was_picked_up_meanwhile_is_not_cancelled(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, picked_up(), driver_busy())
    assert changes_nothing(dynamo, lambda: table.cancel(assigned(), now=NOW, caused_by="event-5"))


def test_a_cancellation_is_refused_once_for_each_request(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, picked_up())

    def refuse(request: int) -> bool:
        row = table.delivery(DELIVERY_ID)
        assert row is not None
        return table.refuse_cancellation(row, order_sequence=request, now=NOW, caused_by="event-5")

    assert made(dynamo, lambda: refuse(4)) == ["delivery.cancellation_refused.v1"]
    assert changes_nothing(dynamo, lambda: refuse(4))
    assert refuse(5)


# -- opened ------------------------------------------------------------------------------------------------------------


def test_a_delivery_is_opened_once(dynamo: "DynamoTable", table: DispatchTable) -> None:
    assert made(dynamo, lambda: table.open(searching())) == ["delivery.requested.v1"]
    assert changes_nothing(dynamo, lambda: table.open(searching()))
    assert [row["delivery_id"] for row in table.searching_in(ZONE)] == [DELIVERY_ID]


def test_what_was_noted_before_it_was_opened_is_kept(dynamo: "DynamoTable", table: DispatchTable) -> None:
    assert table.note_ready(DELIVERY_ID, NOW)
    assert made(dynamo, lambda: table.open(searching())) == ["delivery.requested.v1"]
    row = table.delivery(DELIVERY_ID)
    assert row is not None
    assert row["ready_at"] == "2026-01-05T18:40:00.000Z"


def test_it_becomes_ready_once_and_that_is_no_change_of_the_delivery(
    dynamo: "DynamoTable", table: DispatchTable
) -> None:
    put(dynamo, searching())
    assert made(dynamo, lambda: table.note_ready(DELIVERY_ID, NOW)) == []
    assert changes_nothing(dynamo, lambda: table.note_ready(DELIVERY_ID, NOW + timedelta(minutes=1)))


def test_a_delivery_whose_cancellation_came_first_is_opened_only_as_ended(
    dynamo: "DynamoTable", table: DispatchTable
) -> None:
    assert table.note_cancelled(DELIVERY_ID, caused_by="event-5", forget_at=NOW)
    assert changes_nothing(dynamo, lambda: table.open(searching()))
    ended = searching(state="CANCELLED", transition="cancellation", reason="CANCEL_REQUESTED", zone_key=None)
    assert made(dynamo, lambda: table.open_cancelled(ended)) == ["delivery.cancelled.v1"]
    row = table.delivery(DELIVERY_ID)
    assert row is not None
    assert "expires_at" not in row  # what became a delivery is not forgotten


def test_a_delivery_that_was_opened_is_not_noted_as_cancelled(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, searching())
    assert changes_nothing(dynamo, lambda: table.note_cancelled(DELIVERY_ID, caused_by="e", forget_at=NOW))


# -- drivers move ------------------------------------------------------------------------------------------------------


def arrive(table: DispatchTable, driver_id: str = DRIVER) -> bool:
    return table.arrive(
        DELIVERY_ID,
        driver_id,
        domain.ASSIGNED,
        domain.AT_PICKUP,
        since="assigned_at",
        at=NOW,
        trigger=domain.ARRIVE_AT_PICKUP,
        now=NOW,
        caused_by="event-7",
    )


def test_a_driver_arrives_once(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, assigned())
    assert made(dynamo, lambda: arrive(table)) == ["delivery.arrived_at_pickup.v1"]
    assert changes_nothing(dynamo, lambda: arrive(table))


def test_only_who_carries_it_arrives(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, assigned())
    assert changes_nothing(dynamo, lambda: arrive(table, OTHER_DRIVER))


def test_an_older_position_does_not_replace_a_newer_one(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, driver())
    there = Point(40.5, -80.0)
    assert made(dynamo, lambda: table.move_driver(DRIVER, there, "zone-2", position_sequence=8)) == []
    assert changes_nothing(dynamo, lambda: table.move_driver(DRIVER, HERE, ZONE, position_sequence=7))
    [moved] = table.drivers_in("zone-2")
    assert moved["position"] == {"lat": 40.5, "lng": -80}


def test_a_driver_off_duty_is_not_brought_back_by_a_late_position(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, off_duty())
    assert changes_nothing(dynamo, lambda: table.move_driver(DRIVER, HERE, ZONE, position_sequence=8))
    assert changes_nothing(dynamo, lambda: table.set_zone(DRIVER, HERE, ZONE))


def test_a_zone_is_set_only_for_the_position_it_was_found_for(dynamo: "DynamoTable", table: DispatchTable) -> None:
    put(dynamo, driver(zone_key=None, zone=None))
    assert changes_nothing(dynamo, lambda: table.set_zone(DRIVER, Point(40.5, -80.0), "zone-2"))
    assert table.set_zone(DRIVER, HERE, ZONE)
    assert [row["driver_id"] for row in table.drivers_in(ZONE)] == [DRIVER]


def test_what_does_not_exist_is_not_made_by_changing_it(dynamo: "DynamoTable", table: DispatchTable) -> None:
    assert changes_nothing(dynamo, lambda: arrive(table))
    assert changes_nothing(dynamo, lambda: table.move_driver(DRIVER, HERE, ZONE, position_sequence=1))
    assert changes_nothing(dynamo, lambda: table.give_up(DELIVERY_ID, sequence=1, now=NOW, caused_by="round"))
    assert table.delivery(DELIVERY_ID) is None
