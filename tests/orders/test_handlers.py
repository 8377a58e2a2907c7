"""The handlers on moto: what they answer Lambda, and what they leave behind."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from delivery_events.dispatch import DeliveryAssigned, DeliveryPickedUp
from delivery_events.envelope import rfc3339

from services.orders.table import OrdersTable
from tests.accounts import Account, account
from tests.events.samples import event
from tests.lambdas import Function, delivered
from tests.orders.conftest import INDEXES
from tests.orders.deliveries import delivery
from tests.orders.rows import ORDER_ID, confirmed, merchant, order, unjudged
from tests.tables import stored

HANDLERS = "services.orders.handlers"
SILENCE_S = 300


@pytest.fixture
def aws() -> Iterator[Account]:
    with account("orders", INDEXES) as each:
        each.table.put_item(Item=stored(merchant()))
        yield each


def function(aws: Account, monkeypatch: pytest.MonkeyPatch, name: str) -> Function:
    environment = {"TIMERS_QUEUE_URL": aws.queue("timers"), "MERCHANT_SILENCE_SECONDS": str(SILENCE_S)}
    return Function(f"{HANDLERS}.{name}", {**aws.environment, **environment}, monkeypatch)


def put(aws: Account, *rows: dict[str, Any]) -> None:
    for row in rows:
        aws.table.put_item(Item=stored(row))


def status(aws: Account, order_id: str = ORDER_ID) -> str:
    row = OrdersTable(aws.table).order(order_id)
    assert row is not None
    return str(row["status"])


def placed(seconds_ago: float, order_id: str = ORDER_ID, **changes: Any) -> dict[str, Any]:
    """A PENDING order that was placed so long ago."""
    moment = rfc3339(datetime.now(UTC) - timedelta(seconds=seconds_ago))
    return order(
        pk=f"ORDER#{order_id}", order_id=order_id, placed_at=moment, placed_key=f"{moment}#{order_id}", **changes
    )


def unreachable(monkeypatch: pytest.MonkeyPatch, order_id: str) -> None:
    """The table cannot be reached for this one order."""
    read = OrdersTable.order

    def order_of(self: OrdersTable, wanted: str) -> dict[str, Any] | None:
        if wanted == order_id:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "GetItem")
        return read(self, wanted)

    monkeypatch.setattr(OrdersTable, "order", order_of)


# -- outbox -------------------------------------------------------------------------------------------------------


def test_a_placed_order_is_published_and_its_merchants_clock_started(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(aws, unjudged())
    assert function(aws, monkeypatch, "outbox").changes((None, unjudged()), (unjudged(), order())) == []
    [published] = aws.published()
    assert OrdersTable(aws.table).order(ORDER_ID) == order()
    assert (published["detail-type"], published["source"]) == ("order.placed.v1", "delivery.orders")
    url = aws.queue("timers")
    count = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesDelayed"])
    assert count["Attributes"]["ApproximateNumberOfMessagesDelayed"] == "1"


def test_whoever_watches_is_told_of_what_was_published(aws: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    put(aws, unjudged())
    outbox = function(aws, monkeypatch, "outbox")
    unreadable = confirmed(customer_id=None)
    assert outbox.changes((None, unjudged()), (unjudged(), order()), (order(), confirmed())) == []
    assert [(mutation, told["status"], told["sequence"]) for mutation, told in outbox.pushed] == [
        ("publishOrderStatus", "PENDING", 1),
        ("publishOrderStatus", "CONFIRMED", 2),
    ]
    assert outbox.changes((order(), unreadable)) == []


def test_nobody_is_told_of_what_could_not_be_published(aws: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = function(aws, monkeypatch, "outbox")
    assert outbox.changes((order(), confirmed(expected_ready_at="soon"))) == []
    assert outbox.pushed == []


def test_an_order_that_breaks_a_rule_is_rejected_in_the_table(aws: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    far = unjudged(dropoff={"lat": 41.0, "lng": -80.0})
    put(aws, far)
    assert function(aws, monkeypatch, "outbox").changes((None, far)) == []
    assert aws.published() == []
    assert status(aws) == "REJECTED"


def test_a_row_that_can_become_no_event_is_parked_and_does_not_block_the_others(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = confirmed(expected_ready_at="soon")
    changes = [(order(), broken), (order(), confirmed())]
    assert function(aws, monkeypatch, "outbox").changes(*changes) == []
    assert [each["detail-type"] for each in aws.published()] == ["order.confirmed.v1"]
    [(body, reason)] = aws.parked()
    assert '"soon"' in body
    assert "expected_ready_at" in reason


def test_the_stream_goes_on_at_the_change_that_could_not_be_decided(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def throttled(self: OrdersTable, merchant_id: str) -> None:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "GetItem")

    outbox = function(aws, monkeypatch, "outbox")
    cancelled = order(status="CANCELLED", cancel_reason="CUSTOMER_REQUEST", sequence=2)
    monkeypatch.setattr(OrdersTable, "merchant", throttled)
    assert outbox.changes((order(), cancelled), (None, unjudged()), (order(), cancelled)) == ["1"]
    assert [each["detail-type"] for each in aws.published()] == ["order.cancelled.v1"]
    assert aws.parked() == []


# -- inbox --------------------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_parked_with_the_reason_and_the_rest_goes_on(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(aws, confirmed())
    assigned = delivery(DeliveryAssigned, "ASSIGNED", sequence=3, driver_id="driver-1")
    foreign = delivered(event("delivery.offered.v1"))
    assert function(aws, monkeypatch, "inbox").messages("no JSON", foreign, delivered(assigned)) == []
    assert status(aws) == "ASSIGNED"
    parked = aws.parked()
    assert [body for body, _ in parked] == ["no JSON", foreign]
    assert "nothing here handles delivery.offered.v1" in parked[1][1]


def test_only_the_events_that_failed_are_delivered_again(aws: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    put(aws, confirmed())
    unreachable(monkeypatch, "order-2")
    other = delivery(DeliveryPickedUp, "PICKED_UP", sequence=5, driver_id="driver-2", order_id="order-2")
    picked_up = delivery(DeliveryPickedUp, "PICKED_UP", sequence=5, driver_id="driver-1")
    assert function(aws, monkeypatch, "inbox").messages(*map(delivered, [other, picked_up, picked_up])) == ["0"]
    assert status(aws) == "PICKED_UP"
    assert aws.parked() == []


# -- timers and sweep ---------------------------------------------------------------------------------------------


def test_a_clock_that_rings_cancels_what_the_merchant_left_unanswered(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(aws, placed(SILENCE_S), placed(SILENCE_S, "answered", status="CONFIRMED"), placed(10, "early"))
    clocks = [f'{{"order_id": "{order_id}"}}' for order_id in (ORDER_ID, "answered", "early", "unknown")]
    assert function(aws, monkeypatch, "timers").messages(*clocks) == []
    assert [status(aws, each) for each in (ORDER_ID, "answered", "early")] == ["CANCELLED", "CONFIRMED", "PENDING"]


def test_a_clock_that_cannot_be_read_is_parked_and_one_that_failed_rings_again(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(aws, placed(SILENCE_S))
    unreachable(monkeypatch, "order-2")
    clocks = ['{"order": 1}', '{"order_id": "order-2"}', f'{{"order_id": "{ORDER_ID}"}}']
    assert function(aws, monkeypatch, "timers").messages(*clocks) == ["1"]
    assert status(aws) == "CANCELLED"
    [(body, reason)] = aws.parked()
    assert body == '{"order": 1}'
    assert "order_id" in reason


def test_a_sweep_that_was_not_told_how_long_to_wait_cancels_nothing(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MERCHANT_SILENCE_SECONDS", raising=False)
    with pytest.raises(KeyError, match="MERCHANT_SILENCE_SECONDS"):
        Function(f"{HANDLERS}.sweep", aws.environment, monkeypatch)


def test_the_sweep_cancels_what_a_lost_clock_left_and_nothing_else(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(aws, placed(SILENCE_S + 10), placed(SILENCE_S + 10, "answered", status="READY"), placed(10, "early"))
    function(aws, monkeypatch, "sweep").call()
    assert [status(aws, each) for each in (ORDER_ID, "answered", "early")] == ["CANCELLED", "READY", "PENDING"]
