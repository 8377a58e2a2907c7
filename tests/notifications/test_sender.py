"""One alert goes out once, whoever else is at it: the sender on moto's table, with a provider that we script."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from delivery_events.notifications import AlertFailure, Channel

from services.notifications.domain import FAILED, SENT, SUPPRESSED, Result, failed, sent
from services.notifications.provider import Outgoing, Unavailable
from services.notifications.sender import ClaimHeld, Sender
from services.notifications.table import NotificationsTable
from tests.notifications.made import INDEXES, LIMITS, PHONE, after, alert, contact_row, device_row
from tests.tables import moto_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


class Provider:
    """Takes every message, unless `answer` says otherwise."""

    def __init__(self, answer: Callable[[], Result] = lambda: sent("m-1"), channel: Channel = Channel.SMS) -> None:
        self.channel = channel
        self.answer = answer
        self.taken: list[Outgoing] = []

    def send(self, outgoing: Outgoing) -> Result:
        self.taken.append(outgoing)
        return self.answer()


@pytest.fixture
def dynamo() -> "Iterator[Table]":
    with moto_table("delivery-notifications", INDEXES) as table:
        table.put_item(Item=contact_row())
        yield table


def sender(dynamo: "Table", provider: Provider, *times: datetime) -> Sender:
    """A sender whose clock shows these times, the last one for good."""
    left = list(times)

    def now() -> datetime:
        return left.pop(0) if len(left) > 1 else left[0]

    return Sender(NotificationsTable(dynamo), provider, LIMITS, lease_s=60, now=now)


def outcome(dynamo: "Table") -> dict[str, Any]:
    return dict(dynamo.get_item(Key={"pk": f"ALERT#{alert().alert_id}", "sk": "ALERT"})["Item"])


def unavailable() -> Result:
    raise Unavailable("Throttling")


def test_an_alert_is_sent_and_what_became_of_it_recorded(dynamo: "Table") -> None:
    provider = Provider()
    assert sender(dynamo, provider, after(10)).send(alert()) == sent("m-1")
    [taken] = provider.taken
    assert (taken.contact.phone, taken.lifetime_s) == (PHONE, 890)
    assert taken.message.text == "Your order 3f2b8c1e was picked up and is on its way to you."
    assert (outcome(dynamo)["state"], outcome(dynamo)["message_id"]) == (SENT, "m-1")


def test_a_message_is_in_its_recipients_language(dynamo: "Table") -> None:
    dynamo.put_item(Item=contact_row(locale="es-MX"))
    provider = Provider()
    sender(dynamo, provider, after(10)).send(alert())
    assert "ha recogido su pedido 3f2b8c1e" in provider.taken[0].message.text


def test_the_same_alert_again_is_not_sent_again(dynamo: "Table") -> None:
    provider = Provider()
    for seconds in (10, 200, 800):
        sender(dynamo, provider, after(seconds)).send(alert())
    assert len(provider.taken) == 1


def test_a_second_sender_leaves_an_alert_to_the_first(dynamo: "Table") -> None:
    rival = Provider()

    def meanwhile() -> Result:
        with pytest.raises(ClaimHeld):
            sender(dynamo, rival, after(11)).send(alert())
        return sent("m-1")

    sender(dynamo, Provider(meanwhile), after(10)).send(alert())
    assert rival.taken == []


def test_an_alert_whose_sender_died_is_taken_over(dynamo: "Table") -> None:
    def die() -> Result:
        raise SystemExit

    with pytest.raises(SystemExit):
        sender(dynamo, Provider(die), after(10)).send(alert())
    with pytest.raises(ClaimHeld):
        sender(dynamo, Provider(), after(69)).send(alert())
    assert sender(dynamo, Provider(), after(71)).send(alert()) == sent("m-1")


def test_a_provider_that_cannot_now_is_tried_again_by_the_next_delivery(dynamo: "Table") -> None:
    with pytest.raises(Unavailable):
        sender(dynamo, Provider(unavailable), after(10)).send(alert())
    assert outcome(dynamo)["state"] == "CLAIMED"
    assert sender(dynamo, Provider(), after(190)).send(alert()) == sent("m-1")


def test_a_provider_that_never_will_fails_the_alert_for_good(dynamo: "Table") -> None:
    provider = Provider(lambda: failed(AlertFailure.REFUSED))
    sender(dynamo, provider, after(10)).send(alert())
    assert (outcome(dynamo)["state"], outcome(dynamo)["reason"]) == (FAILED, "REFUSED")
    assert sender(dynamo, provider, after(200)).send(alert()) is None
    assert len(provider.taken) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (contact_row(opted_out={"SMS"}), "OPTED_OUT"),
        (contact_row(sms_on=False), "TURNED_OFF"),
        ({name: value for name, value in contact_row().items() if name != "phone"}, "NO_PHONE"),
    ],
)
def test_whoever_does_not_want_it_or_cannot_be_reached_is_not_sent_anything(
    dynamo: "Table", row: dict[str, Any], reason: str
) -> None:
    dynamo.put_item(Item=row)
    provider = Provider()
    sender(dynamo, provider, after(10)).send(alert())
    assert provider.taken == []
    assert (outcome(dynamo)["state"], outcome(dynamo)["reason"]) == (SUPPRESSED, reason)


def test_a_recipient_nobody_knows_is_not_sent_anything(dynamo: "Table") -> None:
    stranger = alert(recipient_id="customer-9")
    result = sender(dynamo, Provider(), after(10)).send(stranger)
    assert result is not None
    assert (result.state, result.reason) == (SUPPRESSED, "NO_CONTACT")


def test_an_opt_out_counts_from_the_moment_it_is_stored(dynamo: "Table") -> None:
    """Also for an alert that was already waiting to be tried again."""
    with pytest.raises(Unavailable):
        sender(dynamo, Provider(unavailable), after(10)).send(alert())
    dynamo.put_item(Item=contact_row(opted_out={"SMS"}))
    provider = Provider()
    sender(dynamo, provider, after(190)).send(alert())
    assert provider.taken == []


def test_what_is_overtaken_by_events_is_not_sent(dynamo: "Table") -> None:
    provider = Provider()
    sender(dynamo, provider, after(45)).send(alert(valid_until=after(45)))
    assert provider.taken == []
    assert (outcome(dynamo)["state"], outcome(dynamo)["reason"]) == (FAILED, "TOO_LATE")


def test_a_device_of_its_own_is_all_that_push_needs(dynamo: "Table") -> None:
    dynamo.put_item(Item=device_row("driver-1"))
    provider = Provider(channel=Channel.PUSH)
    sender(dynamo, provider, after(10)).send(alert(Channel.PUSH, recipient_id="driver-1"))
    assert [device.token for device in provider.taken[0].contact.devices] == ["token-of-phone-1"]
