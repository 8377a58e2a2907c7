"""What is not sure: what is left of a distribution, what a driver waits for, and where orders come from."""

import random
from dataclasses import replace
from math import exp
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.planner.demand import FADES_S, DemandSeen
from services.dispatch.planner.estimates import (
    Case,
    Estimate,
    chance_after,
    expected_ready,
    later,
    log_normal,
    mixed,
    still_expected,
)
from services.dispatch.planner.model import Demand, Spot
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.routes import in_hand
from tests.dispatch.planner.rounds import NOW, QUICK, TRAVEL, delivery, driver


def test_a_merchant_known_to_be_late_is_expected_late() -> None:
    assert expected_ready(1000, Estimate(400, 900), now=0) == pytest.approx((1400, 30))


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


@pytest.mark.parametrize(
    ("end", "chance"), [(-1e9, 1.0), (700.0, 0.8598), (1000.0, 0.5), (1600.0, 0.0259), (2200.0, 0.0007), (1e9, 0.0)]
)
def test_food_gets_ready_long_after_it_is_expected_more_often_than_a_normal_distribution_has_it(
    end: float, chance: float
) -> None:
    """Two spreads late: 2.6 %, not 2.3; four: 7 in 10,000, not 3 in 100,000."""
    assert chance_after(end, 1000, 300) == pytest.approx(chance, abs=5e-5)


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


def test_of_several_cases_each_counts_as_it_is_likely() -> None:
    one = Case(-5000.0, 10.0, 4.0)
    assert mixed([one]) == Estimate(10, 4)
    both = mixed([one, Case(-5000.0, 20.0, 4.0)])
    assert both.mean == pytest.approx(15)
    assert both.variance == pytest.approx(4 + 25)
    assert mixed([one, Case(-9000.0, 20.0, 4.0)]).mean == pytest.approx(10)


def test_a_normal_density_is_told_by_its_logarithm() -> None:
    assert exp(log_normal(0.0, 1.0)) == pytest.approx(0.39894, abs=1e-5)
    assert log_normal(20.0, 4.0) - log_normal(0.0, 4.0) == pytest.approx(-50)
