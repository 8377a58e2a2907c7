"""What is done for orders that are only expected."""

import random
from dataclasses import replace

import pytest

from services.dispatch.planner import coming
from services.dispatch.planner.model import Demand, Spot
from services.dispatch.planner.planning import plan
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.worth import STEP, STEPS, Worth, _each_quickens, _quickens, _table
from tests.dispatch.planner.rounds import MINUTE, NOW, QUICK, TRAVEL, delivery, driver, planned

HERE, THERE = Spot(0, 0), Spot(6000, 0)
ONE_IN_TEN_MINUTES = 1 / 600


def test_as_many_orders_are_drawn_as_are_expected_and_where() -> None:
    demand = [Demand(HERE, 0.02), Demand(THERE, 0.01)]
    days = [coming.drawn(NOW, demand, replace(QUICK, seed=seed, coming_within=600)) for seed in range(200)]
    drawn = [each for day in days for each in day]
    assert len(drawn) == pytest.approx(200 * 600 * 0.03, rel=0.1)
    assert sum(each.pickup == HERE for each in drawn) == pytest.approx(len(drawn) * 2 / 3, rel=0.1)
    assert all(NOW < each.opened_at <= NOW + 600 for each in drawn)


def test_none_are_drawn_where_none_are_expected_or_wanted() -> None:
    assert coming.drawn(NOW, [], QUICK) == []
    assert coming.drawn(NOW, [Demand(HERE, 0.1)], replace(QUICK, coming_within=0)) == []


def test_however_many_are_expected_what_is_open_comes_first() -> None:
    made = plan(NOW, [delivery("d", ready_in=20 * MINUTE)], [driver("a")], TRAVEL, QUICK, demand=[Demand(HERE, 5.0)])
    assert planned(made) == {"d": "a"}
    assert made.left == ()


def test_a_driver_kept_for_expected_orders_is_said_to_be() -> None:
    both, told = [driver("kept"), driver("sent", at=1200)], []
    for seed in range(9):
        setting = replace(QUICK, seed=seed)
        made = plan(NOW, [delivery("d", at=600, to=6000)], both, TRAVEL, setting, demand=[Demand(HERE, 0.01)])
        if "sent" in made.explanations:
            told += [each for each in made.explanations["sent"].considered if each.driver_id == "kept"]
    assert "is kept for orders that are expected" in {each.because for each in told}


def test_a_table_of_what_one_more_driver_is_worth_says_what_counting_says() -> None:
    dice = random.Random(1)  # noqa: S311 - lines to wait in
    for count in (0, 1, 5, 12, 13):
        line = sorted((dice.uniform(0, 2390), number) for number in range(count))
        table = _table(line, 0.5)
        assert table[:STEPS] == pytest.approx([0.5 * _quickens(line, at * STEP) for at in range(STEPS)])


def test_what_each_in_line_is_worth_is_what_counting_says() -> None:
    dice = random.Random(2)  # noqa: S311 - lines to wait in
    for count in (0, 1, 5, 12, 13):
        line = sorted((dice.uniform(0, 3000), number) for number in range(count))
        counted = [_quickens([*line[:at], *line[at + 1 :]], line[at][0]) for at in range(count)]
        assert _each_quickens(line) == pytest.approx(counted)


def test_a_driver_is_worth_less_the_later_and_the_farther_from_demand_it_is_free() -> None:
    problem = Problem(NOW, [delivery("d", at=0, to=6000)], [driver("a"), driver("b", at=6000)], TRAVEL, QUICK)
    stands = [(each.start, each.place, 0.0) for each in problem.couriers]
    worth = Worth(problem, [Demand(HERE, ONE_IN_TEN_MINUTES)], stands)
    [here, there] = [problem.places.number(each) for each in (HERE, THERE)]
    assert worth.before[0] > worth.before[1] > 0
    one = problem.couriers[0]
    soon, late = (worth.after(one, NOW + wait, here) for wait in (300, 900))
    assert soon > late > worth.after(one, NOW + 900, there) >= 0
    assert worth.after(one, NOW + 4000, here) == 0


def test_who_is_about_to_go_home_is_worth_nothing() -> None:
    ending = driver("a", shift_ends_at=NOW + 300)
    problem = Problem(NOW, [delivery("d")], [ending], TRAVEL, QUICK)
    worth = Worth(problem, [Demand(HERE, ONE_IN_TEN_MINUTES)], [(NOW, problem.couriers[0].place, 0.0)])
    assert worth.before == [0.0]
