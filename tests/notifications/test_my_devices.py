"""Devices that take push messages: registered at every start of an app, removed at sign-out."""

import time
from typing import TYPE_CHECKING, Any

from services.notifications.table import NotificationsTable
from tests.api import Api, caller
from tests.notifications.made import contact_row, device
from tests.tables import contents, stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

CUSTOMER, OTHER = caller("customer-1", "customer"), caller("customer-2", "customer")
KEY = ("CONTACT#customer-1", "DEVICE#phone-1")
DAY_S = 86_400


def register(api: Api, **changes: str) -> Any:
    arguments = {"deviceId": "phone-1", "token": "token-1", "platform": "FCM"} | changes
    return api.call(CUSTOMER, "registerDevice", **arguments).value


def test_a_device_is_the_callers_and_its_token_is_for_the_sender_alone(api: Api, dynamo: "Table") -> None:
    dynamo.put_item(Item=stored(contact_row()))
    answer = register(api)
    assert (answer["id"], answer["platform"]) == ("phone-1", "FCM")
    contact = api.call(CUSTOMER, "myContact").value
    assert contact["devices"] == [answer]
    assert "token-1" not in str(contact)
    found = NotificationsTable(dynamo).contact("customer-1")
    assert found is not None
    assert found.devices == (device(),)


def test_a_device_is_forgotten_after_270_days_without_its_app(api: Api, dynamo: "Table") -> None:
    register(api)
    expires_at = contents(dynamo)[KEY]["expires_at"]
    assert isinstance(expires_at, int)
    assert abs(expires_at - time.time() - 270 * DAY_S) < DAY_S


def test_a_new_token_replaces_the_old_one_and_voids_its_endpoint(api: Api, dynamo: "Table") -> None:
    register(api)
    assert NotificationsTable(dynamo).keep_endpoint("customer-1", device(), "arn:endpoint")
    register(api)
    assert contents(dynamo)[KEY]["endpoint_token"] == "token-1"  # the same token again keeps its endpoint
    register(api, token="token-2")
    row = contents(dynamo)[KEY]
    assert (row["token"], row["endpoint_token"], row["sequence"]) == ("token-2", "token-1", 3)


def test_removing_a_device_is_done_however_often_it_is_asked(api: Api, dynamo: "Table") -> None:
    register(api)
    for _ in range(2):
        assert api.call(CUSTOMER, "removeDevice", deviceId="phone-1").value == "phone-1"
        assert contents(dynamo) == {}


def test_anothers_device_cannot_be_removed(api: Api, dynamo: "Table") -> None:
    register(api)
    before = contents(dynamo)
    api.call(OTHER, "removeDevice", deviceId="phone-1")
    assert contents(dynamo) == before
