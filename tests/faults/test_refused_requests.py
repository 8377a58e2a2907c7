"""A malformed, oversized, unknown or unauthorised request gets an error that says why, and nothing is written.

AppSync's own and the resolvers' refusals have a stable `errorType`. A document or a variable that does not fit the
schema gets an error without one: that is AppSync's way, and nothing of ours is asked before.
"""

from typing import Any
from uuid import uuid4

import pytest

from tests.faults.cloud import Cloud

pytestmark = pytest.mark.local_cloud

CREATE = "mutation($input: CreateOrderInput!) { createOrder(input: $input) { id } }"
UNFIT = None  # the errorType of what does not fit the schema
LINE = {"name": "Soup", "quantity": 2, "unitAmount": 650}


def order(**changes: Any) -> dict[str, Any]:
    content = {
        "id": str(uuid4()),
        "merchantId": "faults-merchant",
        "lines": [LINE],
        "total": {"amount": 1300, "currency": "USD"},
        "dropoff": {"lat": 40.45, "lng": -80.0},
        "address": "Door 1, Simulated Street",
    }
    return {"query": CREATE, "variables": {"input": content | changes}}


def refusal(answer: dict[str, Any]) -> str | None:
    """The type of the only error in an answer that has no data."""
    assert not any((answer.get("data") or {}).values())
    (error,) = answer["errors"]
    assert error["message"]
    type_: str | None = error.get("errorType")
    return type_


def is_written(cloud: Cloud, request: dict[str, Any]) -> bool:
    return bool(cloud.rows("orders", f"ORDER#{request['variables']['input']['id']}"))


@pytest.mark.parametrize(
    ("request_", "type_"),
    [
        (b"{", "MalformedHttpRequestException"),
        ({"query": "mutation {"}, "MalformedHttpRequestException"),
        ({"query": "mutation { teleportOrder }"}, UNFIT),
        ({"query": CREATE}, UNFIT),
    ],
)
def test_what_is_no_request_to_this_api(cloud: Cloud, request_: Any, type_: str | None) -> None:
    customer = cloud.account("faults-customer", "customer")
    assert refusal(cloud.ask(customer.token, request_)) == type_


@pytest.mark.parametrize(
    ("changes", "type_"),
    [
        ({"lines": "soup"}, UNFIT),
        ({"colour": "red"}, UNFIT),
        ({"lines": []}, "Invalid"),
        ({"lines": [LINE | {"quantity": -1}]}, "Invalid"),
        ({"total": {"amount": 1, "currency": "USD"}}, "Invalid"),
        ({"dropoff": {"lat": 91, "lng": 0}}, "Invalid"),
        ({"address": "x" * 100_000}, "Invalid"),
        ({"address": "x" * 2_000_000}, "RequestEntityTooLargeException"),
        ({"id": "1"}, "Invalid"),
    ],
)
def test_a_wrong_order_is_refused_and_not_written(cloud: Cloud, changes: dict[str, Any], type_: str | None) -> None:
    customer, request = cloud.account("faults-customer", "customer"), order(**changes)
    assert refusal(cloud.ask(customer.token, request)) == type_
    assert not is_written(cloud, request)


def test_an_order_of_nobody_is_refused_and_not_written(cloud: Cloud) -> None:
    customer = cloud.account("faults-customer", "customer")
    head, _, signature = customer.token.rpartition(".")
    for token in (None, "not-a-token", f"{head}.{signature[::-1]}"):
        request = order()
        assert refusal(cloud.ask(token, request)) == "UnauthorizedException"
        assert not is_written(cloud, request)


@pytest.mark.parametrize("group", ["driver", "merchant", "operator"])
def test_an_order_by_somebody_who_is_no_customer_is_refused_and_not_written(cloud: Cloud, group: str) -> None:
    request = order()
    assert refusal(cloud.ask(cloud.account(f"faults-{group}", group).token, request)) == "Unauthorized"
    assert not is_written(cloud, request)


def test_the_same_id_for_another_order_is_a_conflict_and_leaves_the_first_as_it_is(cloud: Cloud) -> None:
    customer = cloud.account("faults-customer", "customer")
    first = order()
    assert "errors" not in cloud.ask(customer.token, first)
    assert "errors" not in cloud.ask(customer.token, first)
    other = order(id=first["variables"]["input"]["id"], address="Door 2, Simulated Street")
    assert refusal(cloud.ask(customer.token, other)) == "Conflict"
    (row,) = cloud.rows("orders", f"ORDER#{first['variables']['input']['id']}")
    assert row["address"] == "Door 1, Simulated Street"
