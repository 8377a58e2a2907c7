"""When food is ready: words are believed as far as they were true, and nothing that happens once misleads for long."""

import random
from collections.abc import Iterable
from dataclasses import replace
from math import exp, isfinite, log, sqrt
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.planner.readiness import Kitchen, Readiness, Usual

MINUTE = 60.0
Order = tuple[float, float]  # how long it was said to take, and how much later it was ready


def after(known: Readiness, orders: Iterable[Order], since: float = 0.0) -> Readiness:
    """One every ten minutes."""
    for number, (said, late) in enumerate(orders):
        known = known.observed(said, late, since + 600.0 * number)
    return known


def kitchen(count: int, *, takes: float, varies: float, off: float, late: float = 0.0, seed: int = 1) -> list[Order]:
    """Of a merchant whose food takes about so long, and whose word is off by so much, and by `late` always."""
    dice, orders = random.Random(seed), []  # noqa: S311 - values to learn from
    for _ in range(count):
        took = max(0.0, dice.gauss(takes, varies))
        said = took - late + dice.gauss(0, off)
        orders.append((said, took - said))
    return orders


def zone(merchants: int, each: int, *, differ: float, off: float, varies: float = 300.0) -> tuple[Usual, list[Kitchen]]:
    """What is learnt of merchants who are always late by something else, `differ` being the spread of that."""
    dice, usual = random.Random(7), Usual(late_variance=360.0**2)  # noqa: S311 - values to learn from
    kitchens = [Kitchen() for _ in range(merchants)]
    bias = [dice.gauss(0, differ) for _ in kitchens]
    for number in range(each):
        for which, known in enumerate(kitchens):
            took = max(0.0, dice.gauss(1200, varies))
            said = took - bias[which] + dice.gauss(0, off)
            learnt = Readiness(usual, known).observed(said, took - said, 600.0 * number)
            usual, kitchens[which] = learnt.usual, learnt.kitchen
    return usual, kitchens


def believed(known: Readiness, at: float) -> float:
    """Of ten minutes more than twenty, so much is expected to come true."""
    return (600 + known.of(1800, at).mean - known.of(1200, at).mean) / 600


def test_before_anything_is_known_a_word_is_taken_for_what_it_is() -> None:
    first = Readiness().of(900, 0)
    assert abs(first.mean) < 10
    assert first.spread == pytest.approx(120, rel=0.1)


def test_noisy_words_do_not_make_food_expected_too_late() -> None:
    dice, known = random.Random(3), Readiness(Usual(late_variance=360.0**2))  # noqa: S311 - values to learn from
    too_late = []
    for number in range(2000):
        took = max(0.0, exp(dice.gauss(log(1380), 0.3)) - 480)
        said = max(0.0, took + dice.gauss(0, 360))
        too_late.append(said + known.of(said, 120.0 * number).mean - took)
        known = known.observed(said, took - said, 120.0 * number)
    assert abs(fmean(too_late)) < 30


@pytest.mark.parametrize(
    ("varies", "off", "low", "high"),
    [(420, 1, 0.95, 1.0), (420, 360, 0.4, 0.8), (10, 360, 0.0, 0.2)],
    ids=["a word that is kept", "a word that is off by almost as much as its food varies", "a word that says nothing"],
)
def test_a_word_is_believed_as_far_as_it_was_true(varies: float, off: float, low: float, high: float) -> None:
    taught = [after(Readiness(), kitchen(600, takes=1200, varies=varies, off=off, seed=seed)) for seed in range(9)]
    assert low <= fmean(believed(each, 360_000.0) for each in taught) <= high


def test_what_is_learnt_of_a_kitchen_makes_its_word_surer() -> None:
    known = after(Readiness(Usual(late_variance=360.0**2)), kitchen(90, takes=1200, varies=300, off=360))
    asked = kitchen(400, takes=1200, varies=300, off=360, seed=99)
    off = sqrt(fmean([(late - known.of(said, 54_000.0).mean) ** 2 for said, late in asked]))
    assert off < 0.8 * 360
    assert fmean(known.of(said, 54_000.0).spread for said, _ in asked) == pytest.approx(off, rel=0.25)


def test_food_that_takes_long_varies_more() -> None:
    usual = Usual(late_variance=600.0**2)
    slow = after(Readiness(usual), kitchen(5, takes=2700, varies=300, off=600))
    quick = after(Readiness(usual), kitchen(5, takes=450, varies=300, off=600))
    assert slow.of(2700, 18_000).spread > 1.3 * quick.of(450, 18_000).spread


def test_food_that_takes_just_as_long_time_and_again_is_expected_to_do_so_again() -> None:
    """Three orders in four take just twenty minutes, the others anything; words are off by six."""
    dice, known = random.Random(5), Readiness(Usual(late_variance=360.0**2))  # noqa: S311 - values to learn from
    off, anew = [], []
    for number in range(400):
        took, at = 1200.0 if number % 4 else dice.uniform(300, 2700), 600.0 * number
        late = dice.gauss(0, 360)
        said = took - late
        off.append(abs(known.of(said, at).mean - late))
        anew.append(abs(Readiness(known.usual, replace(known.kitchen, last=())).of(said, at).mean - late))
        known = known.observed(said, late, at)
    assert fmean(off) < 0.8 * fmean(anew)
    assert known.kitchen.repeated / known.kitchen.compared == pytest.approx(0.75, abs=0.12)
    asked = [known.of(said, at) for said in (1200.0, 1500.0)]
    assert 1500 + asked[1].mean < 1200 + asked[0].mean + 150
    assert 2700 + known.of(2700, at).mean > 2000  # or it is one of the others
    assert known.of(1500, at + 400_000).spread > 1.2 * asked[1].spread  # days later it may be anything


def test_what_comes_long_after_says_nothing_of_how_many_take_just_as_long() -> None:
    """Every other order takes just twenty minutes, but with twelve hours between them there is nothing to repeat."""
    dice, known = random.Random(1), Readiness()  # noqa: S311 - values to learn from
    for number in range(200):
        took = 1200.0 if number % 2 else dice.uniform(300, 2700)
        known = known.observed(1200.0, took - 1200, 43_200.0 * number)
    assert known.usual.repeats == pytest.approx(1 / 3, abs=0.1)
    assert known.kitchen.compared < 10


@pytest.mark.parametrize("takes", [[1200.0], [97.0 * number for number in range(40)]], ids=["always", "never"])
def test_nothing_is_held_for_impossible(takes: list[float]) -> None:
    known = Readiness()
    for number in range(3000):
        known = known.observed(1200.0, takes[number % len(takes)] - 1200.0, 300.0 * number)
    for usual in (known.usual, Usual(repeats=0.0), Usual(repeats=1.0)):
        for kitchen in (known.kitchen, replace(known.kitchen, repeated=0.0), replace(known.kitchen, repeated=20.0)):
            for said in (0.0, 1200.0, 9000.0):
                assert isfinite(Readiness(usual, kitchen).of(said, 900_000.0).mean)


def test_food_that_never_takes_as_long_as_before_is_not_expected_to() -> None:
    known = Readiness(Usual(late_variance=360.0**2))
    for number in range(60):
        known = known.observed(1200.0, 150.0 * (number % 7 - 3) + 7.0 * number - 200, 600.0 * number)
    assert known.usual.repeats < 0.25


def test_words_of_what_is_not_ready_yet_tell_of_how_long_food_takes() -> None:
    known = after(Readiness(Usual(late_variance=360.0**2)), kitchen(20, takes=1200, varies=200, off=360))
    heard = known
    for number in range(4):
        heard = heard.hearing(2400.0, 12_000.0 + 60 * number)
    assert heard.of(1500, 12_300).mean > known.of(1500, 12_300).mean + 20
    stranger = Readiness(Usual(late_variance=360.0**2))
    assert stranger.hearing(2400, 0).of(1500, 60).mean > stranger.of(1500, 60).mean
    assert heard.kitchen.count == known.kitchen.count


def test_a_merchant_whose_food_takes_long_today_is_expected_to_take_long() -> None:
    usual = Usual(late_variance=360.0**2)
    before = after(Readiness(usual), kitchen(20, takes=900, varies=120, off=360))
    today = after(before, kitchen(6, takes=2100, varies=120, off=360), since=90_000.0)
    assert today.of(900, 94_000).mean > before.of(900, 94_000).mean + 200


def test_what_was_seen_long_ago_is_less_sure() -> None:
    known = after(Readiness(), [(1200, 0.0)] * 30).kitchen
    assert known.expected(Usual(), 18_000.0)[1] < known.expected(Usual(), 18_000.0 + 7200)[1] <= 0.18


def test_merchants_who_are_late_each_in_its_way_are_told_apart() -> None:
    """Where their words are all off alike, a merchant's few orders say little of how late it is; where each is late by
    something of its own, nearly everything."""
    usual, kitchens = zone(40, 8, differ=300, off=30)
    errors = [abs(Readiness(usual, each).of(1200, 5000).mean - each.late) for each in kitchens]
    assert fmean(errors) < 45
    assert fmean(Readiness(usual, each).of(1200, 5000).spread for each in kitchens) < 120
    alike, same = zone(40, 8, differ=0, off=300)
    assert alike.like_others > 30
    assert fmean(abs(each.words(alike).mean) for each in same) < 60


def test_a_merchant_nobody_knows_is_taken_to_be_like_the_others() -> None:
    late = Usual()
    for number in range(200):
        late = late.observed(Kitchen(), 900.0, 300.0, 600.0 * number)
    assert Readiness(late).of(900, 0).mean == pytest.approx(300, abs=30)


def test_a_merchant_unlike_the_others_is_believed_after_some_orders() -> None:
    usual = Usual(late=0.0, late_variance=60.0**2, alike=50.0**2, count=300.0)
    own = Kitchen()
    for number in range(25):
        own = own.observed(usual, 900.0, 900.0, 600.0 * number)
    assert Readiness(usual, own).of(900, 15_000).mean > 700


def test_who_kept_its_word_for_long_is_believed_no_longer_once_it_does_not() -> None:
    punctual = after(Readiness(), [(900.0, 0.0)] * 2000)
    late = after(punctual, [(900.0, 600.0)] * 15, since=1_200_000.0)
    assert late.of(900, 1_209_000).mean > 400


def test_one_forgotten_tap_does_not_mislead_for_long() -> None:
    usual, kitchens = zone(20, 20, differ=0, off=60)
    hit = Readiness(usual, kitchens[0]).observed(1200, 7200, 12_600)
    for each in kitchens[1:]:
        before, now = Readiness(usual, each).of(1200, 12_600), Readiness(hit.usual, each).of(1200, 12_600)
        assert now.mean == pytest.approx(before.mean, abs=20)
        assert now.spread < 1.3 * before.spread
    again = after(hit, [(1200, 0.0)] * 3, since=13_200)
    assert abs(again.of(1200, 15_600).mean) < 150


def test_food_that_is_said_to_take_two_hours_is_not_expected_in_one() -> None:
    known = after(Readiness(Usual(late_variance=360.0**2)), kitchen(60, takes=1200, varies=300, off=360))
    assert 7200 + known.of(7200, 36_000).mean > 5400


@given(st.floats(0, 7200), st.floats(0, 7200))
def test_a_longer_word_is_no_sooner_meal(one: float, other: float) -> None:
    known = after(Readiness(), [(900, 600), (1800, -600), (1200, 100), (1500, -900)] * 9)
    sooner, later = sorted((one, other))
    assert sooner + known.of(sooner, 21_600).mean <= later + known.of(later, 21_600).mean + 1e-3


@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.floats(-1e4, 1e4), st.floats(0, 1e10)), max_size=60),
    st.floats(-1e4, 1e5),
    st.floats(0, 1e10),
)
def test_an_estimate_is_a_number_and_its_spread_too(
    orders: list[tuple[float, float, float]], said: float, at: float
) -> None:
    known = Readiness()
    for each in orders:
        known = known.observed(*each)
    late = known.of(said, at)
    assert isfinite(late.mean)
    assert said + late.mean >= -1e-6
    assert 0 <= late.variance < 1e12


@pytest.mark.parametrize("broken", [(float("nan"), 0.0, 0.0), (900.0, float("inf"), 0.0), (900.0, 0.0, float("nan"))])
def test_no_number_is_refused(broken: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        Readiness().observed(*broken)


def test_what_food_takes_is_learnt_as_its_usual_time() -> None:
    known = after(Readiness(), kitchen(200, takes=1500, varies=200, off=60))
    assert exp(known.kitchen.takes) - 480 == pytest.approx(1500, rel=0.1)
    assert known.usual.takes == pytest.approx(log(1980), abs=0.1)
