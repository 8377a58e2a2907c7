"""What the outbox makes of a newly placed order."""

from datetime import datetime
from typing import Any

import pytest
from delivery_events.orders import OrderReason
from delivery_events.outbox import Change

from services.orders.placing import Placing
from tests.orders.deliveries import NOW
from tests.orders.rows import ORDER_ID, PICKUP, confirmed, merchant, order, unjudged


class FakeTable:
    """Holds one merchant and one order, and remembers which orders were turned down."""

    def __init__(self, row: dict[str, Any] | None, stored: dict[str, Any] | None = None) -> None:
        self._merchant = row
        self._order = unjudged() if stored is None else stored
        self.ended: list[tuple[str, str, str]] = []

    def order(self, order_id: str) -> dict[str, Any]:
        assert order_id == ORDER_ID
        return self._order

    def merchant(self, merchant_id: str) -> dict[str, Any] | None:
        assert merchant_id == "merchant-1"
        return self._merchant

    def admit(self, order_id: str) -> bool:
        if self.order(order_id)["status"] == "REJECTED":
            return False
        self._order["merchant_key"] = self._order["placed_key"]
        return True

    def turn_down(self, order_id: str, *, reason: OrderReason, now: datetime, caused_by: str) -> bool:
        if self.order(order_id)["status"] != "PENDING" or "merchant_key" in self._order:
            return False
        self.ended.append((order_id, reason.value, caused_by))
        return True


def decide(table: FakeTable, old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[Any]:
    return Placing(table, now=lambda: NOW).decide(Change(old, new))


def test_an_order_that_meets_every_rule_is_announced() -> None:
    table = FakeTable(merchant())
    [event] = decide(table, None, unjudged())
    assert event.metadata.type == "order.placed"
    assert event.data.pickup.model_dump() == PICKUP
    assert "merchant_key" in table.order(ORDER_ID)
    assert table.ended == []


@pytest.mark.parametrize(
    ("row", "reason"), [(merchant(accepting=False), "MERCHANT_CLOSED"), (None, "UNKNOWN_MERCHANT")]
)
def test_an_order_that_breaks_a_rule_is_turned_down_instead_of_announced(row: Any, reason: str) -> None:
    table = FakeTable(row)
    assert decide(table, None, unjudged()) == []
    assert "merchant_key" not in table.order(ORDER_ID)
    assert table.ended == [(ORDER_ID, reason, f"rule:{reason.lower()}")]


def test_an_order_is_held_against_the_rules_only_when_it_is_placed() -> None:
    table = FakeTable(merchant(accepting=False))
    [event] = decide(table, order(), confirmed(pickup=None))
    assert event.metadata.type == "order.confirmed"
    assert event.data.pickup.model_dump() == PICKUP
    assert table.ended == []


CLOSED, OPEN = merchant(accepting=False), merchant()
TURNED_DOWN = {"status": "REJECTED", "reason": "MERCHANT_CLOSED", "sequence": 2}
CANCELLED = {"status": "CANCELLED", "cancel_reason": "CUSTOMER_REQUEST", "sequence": 2}


@pytest.mark.parametrize(
    ("profile", "found", "announced"),
    [
        (CLOSED, order(), True),
        (CLOSED, confirmed(), True),
        (OPEN, order(), True),
        (OPEN, unjudged(**TURNED_DOWN), False),
        (CLOSED, unjudged(**TURNED_DOWN), False),
        (OPEN, unjudged(**CANCELLED), True),
        (CLOSED, unjudged(**CANCELLED), False),
    ],
    ids=[
        *("admitted, closed since", "confirmed, closed since", "admitted", "turned down, open since", "turned down"),
        *("cancelled unjudged", "cancelled unjudged by a merchant that is closed"),
    ],
)
def test_judged_again_an_order_is_announced_exactly_if_it_was_at_first(
    profile: dict[str, Any], found: dict[str, Any], announced: bool
) -> None:
    table = FakeTable(profile, dict(found))
    types = [event.metadata.type for event in decide(table, None, unjudged())]
    assert types == (["order.placed"] if announced else [])
    assert table.ended == []


def test_admitting_an_order_makes_no_event_of_its_own() -> None:
    assert decide(FakeTable(merchant()), unjudged(), order()) == []


def test_a_merchants_own_row_makes_no_event() -> None:
    assert decide(FakeTable(None), None, merchant()) == []
    assert decide(FakeTable(None), order(), None) == []
