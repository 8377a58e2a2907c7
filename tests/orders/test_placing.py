"""What the outbox makes of a newly placed order."""

from datetime import datetime
from typing import Any

import pytest
from delivery_events.orders import OrderReason
from delivery_events.outbox import Change

from services.orders.placing import Placing
from tests.orders.deliveries import NOW
from tests.orders.rows import ORDER_ID, PICKUP, confirmed, merchant, order


class FakeTable:
    """Holds one merchant, and remembers which orders were ended."""

    def __init__(self, row: dict[str, Any] | None) -> None:
        self._merchant = row
        self.ended: list[tuple[str, str, str]] = []

    def merchant(self, merchant_id: str) -> dict[str, Any] | None:
        assert merchant_id == "merchant-1"
        return self._merchant

    def end_pending(self, order_id: str, *, reason: OrderReason, now: datetime, caused_by: str) -> bool:
        self.ended.append((order_id, reason.value, caused_by))
        return True


def decide(table: FakeTable, old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[Any]:
    return Placing(table, now=lambda: NOW).decide(Change(old, new))


def test_an_order_that_meets_every_rule_is_announced() -> None:
    table = FakeTable(merchant())
    [event] = decide(table, None, order())
    assert event.metadata.type == "order.placed"
    assert event.data.pickup.model_dump() == PICKUP
    assert table.ended == []


@pytest.mark.parametrize(
    ("row", "reason"), [(merchant(accepting=False), "MERCHANT_CLOSED"), (None, "UNKNOWN_MERCHANT")]
)
def test_an_order_that_breaks_a_rule_is_turned_down_instead_of_announced(row: Any, reason: str) -> None:
    table = FakeTable(row)
    assert decide(table, None, order()) == []
    assert table.ended == [(ORDER_ID, reason, f"rule:{reason.lower()}")]


def test_an_order_is_held_against_the_rules_only_when_it_is_placed() -> None:
    table = FakeTable(merchant(accepting=False))
    [event] = decide(table, order(), confirmed(pickup=None))
    assert event.metadata.type == "order.confirmed"
    assert event.data.pickup.model_dump() == PICKUP
    assert table.ended == []


def test_a_merchants_own_row_makes_no_event() -> None:
    assert decide(FakeTable(None), None, merchant()) == []
    assert decide(FakeTable(None), order(), None) == []
