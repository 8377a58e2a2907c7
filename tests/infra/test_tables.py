"""The tables that tests make are the tables that are deployed."""

from services.dispatch import stack as dispatch
from services.notifications import stack as notifications
from services.orders import stack as orders
from tests.dispatch.conftest import INDEXES as DISPATCH
from tests.notifications.made import INDEXES as NOTIFICATIONS
from tests.orders.conftest import INDEXES as ORDERS
from tests.tables import Index


def of(stack: object) -> tuple[Index, ...]:
    return tuple((index.name, index.partition, index.sort) for index in getattr(stack, "INDEXES", ()))


def test_the_indexes_of_each_service_are_those_that_its_tests_use() -> None:
    assert of(dispatch) == DISPATCH
    assert of(notifications) == NOTIFICATIONS
    assert of(orders) == ORDERS
