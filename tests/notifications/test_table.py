"""The notifications table on both engines: claims by lease, outcomes, contacts and their devices."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.notifications import AlertFailure, Channel

from services.notifications.domain import Alert, Suppression, failed, sent, suppressed
from services.notifications.table import Claim, NotificationsTable
from tests.notifications.made import after, alert, contact_row, device_row
from tests.tables import stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


def claim(dynamo: "Table", now: datetime, one: Alert | None = None) -> Claim:
    return NotificationsTable(dynamo).claim(one or alert(), now=now, lease_s=60, memory_s=3600)


def row_of(dynamo: "Table", one: Alert | None = None) -> dict[str, Any]:
    return dict(dynamo.get_item(Key={"pk": f"ALERT#{(one or alert()).alert_id}", "sk": "ALERT"})["Item"])


def test_an_alert_is_claimed_by_one_sender_until_the_lease_lapses(dynamo: "Table") -> None:
    assert claim(dynamo, after(1)) is Claim.MINE
    assert claim(dynamo, after(2)) is Claim.HELD
    assert claim(dynamo, after(61)) is Claim.HELD
    assert claim(dynamo, after(61.001)) is Claim.MINE
    assert claim(dynamo, after(62)) is Claim.HELD


def test_each_channel_is_claimed_on_its_own(dynamo: "Table") -> None:
    assert claim(dynamo, after(1), alert(Channel.SMS)) is Claim.MINE
    assert claim(dynamo, after(1), alert(Channel.PUSH)) is Claim.MINE


@pytest.mark.parametrize("result", [sent("m-1"), suppressed(Suppression.NO_PHONE), failed(AlertFailure.REFUSED)])
def test_what_has_ended_is_never_claimed_again(dynamo: "Table", result: Any) -> None:
    claim(dynamo, after(1))
    assert NotificationsTable(dynamo).record(alert(), result, now=after(2))
    assert claim(dynamo, after(1_000)) is Claim.DONE
    assert row_of(dynamo)["state"] == result.state


def test_the_outcome_is_recorded_once(dynamo: "Table") -> None:
    table = NotificationsTable(dynamo)
    claim(dynamo, after(1))
    claim(dynamo, after(100))  # the first sender was taken for dead
    assert table.record(alert(), sent("m-2"), now=after(101))
    assert not table.record(alert(), sent("m-1"), now=after(102))
    row = row_of(dynamo)
    assert (row["message_id"], row["sequence"], row["sent_at"]) == ("m-2", 2, "2026-01-05T18:31:41.000Z")
    assert "lease_until" not in row


def test_an_outcome_without_a_claim_is_not_recorded(dynamo: "Table") -> None:
    assert not NotificationsTable(dynamo).record(alert(), sent("m-1"), now=after(1))
    assert dynamo.scan()["Items"] == []


def test_an_alert_is_remembered_for_its_time_and_holds_no_address(dynamo: "Table") -> None:
    dynamo.put_item(Item=contact_row())
    claim(dynamo, after(0))
    row = row_of(dynamo)
    assert row["expires_at"] == int(after(3600).timestamp())
    assert not {"phone", "token", "text", "parameters"} & row.keys()


def test_nothing_known_is_no_contact(dynamo: "Table") -> None:
    assert NotificationsTable(dynamo).contact("customer-1") is None


def test_a_contact_is_how_its_owner_can_and_wants_to_be_reached(dynamo: "Table") -> None:
    dynamo.put_item(Item=contact_row(locale="es", push_on=False, sms_on=True, opted_out={"SMS"}))
    dynamo.put_item(Item=device_row(device_id="old", registered_at="2026-01-01T00:00:00.000Z"))
    dynamo.put_item(Item=device_row(device_id="new", registered_at="2026-01-02T00:00:00.000Z"))
    dynamo.put_item(Item=contact_row("customer-2"))
    found = NotificationsTable(dynamo).contact("customer-1")
    assert found is not None
    assert (found.phone, found.locale) == ("+12025550100", "es")
    assert (found.turned_off, found.opted_out) == (frozenset({Channel.PUSH}), frozenset({Channel.SMS}))
    assert [device.device_id for device in found.devices] == ["new", "old"]


def test_whoever_registered_a_device_and_nothing_else_can_be_reached_on_it(dynamo: "Table") -> None:
    dynamo.put_item(Item=device_row())
    found = NotificationsTable(dynamo).contact("customer-1")
    assert found is not None
    assert (found.phone, found.locale, len(found.devices)) == (None, "en", 1)


def test_an_endpoint_belongs_to_the_token_it_was_made_for(dynamo: "Table") -> None:
    table = NotificationsTable(dynamo)
    dynamo.put_item(Item=device_row())
    [device] = _devices(table)
    assert table.keep_endpoint("customer-1", device, "arn:endpoint-1")
    assert [each.endpoint for each in _devices(table)] == ["arn:endpoint-1"]
    # The app registers again with a new token; whoever still holds the old one changes nothing any more.
    _register(dynamo, token="another")
    assert [each.endpoint for each in _devices(table)] == [None]
    assert not table.keep_endpoint("customer-1", device, "arn:endpoint-2")
    assert not table.forget_device("customer-1", device)


def test_an_endpoint_that_is_gone_is_dropped_unless_there_is_another(dynamo: "Table") -> None:
    table = NotificationsTable(dynamo)
    token = "token-of-phone-1"
    dynamo.put_item(Item=device_row(endpoint_arn="arn:endpoint-1", endpoint_token=token))
    [device] = _devices(table)
    assert table.drop_endpoint("customer-1", device)
    assert [each.endpoint for each in _devices(table)] == [None]
    assert not table.drop_endpoint("customer-1", device)


def test_a_device_whose_token_nobody_knows_is_forgotten(dynamo: "Table") -> None:
    table = NotificationsTable(dynamo)
    dynamo.put_item(Item=device_row())
    [device] = _devices(table)
    assert table.forget_device("customer-1", device)
    assert table.contact("customer-1") is None


def test_a_device_that_is_not_there_is_not_made_by_keeping_its_endpoint(dynamo: "Table") -> None:
    table = NotificationsTable(dynamo)
    dynamo.put_item(Item=device_row())
    [device] = _devices(table)
    table.forget_device("customer-1", device)
    assert not table.keep_endpoint("customer-1", device, "arn:endpoint-1")
    assert dynamo.scan()["Items"] == []


def _devices(table: NotificationsTable) -> Any:
    found = table.contact("customer-1")
    assert found is not None
    return found.devices


def _register(dynamo: "Table", token: str) -> None:
    """As registerDevice does: the endpoint stays in the row."""
    dynamo.update_item(
        Key={"pk": "CONTACT#customer-1", "sk": "DEVICE#phone-1"},
        UpdateExpression="SET #token = :token",
        ExpressionAttributeNames={"#token": "token"},
        ExpressionAttributeValues=stored({":token": token}),
    )
