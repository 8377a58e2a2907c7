"""What no plan may do, whatever the round."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.planner.model import Delivery, Demand, Doing, Driver, Plan, Settings, Spot, Trip
from services.dispatch.planner.planning import intended, plan
from tests.dispatch.planner.rounds import NOW, QUICK, TRAVEL, deliveries, drivers

ROUNDS = settings(max_examples=60, deadline=None)
MODES = st.sampled_from(
    [
        QUICK,
        Settings(iterations=20, neighbour_m=1000.0, most_in_trip=3, steepness=0.0, fairness=30.0, metre=0.1),
        Settings(iterations=20, enough=2, horizon=300.0),
    ]
)


def make(deliveries: list[Delivery], drivers: list[Driver], mode: Settings = QUICK) -> Plan:
    return plan(NOW, deliveries, drivers, TRAVEL, mode, demand=[Demand(Spot(0.0, 0.0), 0.01)])


def trips(made: Plan) -> list[Trip]:
    return [*made.commit, *made.later]


@ROUNDS
@given(deliveries(), drivers(), MODES)
def test_every_delivery_is_in_one_place(open_: list[Delivery], on_duty: list[Driver], mode: Settings) -> None:
    made = make(open_, on_duty, mode)
    placed = [each for trip in trips(made) for each in trip.delivery_ids] + [*made.left, *made.put_off, *made.given_up]
    assert sorted(placed) == sorted(each.delivery_id for each in open_)


@ROUNDS
@given(deliveries(), drivers(), MODES)
def test_a_trip_keeps_to_capacity_vehicle_and_shift(
    open_: list[Delivery], on_duty: list[Driver], mode: Settings
) -> None:
    by_id, by_name = {each.delivery_id: each for each in open_}, {each.driver_id: each for each in on_duty}
    for trip in trips(make(open_, on_duty, mode)):
        carried, driver = [by_id[each] for each in trip.delivery_ids], by_name[trip.driver_id]
        if any(each.forced for each in carried):
            continue
        assert sum(each.size for each in carried) <= driver.capacity
        assert len(carried) <= mode.most_in_trip
        assert all(driver.vehicle in each.vehicles for each in carried if each.vehicles)
        assert all(stop.at <= driver.shift_ends_at for stop in trip.stops if stop.doing is Doing.PICK_UP)
        assert mode.neighbour_m or len({each.merchant_id for each in carried}) == 1


@ROUNDS
@given(deliveries(), drivers(), MODES)
def test_operators_are_obeyed(open_: list[Delivery], on_duty: list[Driver], mode: Settings) -> None:
    by_id = {each.delivery_id: each for each in open_}
    for trip in trips(make(open_, on_duty, mode)):
        for each in trip.delivery_ids:
            assert trip.driver_id not in by_id[each].barred
            assert by_id[each].pinned_to in (None, trip.driver_id)


@ROUNDS
@given(deliveries(), drivers(), MODES)
def test_what_is_forced_is_its_drivers_first_trip_and_leaves_at_once(
    open_: list[Delivery], on_duty: list[Driver], mode: Settings
) -> None:
    """Whatever it costs, whoever refused or accepts little, though the shift is over and the food is not ready."""
    made, by_name = make(open_, on_duty, mode), {each.driver_id: each for each in on_duty}
    forced = sorted((each for each in open_ if each.forced), key=lambda each: (each.opened_at, each.delivery_id))
    may = [each for each in forced if each.pinned_to in by_name and each.pinned_to not in each.barred]
    assert {each.delivery_id for each in forced} - {each.delivery_id for each in may} <= set(made.left)
    for name in {each.pinned_to for each in may}:
        driver = by_name[name or ""]
        own = [trip for trip in trips(made) if trip.driver_id == name]
        mine = [each.delivery_id for each in may if each.pinned_to == name]
        assert [trip.delivery_ids for trip in own[: len(mine)]] == [(each,) for each in mine]
        assert own[0].leaves_at == max(NOW, driver.free_at)
        assert (own[0] in made.commit) == (driver.free_at <= NOW and not driver.answering)


@ROUNDS
@given(deliveries(), drivers())
def test_who_refused_is_asked_only_where_nobody_else_can(open_: list[Delivery], on_duty: list[Driver]) -> None:
    by_id = {each.delivery_id: each for each in open_}
    taken = {each.pinned_to for each in open_ if each.forced}  # by when these come back it may be too late
    for trip in trips(make(open_, on_duty)):
        for each in (by_id[name] for name in trip.delivery_ids):
            if trip.driver_id in each.refused_by and not each.forced:
                others = [other for other in on_duty if other.driver_id not in each.refused_by | taken]
                assert not any(_can_carry_alone(each, other) for other in others)


def _can_carry_alone(delivery: Delivery, driver: Driver) -> bool:
    alone = plan(NOW, [delivery], [driver], TRAVEL, QUICK)
    return not alone.left


@ROUNDS
@given(deliveries(), drivers(), MODES)
def test_only_who_is_free_is_asked_and_once(open_: list[Delivery], on_duty: list[Driver], mode: Settings) -> None:
    made = make(open_, on_duty, mode)
    free = {each.driver_id for each in on_duty if each.free_at <= NOW and not each.answering}
    asked = [trip.driver_id for trip in made.commit]
    assert len(asked) == len(set(asked))
    assert set(asked) <= free
    assert set(made.explanations) == set(asked)


@ROUNDS
@given(deliveries(), drivers(), MODES, st.randoms(use_true_random=False))
def test_the_same_round_gives_the_same_plan(
    open_: list[Delivery], on_duty: list[Driver], mode: Settings, dice: st.DataObject
) -> None:
    """In whatever order it is told."""
    made = make(open_, on_duty, mode)
    dice.shuffle(open_)  # type: ignore[attr-defined]
    dice.shuffle(on_duty)  # type: ignore[attr-defined]
    assert make(open_, on_duty, mode) == made


@ROUNDS
@given(deliveries(), drivers(), drivers())
def test_a_plan_goes_on_from_the_one_before_whoever_left(
    open_: list[Delivery], on_duty: list[Driver], next_: list[Driver]
) -> None:
    before = intended(make(open_, on_duty))
    made = plan(NOW, open_[1:], next_, TRAVEL, QUICK, before=before)
    placed = [each for trip in trips(made) for each in trip.delivery_ids] + [*made.left, *made.put_off, *made.given_up]
    assert sorted(placed) == sorted(each.delivery_id for each in open_[1:])


@ROUNDS
@given(deliveries(), drivers())
def test_stops_follow_one_another(open_: list[Delivery], on_duty: list[Driver]) -> None:
    """Pick-ups before drop-offs, nothing before it is ready or before the driver can be there."""
    by_id = {each.delivery_id: each for each in open_}
    for trip in trips(make(open_, on_duty)):
        assert NOW <= trip.leaves_at <= trip.stops[0].arrives_at
        assert [stop.at for stop in trip.stops] == sorted(stop.at for stop in trip.stops)
        doing = [stop.doing for stop in trip.stops]
        assert doing == sorted(doing, key=[Doing.PICK_UP, Doing.DROP_OFF].index)
        assert [each for stop in trip.stops if stop.doing is Doing.DROP_OFF for each in stop.delivery_ids] == list(
            trip.delivery_ids
        )
        for stop in trip.stops:
            assert stop.at >= stop.arrives_at
            if stop.doing is Doing.PICK_UP:
                assert all(stop.at >= by_id[each].ready_at for each in stop.delivery_ids)
