"""The dispatch benchmark: its clock tells nothing too early, its referee lets nothing pass."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.dispatch.__main__ import Played, instances, main, play, table
from benchmarks.dispatch.clock import (
    TRACKS,
    Decision,
    IllegalDecisionError,
    Known,
    KnownCourier,
    KnownOrder,
    Track,
    UnderWay,
    run,
)
from benchmarks.dispatch.planned import Planned
from benchmarks.dispatch.referee import judge
from benchmarks.dispatch.rivals import Greedy, Matcher
from local.simulator.instance_files import Courier, Day, Order
from services.dispatch.planner.model import Delivery, Driver, Plan

DAY = Day(
    name="day",
    restaurants={"r": (0, 0), "s": (1000, 0)},
    orders=(
        Order("o1", (500, 0), placed=10, restaurant="r", ready=20),
        Order("o2", (600, 0), placed=12, restaurant="r", ready=20),
        Order("o3", (1000, 500), placed=30, restaurant="s", ready=45),
    ),
    couriers=(Courier("c1", (0, 300), on=0, off=100), Courier("c2", (5000, 0), on=25, off=60)),
    speed=100,
    pickup_service=4,
    dropoff_service=4,
)


def scripted(*decisions: Decision) -> Callable[[Known], list[Decision]]:
    return lambda known: [each for each in decisions if each.minute == known.minute]


class Following:
    def __init__(self, decide: Callable[[Known], Sequence[Decision]]) -> None:
        self.decide = decide


def watched(track: Track) -> dict[int, Known]:
    """What was known at each minute of a day on which nobody decides anything."""
    told: dict[int, Known] = {}

    def look(known: Known) -> list[Decision]:
        told[known.minute] = known
        return []

    run(DAY, Following(look), track)
    return told


def test_a_dispatcher_is_told_what_is_known_and_no_more() -> None:
    told = watched(Track())
    assert min(told) == 10
    assert [order.name for order in told[11].orders] == ["o1"]
    assert [courier.name for courier in told[24].couriers] == ["c1"]
    assert [courier.name for courier in told[25].couriers] == ["c1", "c2"]
    assert told[12].placed == ("r",)
    assert [told[minute].orders[0].is_ready for minute in (19, 20)] == [False, True]


def test_a_trip_takes_what_the_rules_say() -> None:
    """Three minutes to the restaurant, two inside, ready at 20, two more; 5 + 2 to the first door, 2 + 1 + 2 more."""
    figures = judge(DAY, [Decision(12, "c1", ("o1", "o2"))])
    assert list(figures.click_to_door) == [29 - 10, 34 - 12]
    assert figures.undelivered == 1
    assert figures.avoidable == pytest.approx((0 + (34 - (20 + 4 + 6)) + 90) / 3)


@pytest.mark.parametrize(
    ("decision", "wrong"),
    [
        (Decision(11, "c1", ("o2",)), "before placement"),
        (Decision(20, "c2", ("o1",)), "off duty or busy"),
        (Decision(30, "c1", ("o1", "o3")), "several restaurants"),
        (Decision(30, "c1", ("o1", "o1")), "an order twice"),
        (Decision(30, "c9", ("o1",)), "no such courier"),
        (Decision(40, "c2", ("o1",)), "pick-up after the end of the shift"),
    ],
)
def test_the_referee_sees_what_is_against_the_rules(decision: Decision, wrong: str) -> None:
    figures = judge(DAY, [decision])
    assert len(figures.violations) == 1
    assert wrong in figures.violations[0]
    assert figures.undelivered == 3


@pytest.mark.parametrize(
    "decisions",
    [
        [Decision(20, "c2", ("o1",))],
        [Decision(12, "c1", ("o1",)), Decision(14, "c1", ("o2",))],
        [Decision(12, "c1", ("o1",)), Decision(60, "c1", ("o1",))],
        [Decision(30, "c1", ("o1", "o3"))],
    ],
)
def test_the_clock_refuses_what_is_against_the_rules(decisions: list[Decision]) -> None:
    with pytest.raises(IllegalDecisionError):
        run(DAY, Following(scripted(*decisions)), Track())


def test_who_declines_is_remembered_and_is_silent_as_long_as_the_track_says() -> None:
    told: dict[int, Known] = {}

    def look(known: Known) -> list[Decision]:
        told[known.minute] = known
        return [Decision(30, "c1", ("o1",))] if known.minute == 30 else []

    made = run(DAY, Following(look), Track(declines=1.0, silence=2))
    assert made == []
    assert [order.name for order in told[31].orders] == ["o2", "o3"]
    assert told[31].couriers[0].silent
    assert told[32].orders[0].refused_by == {"c1"}
    assert not told[32].couriers[0].silent


def test_estimates_are_off_until_the_food_is_ready() -> None:
    told = watched(replace(TRACKS["estimates6"], seed=3))
    assert told[10].orders[0].ready != 20
    assert told[10].orders[0].spread == 6
    assert (told[20].orders[0].ready, told[20].orders[0].spread) == (20, 0)


def test_what_got_ready_is_told_once_also_what_is_under_way() -> None:
    told: list[tuple[int, float]] = []

    def look(known: Known) -> list[Decision]:
        told.extend((known.minute, each.ready) for each in known.readied)
        return [Decision(12, "c1", ("o1", "o2"))] if known.minute == 12 else []

    run(DAY, Following(look), Track())
    assert told == [(30, 20), (30, 20), (45, 45)]  # between 12 and 30 there is nothing to decide


def test_words_that_are_off_teach_how_far_to_believe_them() -> None:
    planned = Planned(DAY)
    run(DAY, planned, TRACKS["estimates6"])
    assert planned.usual is not None
    assert (planned.usual.count, planned.kitchens["r"].count, planned.kitchens["s"].count) == (3, 2, 1)
    assert Planned(DAY).usual is None


def test_a_trip_is_known_to_wait_until_its_food_is_ready() -> None:
    told: dict[int, KnownCourier] = {}

    def look(known: Known) -> list[Decision]:
        told[known.minute] = known.couriers[0]
        return [Decision(12, "c1", ("o1",))] if known.minute == 12 else []

    run(DAY, Following(look), replace(TRACKS["estimates6"], seed=3))
    assert told[12].waits is None
    for minute in range(13, 20):
        waits = told[minute].waits
        assert waits is not None
        assert (waits.there, waits.after) == (17, 11)
        [order] = waits.orders
        assert told[minute].free == max(17, minute + 1, order.ready) + 11
    assert (told[20].waits, told[20].free) == (None, 31)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sequence[Delivery], Sequence[Driver]]]:
    """What the planner was given, each time; it answers with an empty plan."""
    given: list[tuple[Sequence[Delivery], Sequence[Driver]]] = []

    def look(_now: float, deliveries: Sequence[Delivery], drivers: Sequence[Driver], *_: object, **__: object) -> Plan:
        given.append((deliveries, drivers))
        return Plan()

    monkeypatch.setattr("benchmarks.dispatch.planned.plan", look)
    return given


def test_who_waits_for_food_is_free_when_the_planner_expects_it_not_when_the_merchant_said(
    asked: list[tuple[Sequence[Delivery], Sequence[Driver]]],
) -> None:
    late = KnownOrder("o1", 0, "r", (0, 0), (500, 0), ready=12, spread=6, is_ready=False, refused_by=frozenset())
    other = KnownOrder("o2", 20, "s", (1000, 0), (0, 0), ready=40, spread=6, is_ready=False, refused_by=frozenset())
    waiting = KnownCourier("c1", (500, 0), free=32, off=100, silent=False, waits=UnderWay(10, (late,), after=11))
    planned = Planned(DAY)
    planned.decide(Known(20, (other,), (waiting,), (), ()))
    planned.decide(Known(20, (other,), (replace(waiting, waits=None),), (), ()))
    expected, said = (driver.free_at / 60 for _, [driver] in asked)
    assert said == 32
    assert 33 < expected < 40


def test_words_of_a_restaurants_other_orders_are_heard_wherever_these_are(
    asked: list[tuple[Sequence[Delivery], Sequence[Driver]]],
) -> None:
    def order(name: str, restaurant: str = "r", ready: float = 24, *, is_ready: bool = False) -> KnownOrder:
        return KnownOrder(name, 10, restaurant, (0, 0), (500, 0), ready, 6, is_ready, frozenset())

    def carries(what: KnownOrder) -> KnownCourier:
        return KnownCourier("c1", (500, 0), free=80, off=200, silent=False, waits=UnderWay(14, (what,), after=11))

    slow = order("o2", ready=64)
    for orders, couriers in (
        ((order("o1"),), ()),
        ((order("o1"), slow), ()),
        ((order("o1"),), (carries(slow),)),
        ((order("o1"), order("o3", "s", 64)), ()),
        ((order("o1"), replace(slow, is_ready=True)), ()),
    ):
        Planned(DAY).decide(Known(12, orders, couriers, (), ()))
    alone, *others = (deliveries[0].ready_at / 60 for deliveries, _ in asked)
    assert others == [pytest.approx(others[0]), pytest.approx(others[0]), alone, alone]
    assert others[0] > alone + 0.5


def test_what_is_not_ready_by_a_minute_is_not_expected_before_the_next_is_half_over(
    asked: list[tuple[Sequence[Delivery], Sequence[Driver]]],
) -> None:
    long_late = KnownOrder("o1", 0, "r", (0, 0), (500, 0), ready=12, spread=6, is_ready=False, refused_by=frozenset())
    Planned(DAY).decide(Known(5000, (long_late,), (), (), ()))
    [([delivery], _)] = asked
    assert 5000.5 < delivery.ready_at / 60 < 5000.6


@pytest.mark.parametrize("track", TRACKS.values(), ids=str)
@pytest.mark.parametrize("dispatcher", [Planned, Greedy, Matcher])
def test_every_dispatcher_delivers_the_day(dispatcher: Callable[[Day], Planned], track: Track) -> None:
    figures = judge(DAY, run(DAY, dispatcher(DAY), track))
    assert figures.violations == ()
    assert figures.undelivered <= (1 if track.declines else 0)


def write(day: Day, folder: Path) -> Path:
    folder.mkdir()
    rows: dict[str, list[tuple[object, ...]]] = {
        "orders.txt": [("order", "x", "y", "placement_time", "restaurant", "ready_time")]
        + [(o.name, *o.at, o.placed, o.restaurant, o.ready) for o in day.orders],
        "couriers.txt": [("courier", "x", "y", "on_time", "off_time")]
        + [(c.name, *c.at, c.on, c.off) for c in day.couriers],
        "restaurants.txt": [("restaurant", "x", "y")] + [(name, *at) for name, at in day.restaurants.items()],
        "instance_parameters.txt": [
            ("meters_per_minute", "pickup service minutes", "dropoff service minutes"),
            (day.speed, day.pickup_service, day.dropoff_service),
        ],
    }
    for name, lines in rows.items():
        (folder / name).write_text("\n".join("\t".join(map(str, line)) for line in lines), encoding="utf-8")
    return folder


def test_a_run_leaves_decisions_figures_and_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(DAY, tmp_path / "day")
    report, decisions = tmp_path / "out" / "report.json", tmp_path / "decisions"
    arguments = [str(tmp_path), "--report", str(report), "--decisions", str(decisions), "--processes", "1"]
    monkeypatch.setattr("sys.argv", ["dispatch", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "planner" in capsys.readouterr().out
    for file in ("day.tsv", "greedy/day.tsv", "matcher/day.tsv"):
        assert (decisions / file).read_text().startswith("minute\tcourier\torders\n")
    assert {day["by"] for day in json.loads(report.read_text())["days"]} == {"planner", "greedy", "matcher"}
    assert (report.parent / "report-click-to-door.svg").read_text().startswith("<svg")
    assert "day, 0:00 to 1:00" in (report.parent / "report-one-hour.svg").read_text()


def test_the_same_seed_plays_the_same_day(tmp_path: Path) -> None:
    folder = write(DAY, tmp_path / "day")
    assert instances([tmp_path]) == [folder]
    first, second = (play(folder, TRACKS["declines30"], seed=7) for _ in range(2))
    assert [each.decisions for each in first] == [each.decisions for each in second]
    assert table(first).count("day") >= 4


def test_means_are_of_days_and_counts_are_sums() -> None:
    figures = judge(DAY, [])
    played = [Played(f"day {n}", by, figures, ()) for n in range(2) for by in ("planner", "greedy", "matcher")]
    assert table(played).splitlines()[-3].split()[:5] == ["mean", "planner", "6", "90.00", "6"]
