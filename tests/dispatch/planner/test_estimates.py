"""Running estimates: they find the truth, follow it, and say how sure they are."""

import random
from collections.abc import Iterable
from dataclasses import replace
from math import isfinite
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.planner.demand import FADES_S, DemandSeen
from services.dispatch.planner.estimates import Estimate, Readiness, expected_ready, later, still_expected
from services.dispatch.planner.model import Demand, Spot
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.routes import in_hand
from tests.dispatch.planner.rounds import NOW, QUICK, TRAVEL, delivery, driver

UNKNOWN = Readiness(mean=0.0, variance=240.0**2, said=900.0, said_variance=300.0**2, count=2.0)


def after(readiness: Readiness, observations: Iterable[tuple[float, float]]) -> Readiness:
    for said, late in observations:
        readiness = readiness.observed(said, late)
    return readiness


def kitchen(count: int, *, takes: float, varies: float, off: float, seed: int = 1) -> list[tuple[float, float]]:
    """What a merchant said, and how late it was, whose food takes about so long, and whose word is off by so much."""
    dice, orders = random.Random(seed), []  # noqa: S311 - values to learn from
    for _ in range(count):
        took = dice.gauss(takes, varies)
        said = took + dice.gauss(0, off)
        orders.append((said, took - said))
    return orders


def test_what_is_observed_replaces_the_guess() -> None:
    learnt = after(UNKNOWN, [(900 + 60 * (n % 3), 300 + 60 * (-1) ** n) for n in range(200)])
    assert learnt.mean == pytest.approx(300, abs=30)
    assert learnt.of(960).spread == pytest.approx(60, rel=0.4)


def test_an_estimate_follows_what_changes() -> None:
    changed = after(after(UNKNOWN, [(900, 300)] * 500), [(900, -60)] * 120)
    assert changed.of(900).mean == pytest.approx(-60, abs=10)


def test_few_observations_leave_it_unsure() -> None:
    assert Estimate(0, 100, count=1).spread > Estimate(0, 100, count=30).spread


@pytest.mark.parametrize(
    ("varies", "off", "believed"),
    [(420, 0, 1.0), (420, 360, 0.58), (10, 360, 0.0)],
    ids=["a word that is kept", "a word that is off by almost as much as its food varies", "a word that says nothing"],
)
def test_a_word_is_believed_as_far_as_it_was_true(varies: float, off: float, believed: float) -> None:
    """Of ten minutes more than usual, so much is expected to come true."""
    taught = [after(UNKNOWN, kitchen(90, takes=1200, varies=varies, off=off, seed=seed)) for seed in range(40)]
    more = fmean((1800 + each.of(1800).mean - 1200) / 600 for each in taught)
    assert more == pytest.approx(believed, abs=0.15)


def test_what_is_learnt_of_a_word_makes_it_surer() -> None:
    orders = [kitchen(90, takes=1200, varies=420, off=360, seed=seed) for seed in range(40)]
    taught = [after(UNKNOWN, each) for each in orders]
    off = pstdev(
        [
            late - each.of(said).mean
            for each in taught
            for said, late in kitchen(400, takes=1200, varies=420, off=360, seed=99)
        ]
    )
    assert off < 0.85 * 360
    assert fmean(each.of(1200).spread for each in taught) == pytest.approx(off, rel=0.1)


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(-1e4, 1e4)), min_size=1, max_size=60), st.floats(0, 1e4))
def test_an_estimate_is_a_number_and_its_spread_too(orders: list[tuple[float, float]], said: float) -> None:
    learnt = after(UNKNOWN, orders)
    lates = [late for _, late in orders]
    assert min([*lates, 0.0]) - 1e-6 <= learnt.mean <= max([*lates, 0.0]) + 1e-6
    assert isfinite(learnt.of(said).mean)
    assert 0 <= learnt.of(said).variance <= learnt.variance + 1e-6


def test_what_is_far_from_all_that_was_said_is_no_later_than_the_farthest_of_it() -> None:
    learnt = after(UNKNOWN, kitchen(90, takes=1200, varies=60, off=360))
    usual, spread = learnt.said, learnt.said_variance**0.5
    assert learnt.of(7200) == learnt.of(usual + 2 * spread)
    assert learnt.of(-2400) == learnt.of(usual - 2 * spread)


@given(st.floats(0, 7200), st.floats(0, 7200))
def test_a_longer_word_is_no_sooner_meal(one: float, other: float) -> None:
    learnt = after(UNKNOWN, [(900, 600), (1800, -600), (1200, 100), (1500, -900)] * 9)
    sooner, later = sorted((one, other))
    assert sooner + learnt.of(sooner).mean <= later + learnt.of(later).mean + 1e-6


def test_who_always_says_the_same_is_late_as_on_average() -> None:
    same = after(Readiness(0.0, 3600.0, 900.0, 0.0), [(900, 120)] * 60)
    assert same.of(900).mean == same.of(1500).mean == pytest.approx(120, abs=8)


def test_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        UNKNOWN.observed(900.0, float("nan"))


def test_a_merchant_known_to_be_late_is_expected_late() -> None:
    late = after(UNKNOWN, [(900, 400)] * 60).of(900)
    assert expected_ready(1000, late, now=0)[0] == pytest.approx(1400, abs=15)


def test_what_is_not_ready_is_expected_as_the_rest_of_its_distribution_says() -> None:
    dice = random.Random(2)  # noqa: S311 - values to learn from
    rest = [value for value in (dice.gauss(1000, 300) for _ in range(40_000)) if value > 1300]
    mean, spread = still_expected(1000, 300, now=1300)
    assert mean == pytest.approx(fmean(rest), rel=0.01)
    assert spread == pytest.approx(pstdev(rest), rel=0.05)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e4), st.floats(-1e6, 1e6))
def test_what_is_not_ready_is_expected_no_sooner_than_now(ready: float, spread: float, now: float) -> None:
    expected, rest = still_expected(ready, spread, now)
    assert expected >= min(now, expected + 1e-6)
    assert expected >= now - 1e-6 * (1 + abs(now))
    assert 0 <= rest <= spread + 1e-6


@pytest.mark.parametrize("there", [400.0, 900.0, 1000.0, 1700.0])
def test_food_is_expected_in_hand_when_both_it_and_the_driver_are_there(there: float) -> None:
    dice = random.Random(3)  # noqa: S311 - values to compare with
    mean = fmean(max(there, dice.gauss(1000, 300)) for _ in range(40_000))
    assert later(there, 1000, 300) == pytest.approx(mean, abs=6)
    assert later(there, 1000, 0) == max(there, 1000)


@pytest.mark.parametrize("ahead", [0.0, 1.25])
def test_of_several_uncertain_meals_the_last_is_waited_for(ahead: float) -> None:
    """A little less is expected than is true, as the first is taken to be sure."""
    dice = random.Random(4)  # noqa: S311 - values to compare with
    open_ = [delivery(name, ready_in=1000, ready_spread=300) for name in ("one", "other")]
    problem = Problem(NOW, open_, [driver("a")], TRAVEL, replace(QUICK, early=ahead))
    there = NOW + 1000 - ahead * 300
    mean = fmean(max(there, NOW + dice.gauss(1000, 300), NOW + dice.gauss(1000, 300)) for _ in range(40_000))
    assert later(there, NOW + 1000, 300) < in_hand(there, problem.jobs) <= mean + 5
    assert in_hand(there, problem.jobs) == pytest.approx(mean, abs=60)


def test_demand_fades() -> None:
    busy, quiet = Spot(0, 0), Spot(500, 0)
    seen = DemandSeen().seen(quiet, 0.0).seen(busy, FADES_S)
    assert seen.expected(FADES_S)[0] == Demand(busy, 1.0 / FADES_S)
    assert seen.expected(FADES_S)[1].rate * FADES_S == pytest.approx(0.3679, abs=1e-4)
    assert [each.spot for each in seen.seen(busy, 6 * FADES_S).expected(6 * FADES_S)] == [busy]
