"""Which driver is asked for which delivery."""

from datetime import timedelta

import pytest

from services.dispatch.planner import Driver, OpenDelivery, Plan, PlanSettings, Point, distance_m, plan
from tests.dispatch.rows import NOW

SETTINGS = PlanSettings(speed_mps=5, offer_s=45, search_s=1800)
METRES_PER_DEGREE = 111_195.0


def north(metres: float) -> Point:
    """A point `metres` north of the first merchant."""
    return Point(40 + metres / METRES_PER_DEGREE, -80)


def delivery(
    name: str, at: Point, *, waited: float = 0, ready_in: float = 0, refused_by: str = "", barred: str = ""
) -> OpenDelivery:
    """`refused_by`, `barred`: names of one letter each."""
    return OpenDelivery(
        name,
        1,
        at,
        Point(at.lat + 0.01, at.lng),
        NOW - timedelta(seconds=waited),
        NOW + timedelta(seconds=ready_in),
        frozenset(refused_by),
        frozenset(barred),
    )


def driver(name: str, at: Point, *, free: bool = True) -> Driver:
    return Driver(name, at, free)


def offers(made: Plan) -> dict[str, str]:
    return {each.delivery.delivery_id: each.driver_id for each in made.offers}


def test_all_deliveries_are_considered_together() -> None:
    """The driver nearest to the first is left to the second, which nobody else is near to."""
    made = plan(
        NOW,
        [delivery("first", north(0)), delivery("second", north(500))],
        [driver("a", north(100)), driver("b", north(-300))],
        SETTINGS,
    )
    assert offers(made) == {"first": "b", "second": "a"}


def test_only_free_drivers_are_asked() -> None:
    made = plan(NOW, [delivery("d", north(0))], [driver("a", north(0), free=False), driver("b", north(900))], SETTINGS)
    assert offers(made) == {"d": "b"}


def test_where_drivers_are_short_a_long_wait_makes_up_for_a_long_way() -> None:
    near, far = delivery("near", north(0)), delivery("far", north(2000), waited=600)
    assert offers(plan(NOW, [near, far], [driver("a", north(0))], SETTINGS)) == {"far": "a"}


def test_who_refused_is_not_asked_again_while_somebody_else_is_free() -> None:
    asked = delivery("d", north(0), refused_by="a")
    assert offers(plan(NOW, [asked], [driver("a", north(0)), driver("b", north(3000))], SETTINGS)) == {"d": "b"}


def test_when_all_have_refused_they_are_asked_again() -> None:
    asked = delivery("d", north(0), refused_by="ab")
    assert offers(plan(NOW, [asked], [driver("a", north(0)), driver("b", north(3000))], SETTINGS)) == {"d": "a"}


def test_from_whom_an_operator_took_it_is_never_asked_again() -> None:
    drivers = [driver("a", north(0)), driver("b", north(3000))]
    for refused_by in ("a", "ab"):  # when all have refused, who only refused is asked again
        asked = delivery("d", north(0), refused_by=refused_by, barred="a")
        assert offers(plan(NOW, [asked], drivers, SETTINGS)) == {"d": "b"}
    assert offers(plan(NOW, [delivery("d", north(0), refused_by="ab", barred="ab")], drivers, SETTINGS)) == {}
    assert offers(plan(NOW, [delivery("d", north(0), barred="a")], drivers[:1], SETTINGS)) == {}


def test_a_driver_who_refused_stays_unasked_when_the_others_are_taken() -> None:
    """As many deliveries as drivers, and one pair that must not be: the one who refused is asked for the other."""
    deliveries = [delivery("refused", north(0), refused_by="a"), delivery("other", north(0), refused_by="a")]
    made = plan(NOW, deliveries, [driver("a", north(0)), driver("b", north(50))], SETTINGS)
    assert list(offers(made).values()) == ["b"]


def test_a_search_past_its_limit_is_given_up() -> None:
    late = delivery("late", north(0), waited=1800)
    made = plan(NOW, [late, delivery("d", north(0), waited=1799)], [driver("a", north(0))], SETTINGS)
    assert made.given_up == (late,)
    assert offers(made) == {"d": "a"}


def test_a_round_plans_those_that_wait_longest() -> None:
    settings = PlanSettings(speed_mps=5, offer_s=45, search_s=1800, most_deliveries=1)
    deliveries = [delivery("young", north(0)), delivery("old", north(0), waited=1)]
    drivers = [driver("a", north(0)), driver("b", north(0))]
    assert list(offers(plan(NOW, deliveries, drivers, settings))) == ["old"]


@pytest.mark.parametrize(("ready_in", "pickup_in"), [(0, 200), (600, 600)])
def test_the_order_is_expected_when_both_driver_and_merchant_are_there(ready_in: float, pickup_in: float) -> None:
    [made] = plan(NOW, [delivery("d", north(0), ready_in=ready_in)], [driver("a", north(1000))], SETTINGS).offers
    assert (made.expected_pickup_at - NOW).total_seconds() == pytest.approx(pickup_in, abs=1)
    ride_s = made.to_dropoff_m / SETTINGS.speed_mps
    assert (made.expected_dropoff_at - made.expected_pickup_at).total_seconds() == pytest.approx(ride_s, abs=1)
    assert made.to_pickup_m == pytest.approx(1000, abs=1)
    assert made.expires_at == NOW + timedelta(seconds=SETTINGS.offer_s)


def test_the_same_input_in_another_order_gives_the_same_plan() -> None:
    deliveries = [delivery(f"d{n}", north(100 * n), waited=n) for n in range(5)]
    drivers = [driver(f"r{n}", north(450 - 90 * n)) for n in range(4)]
    assert plan(NOW, deliveries, drivers, SETTINGS) == plan(NOW, deliveries[::-1], drivers[::-1], SETTINGS)


def test_distance_is_along_the_great_circle() -> None:
    assert distance_m(Point(0, 0), Point(0, 1)) == pytest.approx(111_195, abs=1)
    assert distance_m(Point(60, 179.5), Point(60, -179.5)) == pytest.approx(55_597, abs=2)
