"""Running estimates: they find the truth, follow it, and say how sure they are."""

import random
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.planner.demand import FADES_S, DemandSeen
from services.dispatch.planner.estimates import (
    LATENESS,
    SPEED,
    Estimate,
    expected_ready,
    lateness,
    later,
    speed,
    still_expected,
)
from services.dispatch.planner.model import Demand, Spot


def after(estimate: Estimate, values: list[float]) -> Estimate:
    for value in values:
        estimate = estimate.observed(value)
    return estimate


def test_what_is_observed_replaces_the_guess() -> None:
    dice = random.Random(1)  # noqa: S311 - values to learn from
    values = [dice.gauss(300, 60) for _ in range(200)]
    learnt = after(LATENESS, values)
    assert learnt.mean == pytest.approx(300, abs=30)
    assert learnt.spread == pytest.approx(60, rel=0.4)


def test_an_estimate_follows_what_changes() -> None:
    assert after(after(SPEED, [5.0] * 500), [3.0] * 90).mean == pytest.approx(3.0, abs=0.15)


def test_few_observations_leave_it_unsure() -> None:
    assert Estimate(0, 100, count=1).spread > Estimate(0, 100, count=30).spread


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=60))
def test_an_estimate_stays_within_what_was_seen(values: list[float]) -> None:
    learnt = after(Estimate(values[0], 0.0), values)
    assert min(values) - 1e-6 <= learnt.mean <= max(values) + 1e-6
    assert learnt.variance >= 0


def test_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        SPEED.observed(float("nan"))


def test_a_short_way_says_nothing_of_speed() -> None:
    assert speed(150, 60) is None
    assert speed(600, 120) == 5.0


def test_a_merchant_known_to_be_late_is_expected_late() -> None:
    late = after(LATENESS, [lateness(1000, 1400)] * 60)
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


def test_demand_fades() -> None:
    busy, quiet = Spot(0, 0), Spot(500, 0)
    seen = DemandSeen().seen(quiet, 0.0).seen(busy, FADES_S)
    assert seen.expected(FADES_S)[0] == Demand(busy, 1.0 / FADES_S)
    assert seen.expected(FADES_S)[1].rate * FADES_S == pytest.approx(0.3679, abs=1e-4)
    assert [each.spot for each in seen.seen(busy, 6 * FADES_S).expected(6 * FADES_S)] == [busy]
