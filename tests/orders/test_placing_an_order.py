"""createOrder writes a checked order once; its id is the idempotency key."""

from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.orders import OrderPlaced

from services.orders.domain import events_for
from tests.api import Answer, Api
from tests.orders.callers import CUSTOMER, OTHER_CUSTOMER
from tests.orders.rows import ORDER_ID
from tests.tables import contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

KEY = (f"ORDER#{ORDER_ID}", "ORDER")
LINE = {"name": "Noodles", "quantity": 2, "unitAmount": 900}


def asked(**changes: Any) -> dict[str, Any]:
    """A CreateOrderInput, with `changes`."""
    return {
        "id": ORDER_ID,
        "merchantId": "merchant-1",
        "lines": [LINE],
        "total": {"amount": 1800, "currency": "USD"},
        "dropoff": {"lat": 40.45, "lng": -80.0},
        "address": "1 Example Street",
    } | changes


def place(api: Api, **changes: Any) -> Answer:
    return api.call(CUSTOMER, "createOrder", input=asked(**changes))


def test_an_order_is_placed_and_announced(api: Api, dynamo: "Table") -> None:
    answer = place(api, note="Ring twice").value
    row = contents(dynamo)[KEY]
    assert (row["customer_id"], row["status"], row["sequence"], row["item_count"]) == ("customer-1", "PENDING", 1, 2)
    assert row["placed_key"] == f"{row['placed_at']}#{ORDER_ID}"
    assert {name: answer[name] for name in ("lines", "total", "dropoff", "address", "note")} == {
        "lines": [LINE],
        "total": {"amount": 1800, "currency": "USD"},
        "dropoff": {"lat": 40.45, "lng": -80.0},
        "address": "1 Example Street",
        "note": "Ring twice",
    }
    [event] = events_for(None, row)
    assert isinstance(event.data, OrderPlaced)


def test_the_same_order_sent_again_is_the_order_that_is_there(api: Api, dynamo: "Table") -> None:
    first = place(api)
    before = contents(dynamo)
    assert place(api, dropoff={"lng": -80, "lat": 40.45}) == first  # another order of fields is no other order
    assert contents(dynamo) == before


@pytest.mark.parametrize(
    ("who", "changes"),
    [
        (CUSTOMER, {"address": "2 Example Street"}),
        (CUSTOMER, {"note": "Ring twice"}),
        (CUSTOMER, {"dropoff": {"lat": 40.46, "lng": -80.0}}),
        (OTHER_CUSTOMER, {}),
    ],
    ids=["another address", "another note", "another place", "another customer"],
)
def test_an_id_is_taken_by_the_first_order_that_has_it(
    api: Api, dynamo: "Table", who: Any, changes: dict[str, Any]
) -> None:
    place(api)
    before = contents(dynamo)
    answer = api.call(who, "createOrder", input=asked(**changes))
    assert answer == Answer(None, "Conflict", "Another order has this id; choose a new UUID")
    assert contents(dynamo) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "1"},
        {"id": ORDER_ID.upper()},
        {"merchantId": " "},
        {"merchantId": "m" * 65},
        {"address": ""},
        {"address": "a" * 301},
        {"note": "n" * 501},
        {"dropoff": {"lat": 90.1, "lng": 0}},
        {"dropoff": {"lat": 0, "lng": -180.1}},
        {"lines": [], "total": {"amount": 0, "currency": "USD"}},
        {"lines": [LINE] * 51, "total": {"amount": 51 * 1800, "currency": "USD"}},
        {"lines": [LINE | {"name": ""}]},
        {"lines": [LINE | {"quantity": 0}], "total": {"amount": 0, "currency": "USD"}},
        {"lines": [LINE | {"quantity": 100}], "total": {"amount": 90_000, "currency": "USD"}},
        {"lines": [LINE | {"unitAmount": -1}], "total": {"amount": -2, "currency": "USD"}},
        {"total": {"amount": 1801, "currency": "USD"}},
        {"total": {"amount": 1800, "currency": "usd"}},
    ],
    ids=str,
)
def test_bad_input_is_refused_before_anything_is_written(api: Api, dynamo: "Table", changes: dict[str, Any]) -> None:
    answer = place(api, **changes)
    assert answer.error == "Invalid"
    assert answer.message.startswith("input.")
    assert contents(dynamo) == {}
