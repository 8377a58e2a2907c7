"""The PIN at the door, and the other proofs of delivery."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.api import Api, caller
from tests.dispatch.rows import DELIVERY_ID, PHOTO_KEY, driver_busy, picked_up, put
from tests.tables import contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ME, OTHER = caller("driver-1", "driver"), caller("driver-2", "driver")
KEY = (f"DELIVERY#{DELIVERY_ID}", "DELIVERY")
PIN = "0042"


@pytest.fixture(autouse=True)
def at_the_door(dynamo: "Table") -> None:
    put(dynamo, picked_up(pin=PIN), driver_busy())


def deliver(api: Api, who: Any = ME, **proof: Any) -> Any:
    return api.call(who, "deliver", deliveryId=DELIVERY_ID, proof=proof)


def test_the_right_pin_hands_it_over_and_is_not_kept_in_the_proof(api: Api, dynamo: "Table") -> None:
    for _ in ("first", "again, as the answer was lost"):
        answer = deliver(api, kind="PIN", pin=PIN)
        assert answer.value["delivery"]["state"] == "DELIVERED"
        assert answer.value["delivery"]["proof"] == {"kind": "PIN", "photoKey": None}
    assert contents(dynamo)[KEY]["sequence"] == 5


@pytest.mark.parametrize("pin", ["0043", "42", "00420", "abcd", "", None])
def test_a_wrong_pin_is_refused_and_changes_nothing(api: Api, dynamo: "Table", pin: str | None) -> None:
    before = contents(dynamo)
    answer = deliver(api, kind="PIN", pin=pin)
    assert answer.error == "Invalid"
    assert PIN not in answer.message
    assert contents(dynamo) == before


def test_a_pin_is_of_no_use_to_another_driver(api: Api) -> None:
    for pin in (PIN, "0043"):
        assert deliver(api, OTHER, kind="PIN", pin=pin).error == "NotFound"


def test_a_delivery_from_before_pins_has_none_that_fits(api: Api, dynamo: "Table") -> None:
    put(dynamo, picked_up())
    assert deliver(api, kind="PIN", pin=PIN).error == "Invalid"


@pytest.mark.parametrize(
    ("proof", "kept"),
    [
        ({"kind": "HANDED_OVER"}, {"kind": "HANDED_OVER", "photoKey": None}),
        ({"kind": "LEFT_AT_DOOR"}, {"kind": "LEFT_AT_DOOR", "photoKey": None}),
        ({"kind": "PHOTO", "photoKey": PHOTO_KEY}, {"kind": "PHOTO", "photoKey": PHOTO_KEY}),
    ],
    ids=lambda proof: proof["kind"],
)
def test_other_proofs_need_no_pin(api: Api, proof: dict[str, Any], kept: dict[str, Any]) -> None:
    assert deliver(api, **proof).value["delivery"]["proof"] == kept


def test_a_photo_needs_its_name(api: Api) -> None:
    assert "proof.photoKey is missing" in deliver(api, kind="PHOTO").message


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (caller("customer-1", "customer"), PIN),
        (caller("customer-2", "customer"), None),
        (ME, None),
        (caller("clerk-1", "merchant", custom_merchant_id="merchant-1"), None),
        (caller("operator-1", "operator"), None),
    ],
    ids=["its customer", "another customer", "its driver", "its merchant", "an operator"],
)
def test_the_pin_is_shown_to_the_customer_alone(api: Api, who: Any, seen: str | None) -> None:
    assert api.field(who, "Order", "handoverPin", source={"id": DELIVERY_ID}) == seen


def test_an_order_that_was_not_confirmed_has_no_pin(api: Api) -> None:
    assert api.field(caller("customer-1", "customer"), "Order", "handoverPin", source={"id": "none"}) is None
