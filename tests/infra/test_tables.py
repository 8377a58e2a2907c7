"""The tables that tests make are the tables that are deployed."""

from collections.abc import Sequence

from infra.constructs import Index
from services.dispatch import stack as dispatch
from services.notifications import stack as notifications
from services.orders import stack as orders
from services.partners import stack as partners
from tests import tables
from tests.dispatch.conftest import INDEXES as DISPATCH
from tests.notifications.made import INDEXES as NOTIFICATIONS
from tests.orders.conftest import INDEXES as ORDERS
from tests.partners.made import INDEXES as PARTNERS


def made(indexes: Sequence[Index]) -> tuple[tables.Index, ...]:
    return tuple((index.name, index.partition, index.sort) for index in indexes)


def test_the_indexes_of_each_service_are_those_that_its_tests_use() -> None:
    assert made(dispatch.INDEXES) == DISPATCH
    assert made(notifications.INDEXES) == NOTIFICATIONS
    assert made(orders.INDEXES) == ORDERS
    assert made(partners.INDEXES) == PARTNERS
