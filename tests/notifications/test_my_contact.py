"""What callers say about how they want to be told, and what the senders read of it."""

from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.notifications import Channel

from services.notifications.domain import Contact
from services.notifications.table import NotificationsTable
from tests.api import Api, caller
from tests.notifications.made import PHONE
from tests.tables import contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

CUSTOMER, OTHER = caller("customer-1", "customer"), caller("customer-2", "customer")
KEY = ("CONTACT#customer-1", "CONTACT")


def read(dynamo: "Table") -> Contact:
    contact = NotificationsTable(dynamo).contact("customer-1")
    assert contact is not None
    return contact


def opt_out(api: Api, *channels: str) -> Any:
    return api.call(CUSTOMER, "optOut", channels=list(channels)).value


def prefer(api: Api, **channels: bool) -> Any:
    return api.call(CUSTOMER, "setMyPreferences", channels=channels).value


def test_before_anything_was_set_there_is_no_contact(api: Api, dynamo: "Table") -> None:
    assert api.call(CUSTOMER, "myContact").value is None


def test_a_contact_is_the_callers_and_what_the_senders_use(api: Api, dynamo: "Table") -> None:
    answer = api.call(CUSTOMER, "setMyContact", phone=PHONE, locale="es-MX").value
    assert answer == {
        "id": "customer-1",
        "phone": PHONE,
        "locale": "es-MX",
        "sms": True,
        "push": True,
        "optedOut": [],
        "devices": [],
    }
    assert api.call(CUSTOMER, "myContact").value == answer
    assert api.call(OTHER, "myContact").value is None
    assert (read(dynamo).phone, read(dynamo).locale) == (PHONE, "es-MX")


def test_saying_the_same_again_leaves_the_same_contact(api: Api, dynamo: "Table") -> None:
    first = api.call(CUSTOMER, "setMyContact", phone=PHONE).value
    assert api.call(CUSTOMER, "setMyContact", phone=PHONE).value == first
    assert contents(dynamo)[KEY]["sequence"] == 2


def test_a_channel_that_is_left_out_stays_as_it_is(api: Api, dynamo: "Table") -> None:
    prefer(api, sms=False)
    answer = prefer(api, push=False)
    assert (answer["sms"], answer["push"]) == (False, False)
    assert read(dynamo).turned_off == {Channel.SMS, Channel.PUSH}


def test_an_opt_out_stands_until_the_channel_is_turned_on_again(api: Api, dynamo: "Table") -> None:
    assert sorted(opt_out(api, "SMS", "PUSH", "SMS")["optedOut"]) == ["PUSH", "SMS"]
    assert sorted(api.call(CUSTOMER, "setMyContact", phone=PHONE).value["optedOut"]) == ["PUSH", "SMS"]
    assert sorted(prefer(api, sms=False)["optedOut"]) == ["PUSH", "SMS"]
    assert prefer(api, sms=True)["optedOut"] == ["PUSH"]
    assert read(dynamo).opted_out == {Channel.PUSH}
    assert prefer(api, push=True, sms=True)["optedOut"] == []
    assert read(dynamo).opted_out == set()


def test_opting_out_twice_is_opting_out_once(api: Api, dynamo: "Table") -> None:
    assert opt_out(api, "SMS") == opt_out(api, "SMS")
    assert read(dynamo).opted_out == {Channel.SMS}


@pytest.mark.parametrize(
    ("mutation", "arguments"),
    [
        ("setMyContact", {"phone": "2025550100"}),
        ("setMyContact", {"phone": "+02025550100"}),
        ("setMyContact", {"phone": "+1 202 555 0100"}),
        ("setMyContact", {"phone": "+120255501001234567"}),
        ("setMyContact", {"phone": PHONE, "locale": "english"}),
        ("setMyContact", {"phone": PHONE, "locale": "en_US"}),
        ("setMyPreferences", {"channels": {}}),
        ("optOut", {"channels": []}),
        ("registerDevice", {"deviceId": "", "token": "t", "platform": "FCM"}),
        ("registerDevice", {"deviceId": "a b", "token": "t", "platform": "FCM"}),
        ("registerDevice", {"deviceId": "d" * 65, "token": "t", "platform": "FCM"}),
        ("registerDevice", {"deviceId": "d", "token": " ", "platform": "FCM"}),
        ("registerDevice", {"deviceId": "d", "token": "t" * 4097, "platform": "FCM"}),
        ("removeDevice", {"deviceId": "#"}),
    ],
)
def test_bad_input_is_refused_before_anything_is_written(
    api: Api, dynamo: "Table", mutation: str, arguments: dict[str, Any]
) -> None:
    assert api.call(CUSTOMER, mutation, **arguments).error == "Invalid"
    assert contents(dynamo) == {}
