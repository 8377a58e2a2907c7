"""The partners table on both engines."""

from typing import TYPE_CHECKING

from delivery_events.partners import DisabledReason

from services.partners.domain import Standing, events_for
from services.partners.table import GONE_AFTER, PartnersTable
from tests.partners.made import after, event, row
from tests.tables import contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

STANDING = ("PARTNER#acme", "STANDING")


def test_a_delivery_is_written_once_and_found_by_its_event(dynamo: "Table") -> None:
    table = PartnersTable(dynamo)
    assert table.log(row()) is None
    there = table.log(row(attempts=7))
    assert there is not None
    assert (there["state"], there["attempts"], there["event_sequence"]) == ("QUEUED", 0, 1)
    found = table.delivery("acme", str(event().metadata.event_id))
    assert found == there
    assert table.delivery("shop", str(event().metadata.event_id)) is None


def test_an_aggregate_s_deliveries_up_to_one_are_found_in_their_order(dynamo: "Table") -> None:
    table = PartnersTable(dynamo)
    for sequence in (10, 2, 1, 11):
        table.log(row(sequence))
    table.log(row(1, "order-10"))
    up_to = table.up_to("acme", "order-1", 10, str(event(10).metadata.event_id))
    assert [each["event_sequence"] for each in up_to] == [1, 2, 10]


def test_a_delivery_waits_is_due_and_is_queued_again(dynamo: "Table") -> None:
    table = PartnersTable(dynamo)
    table.log(row())
    [one] = table.up_to("acme", "order-1", 1, str(event().metadata.event_id))
    table.wait(one, after(60), now=after(1), code=500, problem="answered 500")
    assert table.due("acme", after(59), 10) == []
    assert table.due("shop", after(61), 10) == []
    [due] = table.due("acme", after(60), 10)
    assert (due["state"], due["attempts"], due["code"], due["problem"]) == ("WAITING", 1, 500, "answered 500")
    assert table.queued(due, after(61))
    assert not table.queued(due, after(61))  # another sweep was first
    assert table.due("acme", after(9999), 10) == []
    assert "due" not in (table.delivery("acme", due["event_id"]) or {})  # of which a partner would be told
    assert table.due("acme", after(61) + GONE_AFTER, 10)


def test_what_is_due_together_comes_as_it_happened(dynamo: "Table") -> None:
    table = PartnersTable(dynamo)
    for sequence in (3, 1, 2):
        table.log(row(sequence))
    for each in table.up_to("acme", "order-1", 3, str(event(3).metadata.event_id)):
        table.put_off(each, now=after(60), expected=after(90))
    found = table.due("acme", after(60), 2)
    assert [each["event_sequence"] for each in found] == [1, 2]
    assert {each["due"] for each in found} == {"2026-01-05T18:31:30.000Z"}


def test_how_a_delivery_ended_is_written_and_nothing_is_left_to_do(dynamo: "Table") -> None:
    table = PartnersTable(dynamo)
    for sequence in (1, 2, 3):
        table.log(row(sequence))
    delivered, failed, held = table.up_to("acme", "order-1", 3, str(event(3).metadata.event_id))
    for each in (delivered, failed, held):
        table.put_off(each, now=after(1), expected=after(1))
    table.delivered(delivered, now=after(2), code=204)
    table.failed(failed, now=after(2), code=None, problem="connection refused")
    table.hold(held)
    assert table.due("acme", after(9999) + GONE_AFTER, 10) == []
    ended = [table.delivery("acme", each["event_id"]) for each in (delivered, failed, held)]
    assert [each and (each["state"], each["attempts"]) for each in ended] == [
        ("DELIVERED", 1),
        ("FAILED", 1),
        ("HELD", 0),
    ]
    assert ended[0]
    assert (ended[0]["code"], ended[0]["delivered_at"]) == (204, "2026-01-05T18:30:02.000Z")


def test_failures_in_a_row_are_counted_from_the_first_and_forgotten_with_a_success(dynamo: "Table") -> None:
    table = PartnersTable(dynamo)
    assert table.standing("acme") == Standing()
    table.pause("acme", after(60))
    assert table.standing("acme") == Standing()  # there is nothing to pause for
    table.count_failure("acme", after(1))
    standing = table.count_failure("acme", after(2))
    table.pause("acme", after(60))
    assert (standing.failures, standing.failing_since) == (2, after(1))
    assert table.standing("acme").paused_until == after(60)
    table.recovered("acme")
    assert table.standing("acme") == Standing()


def test_a_partner_is_disabled_once_and_that_is_an_event(dynamo: "Table") -> None:
    table = PartnersTable(dynamo)
    table.count_failure("acme", after(1))
    before = contents(dynamo)[STANDING]
    assert table.disable("acme", DisabledReason.GONE, now=after(3), caused_by="event-1")
    assert not table.disable("acme", DisabledReason.FAILING, now=after(4), caused_by="event-2")
    now = contents(dynamo)[STANDING]
    [said] = events_for(before, now)
    assert (said.detail_type, said.data.reason, said.metadata.sequence) == ("partner.disabled.v1", "GONE", 1)
    assert events_for(now, now | {"failures": 1}) == []
    [again] = events_for(now, now | {"status": "ENABLED", "sequence": 2})
    assert (again.detail_type, again.data.partner_id) == ("partner.enabled.v1", "acme")
    assert events_for(None, row()) == []
