"""The generated city."""

from collections import Counter
from itertools import pairwise

import pytest

from local.simulator.city import Answer, City, fictional_phone, generate
from local.simulator.geometry import metres


@pytest.fixture(scope="module")
def city() -> City:
    return generate(orders=400, drivers=40, merchants=25, seed=7)


def test_the_same_seed_makes_the_same_city(city: City) -> None:
    assert generate(orders=400, drivers=40, merchants=25, seed=7) == city
    assert generate(orders=400, drivers=40, merchants=25, seed=8) != city


def test_it_has_as_many_of_each_as_asked_for(city: City) -> None:
    assert (len(city.orders), len(city.drivers), len(city.merchants)) == (400, 40, 25)
    assert len({m.key for m in city.merchants}) == 25
    assert {o.customer for o in city.orders} == {c.key for c in city.customers}


def test_orders_come_in_order_and_mostly_in_the_middle_of_the_rush(city: City) -> None:
    times = [order.placed for order in city.orders]
    assert all(a <= b for a, b in pairwise(times))
    span = times[-1] - times[0]
    middle = sum(times[0] + span / 4 < time < times[-1] - span / 4 for time in times)
    assert middle > 0.6 * len(times)


def test_nothing_is_ready_before_it_is_placed_and_everything_costs_something(city: City) -> None:
    for order in city.orders:
        assert order.ready > order.placed
        assert order.cancelled is None or order.cancelled > order.placed
        assert order.total == sum(item.quantity * item.unit_price for item in order.items) > 0


def test_most_go_well_and_some_do_not(city: City) -> None:
    answers = Counter(order.answer for order in city.orders)
    assert answers[Answer.CONFIRM] > 350
    assert answers[Answer.REJECT]
    assert answers[Answer.SILENT]
    assert 0 < sum(order.cancelled is not None for order in city.orders) < 60
    assert 0 < sum(order.absent for order in city.orders) < 40
    assert 0 < sum(customer.contact.opted_out for customer in city.customers) < 40


def test_everything_lies_within_a_small_city(city: City) -> None:
    for order in city.orders:
        merchant = next(m for m in city.merchants if m.key == order.merchant)
        assert 150 <= metres(merchant.at, order.dropoff) < 3_000


def test_drivers_outlast_the_rush(city: City) -> None:
    assert min(driver.off for driver in city.drivers) > max(order.ready for order in city.orders)
    assert city.starts == min(driver.on for driver in city.drivers) or city.starts == city.orders[0].placed


def test_phones_are_in_the_range_kept_for_fiction() -> None:
    assert {fictional_phone(n) for n in range(500)} == {f"+120255501{n:02d}" for n in range(100)}


@pytest.mark.parametrize("counts", [{"orders": 0}, {"drivers": 0}, {"merchants": -1}])
def test_a_city_without_people_is_refused(counts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(counts))} is {next(iter(counts.values()))}"):
        generate(**({"orders": 1, "drivers": 1, "merchants": 1, "seed": 1} | counts))
