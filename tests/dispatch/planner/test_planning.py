"""What a plan is worth: who is asked, when, and why."""

import gc
from dataclasses import replace

import pytest

from services.dispatch.planner.model import Demand, Settings, Spot
from services.dispatch.planner.planning import intended, plan
from services.dispatch.planner.search import FEWEST_STEPS
from services.dispatch.uncollected import uncollected
from tests.dispatch.planner.rounds import MINUTE, NOW, QUICK, TRAVEL, carriers, delivery, driver, planned


def test_a_driver_leaves_when_the_food_will_be_ready_on_arrival() -> None:
    far = driver("a", at=3000)  # ten minutes away, and two of parking
    early = plan(NOW, [delivery("d", ready_in=14 * MINUTE)], [far], TRAVEL, QUICK)
    assert early.commit == ()
    assert early.later[0].leaves_at == NOW + 2 * MINUTE
    assert carriers(plan(NOW, [delivery("d", ready_in=12.5 * MINUTE)], [far], TRAVEL, QUICK)) == {"d": "a"}


def test_who_does_not_know_when_food_is_ready_is_there_earlier() -> None:
    unsure = delivery("d", ready_in=30 * MINUTE, ready_spread=4 * MINUTE)
    made = plan(NOW, [unsure], [driver("a", at=3000)], TRAVEL, QUICK)
    assert made.later[0].leaves_at == NOW + (30 - 2 - 10 - 1.75 * 4) * MINUTE
    assert made.later[0].stops[0].at > NOW + 30 * MINUTE


def test_nobody_is_sent_whose_shift_may_end_before_the_food_is_ready() -> None:
    unsure = delivery("d", ready_in=30 * MINUTE, ready_spread=4 * MINUTE)
    assert plan(NOW, [unsure], [driver("a", shift_ends_at=NOW + 35 * MINUTE)], TRAVEL, QUICK).left == ("d",)
    assert planned(plan(NOW, [unsure], [driver("a", shift_ends_at=NOW + 37 * MINUTE)], TRAVEL, QUICK)) == {"d": "a"}


def test_who_is_on_duty_longer_is_sent_where_a_shift_might_end_before_the_food_is_ready() -> None:
    """It costs the chance of it times `uncarried`: here 140 s."""
    ending, far = driver("ending", shift_ends_at=NOW + 38 * MINUTE), driver("far", at=6000)
    unsure = delivery("d", ready_in=30 * MINUTE, ready_spread=4 * MINUTE)
    made = plan(NOW, [unsure], [ending, far], TRAVEL, QUICK)
    assert planned(made) == {"d": "far"}
    assert planned(plan(NOW, [unsure], [ending], TRAVEL, QUICK)) == {"d": "ending"}
    sure = delivery("d", ready_in=30 * MINUTE)
    assert planned(plan(NOW, [sure], [ending, far], TRAVEL, replace(QUICK, metre=0.01))) == {"d": "ending"}


def test_an_offer_is_made_as_much_earlier_as_its_answer_takes() -> None:
    slow = replace(QUICK, answer_within=2 * MINUTE)
    made = plan(NOW, [delivery("d", ready_in=14 * MINUTE)], [driver("a", at=3000)], TRAVEL, slow)
    assert carriers(made) == {"d": "a"}


def test_a_better_driver_who_appears_is_used() -> None:
    waiting, far = delivery("d", ready_in=5 * MINUTE), driver("far", at=9000)
    before = plan(NOW, [waiting], [replace(far, answering=True)], TRAVEL, QUICK)
    assert planned(before) == {"d": "far"}
    after = plan(NOW, [waiting], [far, driver("near")], TRAVEL, QUICK, before=intended(before))
    assert planned(after) == {"d": "near"}


def test_a_busy_driver_who_will_be_near_is_waited_for() -> None:
    made = plan(NOW, [delivery("d")], [driver("busy", free_in=60), driver("free", at=6000)], TRAVEL, QUICK)
    assert made.commit == ()
    assert planned(made) == {"d": "busy"}


def test_all_deliveries_are_considered_together() -> None:
    """The driver nearest to the first is left to the second, which nobody else is near to."""
    made = plan(
        NOW,
        [delivery("first"), delivery("second", at=2000)],
        [driver("a", at=900), driver("b", at=-1000)],
        TRAVEL,
        QUICK,
    )
    assert carriers(made) == {"first": "b", "second": "a"}


def test_orders_of_one_merchant_share_a_trip_when_that_helps() -> None:
    two = [delivery("far", to=1500), delivery("near", to=1000)]
    made = plan(NOW, two, [driver("a")], TRAVEL, QUICK)
    assert [trip.delivery_ids for trip in made.commit] == [("near", "far")]


def test_neighbouring_merchants_share_a_trip_where_settings_allow() -> None:
    two = [delivery("d", to=2000), delivery("e", at=100, to=2100)]
    assert len(plan(NOW, two, [driver("a")], TRAVEL, QUICK).commit[0].delivery_ids) == 1
    shared = plan(NOW, two, [driver("a")], TRAVEL, replace(QUICK, neighbour_m=200)).commit[0]
    assert sorted(shared.delivery_ids) == ["d", "e"]
    assert [stop.metres for stop in shared.stops] == [0, 100, 1900, 100]


def test_who_stands_alone_near_busy_merchants_is_kept_back() -> None:
    """Both can be in time; `a` alone guards the place where orders come from."""
    waiting = delivery("d", at=1500, ready_in=15 * MINUTE)
    both = [driver("a", at=0), driver("b", at=3500)]
    made = plan(NOW, [waiting], both, TRAVEL, QUICK, demand=[Demand(Spot(0, 0), 0.001)])
    assert planned(made) == {"d": "b"}
    made = plan(NOW, [waiting], both, TRAVEL, QUICK, demand=[Demand(Spot(3500, 0), 0.001)])
    assert planned(made) == {"d": "a"}


def test_a_far_order_does_not_starve() -> None:
    """One driver, who never gets to the end of the orders next door: the far one is carried all the same."""
    free_at, at, left = NOW, 0.0, [delivery("far", at=4000, to=6000)]
    for minute in range(240):
        now = NOW + minute * MINUTE
        if minute % 6 == 0:
            left.append(replace(delivery(f"near {minute}", to=300), opened_at=now, ready_at=now))
        made = plan(now, left, [replace(driver("a", at=at), free_at=free_at)], TRAVEL, QUICK)
        for trip in made.commit:
            left = [each for each in left if each.delivery_id not in trip.delivery_ids]
            free_at, at = trip.free_at, trip.stops[-1].spot.x
    assert "far" not in [each.delivery_id for each in left]


def test_what_was_promised_sooner_is_carried_first() -> None:
    """One driver, and two as far away in either direction: one of them waits for the other."""
    free = [delivery("first", at=1000, to=1200), delivery("second", at=-1000, to=-1200)]
    for name in ("first", "second"):
        both = [replace(each, promised_at=NOW + 10 * MINUTE) if each.delivery_id == name else each for each in free]
        assert carriers(plan(NOW, both, [driver("a")], TRAVEL, QUICK)) == {name: "a"}
        late = [replace(each, promised_at=NOW + 2 * MINUTE) for each in both]
        assert carriers(plan(NOW, late, [driver("a")], TRAVEL, QUICK)) == {"first": "a"}
        vain = replace(QUICK, soonest_promise=60 * MINUTE)  # nor does what nobody can keep put one before another
        assert carriers(plan(NOW, both, [driver("a")], TRAVEL, vain)) == {"first": "a"}


def test_a_chronic_decliner_is_asked_less() -> None:
    made = plan(NOW, [delivery("d")], [driver("a", acceptance=0.2), driver("b", at=500)], TRAVEL, QUICK)
    assert carriers(made) == {"d": "b"}
    far = plan(NOW, [delivery("d")], [driver("a", acceptance=0.2), driver("b", at=9000)], TRAVEL, QUICK)
    assert carriers(far) == {"d": "a"}


def test_fairness_gives_work_to_who_carried_less() -> None:
    both = [driver("a", carried=9), driver("b", at=100, carried=1)]
    assert carriers(plan(NOW, [delivery("d")], both, TRAVEL, QUICK)) == {"d": "a"}
    assert carriers(plan(NOW, [delivery("d")], both, TRAVEL, replace(QUICK, fairness=30))) == {"d": "b"}


def test_what_is_forced_leaves_at_once_with_that_driver() -> None:
    """Whoever refused, however early, though the shift is over."""
    forced = delivery("d", ready_in=3600, pinned_to="a", forced=True, refused_by=frozenset({"a"}))
    made = plan(NOW, [forced, delivery("e")], [driver("a", shift_ends_at=NOW), driver("b")], TRAVEL, QUICK)
    assert carriers(made) == {"d": "a", "e": "b"}
    assert made.explanations["a"].decided == "an operator forced it"
    assert made.commit[0].leaves_at == NOW


def test_a_search_that_took_too_long_is_given_up() -> None:
    made = plan(NOW + 1000, [delivery("d")], [driver("a")], TRAVEL, replace(QUICK, give_up_after=900))
    assert (made.given_up, made.commit) == (("d",), ())


def test_what_is_ready_late_is_put_off_where_many_are_open() -> None:
    open_ = [delivery(f"d{minutes}", ready_in=minutes * MINUTE) for minutes in (5, 10, 15, 25, 40)]
    fewer = replace(QUICK, enough=2, horizon=20 * MINUTE)
    made = plan(NOW, open_, [driver("a")], TRAVEL, fewer)
    assert (made.put_off, made.left) == (("d25", "d40"), ())
    assert plan(NOW, open_, [driver("a")], TRAVEL, replace(fewer, enough=4)).put_off == ("d40",)
    assert plan(NOW, open_, [driver("a")], TRAVEL, replace(fewer, enough=5)).put_off == ()
    soon = plan(NOW + 10 * MINUTE, open_, [driver("a")], TRAVEL, fewer)
    assert soon.put_off == ("d40",)


def test_what_is_pinned_is_not_put_off_as_its_driver_may_be_far() -> None:
    open_ = [delivery("d"), delivery("far", ready_in=25 * MINUTE, pinned_to="a")]
    made = plan(NOW, open_, [driver("a", at=7500), driver("b")], TRAVEL, replace(QUICK, enough=1))
    assert made.put_off == ()
    assert carriers(made)["far"] == "a"


def test_what_is_ready_late_is_forced_all_the_same() -> None:
    open_ = [delivery(f"d{minutes}", ready_in=minutes * MINUTE) for minutes in (5, 10)]
    late = delivery("late", ready_in=40 * MINUTE, pinned_to="a", forced=True)
    made = plan(NOW, [*open_, late], [driver("a")], TRAVEL, replace(QUICK, enough=1, horizon=0.0))
    assert carriers(made) == {"late": "a"}
    assert made.put_off == ("d10",)


def test_a_large_round_that_begins_from_nothing_is_searched_a_little() -> None:
    open_ = [delivery(f"d{n}", at=100.0 * (n % 40), to=50.0 * n) for n in range(240)]
    on_duty = [driver(f"a{n}", at=100.0 * n) for n in range(40)]
    assert plan(NOW, open_, on_duty, TRAVEL, Settings()).iterations == FEWEST_STEPS


def test_a_plan_leaves_nothing_to_the_garbage_collector() -> None:
    gc.collect()
    with uncollected():
        assert not gc.isenabled()
        plan(NOW, [delivery("d"), delivery("e", at=500)], [driver("a"), driver("b")], TRAVEL, QUICK)
        assert gc.collect() == 0
    assert gc.isenabled()


def test_who_has_no_driver_is_left_open() -> None:
    assert plan(NOW, [delivery("d")], [], TRAVEL, QUICK).left == ("d",)


def test_the_drivers_considered_are_told_and_what_decided() -> None:
    made = plan(
        NOW,
        [delivery("d", refused_by=frozenset({"c"}))],
        [driver("a"), driver("b", at=600), driver("c"), driver("e", at=3000, shift_ends_at=NOW + 60)],
        TRAVEL,
        QUICK,
    )
    told = made.explanations["a"]
    assert told.decided == "costs 132 s less in all than with b, the next best"
    assert told.considered[0].driver_id == "b"
    assert told.considered[0].costs_more == 132  # two minutes later, and twelve as it is late already
    assert {each.driver_id: each.because for each in told.considered} == {
        "b": "free",
        "c": "said no before",
        "e": "the shift ends too soon",
    }


def test_a_shift_that_may_end_too_soon_is_told_of() -> None:
    unsure = delivery("d", ready_in=13 * MINUTE, ready_spread=4 * MINUTE)
    ending, longer = driver("ending", shift_ends_at=NOW + 21 * MINUTE), driver("a", at=3000)
    made = plan(NOW, [unsure], [ending, longer], TRAVEL, QUICK)
    assert carriers(made) == {"d": "a"}
    [considered] = made.explanations["a"].considered
    assert considered.because == "the shift may end before the food is ready"


def test_time_over_gives_the_plan_so_far() -> None:
    made = plan(NOW, [delivery("d"), delivery("e")], [driver("a")], TRAVEL, QUICK, expired=lambda: True)
    assert made.iterations == 0
    assert sorted(planned(made)) == ["d", "e"]


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="delivery d is given twice"):
        plan(NOW, [delivery("d"), delivery("d")], [], TRAVEL, QUICK)
