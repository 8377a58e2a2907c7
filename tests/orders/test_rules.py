"""Which orders the platform's rules turn down."""

from datetime import UTC, datetime

import pytest
from delivery_events.orders import OrderReason

from services.orders.domain import broken_rule, distance_m, is_open
from tests.orders.rows import merchant, order


def test_an_order_that_meets_every_rule_is_announced() -> None:
    assert broken_rule(order(), merchant()) is None


def test_an_order_with_a_merchant_that_nobody_knows_is_turned_down() -> None:
    assert broken_rule(order(), None) is OrderReason.UNKNOWN_MERCHANT


def test_an_order_whose_lines_do_not_add_up_is_turned_down() -> None:
    wrong = order(total={"amount": 1799, "currency": "USD"})
    assert broken_rule(wrong, merchant()) is OrderReason.AMOUNTS_DIFFER


def test_an_order_in_another_currency_than_the_merchants_is_turned_down() -> None:
    assert broken_rule(order(), merchant(currency="EUR")) is OrderReason.AMOUNTS_DIFFER


def test_an_order_from_farther_away_than_the_merchant_delivers_is_turned_down() -> None:
    assert broken_rule(order(), merchant(delivery_radius_m=1000)) is OrderReason.OUT_OF_AREA


def test_a_merchant_that_takes_no_orders_is_closed() -> None:
    assert broken_rule(order(), merchant(accepting=False)) is OrderReason.MERCHANT_CLOSED


@pytest.mark.parametrize(
    ("opens", "closes", "open_"),
    [
        (18 * 60, 19 * 60, True),  # the order is placed on a Monday at 18:30 UTC
        (18 * 60 + 30, 19 * 60, True),  # the minute it opens is included
        (17 * 60, 18 * 60 + 30, False),  # the minute it closes is not
        (6 * 1440, 1140, True),  # from Sunday into Monday 19:00
        (6 * 1440, 600, False),
    ],
)
def test_opening_hours_are_minutes_of_the_week_in_utc(opens: int, closes: int, open_: bool) -> None:
    hours = [{"opens": opens, "closes": closes}]
    assert is_open(merchant(hours=hours), datetime(2026, 1, 5, 18, 30, tzinfo=UTC)) is open_


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_m({"lat": 40.0, "lng": -80.0}, {"lat": 41.0, "lng": -80.0}) == pytest.approx(111_195, abs=1)
