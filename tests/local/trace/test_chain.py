"""An order's events in order of cause."""

from datetime import UTC, datetime

from local.trace.chain import Considered, Decision, LogLine, Reaction, chain
from tests.local.trace.told import decided, event, handled

PLACED = event("placed", "order.placed", second=0)
CONFIRMED = event("confirmed", "order.confirmed", second=10, cause="request:2")
REQUESTED = event("requested", "delivery.requested", second=11, cause="confirmed", source="dispatch")
TOLD = event("told", "alert.sent", second=12, cause="confirmed", source="notifications")
OFFERED = event("offered", "delivery.offered", second=13, cause="requested", source="dispatch")


def at(second: float) -> float:
    return datetime(2026, 1, 5, 18, 30, tzinfo=UTC).timestamp() + second


def test_each_event_follows_what_caused_it_and_siblings_are_in_order_of_time() -> None:
    steps = chain([TOLD, OFFERED, REQUESTED, CONFIRMED, PLACED])
    assert [(step.type, step.depth) for step in steps] == [
        ("order.placed.v1", 0),
        ("order.confirmed.v1", 0),
        ("delivery.requested.v1", 1),
        ("delivery.offered.v1", 2),
        ("alert.sent.v1", 1),
    ]
    assert [step.offset_s for step in steps] == [0, 10, 11, 13, 12]
    assert [step.producer for step in steps] == ["orders", "orders", "dispatch", "dispatch", "notifications"]


def test_an_event_that_was_published_twice_is_one_step() -> None:
    assert len(chain([PLACED, PLACED])) == 1


def test_an_event_whose_cause_is_missing_begins_a_chain_of_its_own() -> None:
    steps = chain([PLACED, OFFERED])
    assert [step.depth for step in steps] == [0, 0]


def test_events_that_cause_each_other_are_shown_once() -> None:
    circle = [event("one", "order.placed", second=0, cause="two"), event("two", "order.ready", second=1, cause="one")]
    assert [(step.type, step.depth) for step in chain(circle)] == [("order.placed.v1", 0), ("order.ready.v1", 1)]


def test_times_count_from_when_the_order_was_placed() -> None:
    driver_came = event("came", "driver.on_duty", second=0, correlation="driver-1", source="dispatch")
    placed = event("placed", "order.placed", second=30)
    assert [step.offset_s for step in chain([driver_came, placed])] == [-30, 0]


def test_what_consumers_did_with_an_event_is_told_in_order_of_time() -> None:
    lines = [
        LogLine(at(0.5), handled("placed", "tracking-inbox", "applied")),
        LogLine(at(0.2), handled("placed", "dispatch-inbox", "failed", reason="ConnectionError()")),
        LogLine(at(0.1), {"message": "event published", "event_id": PLACED["detail"]["metadata"]["event_id"]}),
        LogLine(at(0.3), handled("another order's event", "tracking-inbox", "applied")),
        LogLine(at(0.4), {"message": "merchant clock rang", "correlation_id": "3f2b8c1e"}),
        LogLine(at(1.5), handled("placed", "notifications-sms", "SENT", channel="SMS")),
    ]
    assert chain([PLACED], lines)[0].reactions == (
        Reaction("dispatch-inbox", "failed", 0.2, "ConnectionError()"),
        Reaction("tracking-inbox", "applied", 0.5),
        Reaction("notifications-sms", "SENT", 1.5, channel="SMS"),
    )


def test_an_offer_says_what_decided_it_and_who_else_was_considered() -> None:
    offered = event("offered", "delivery.offered", second=13, cause="requested", source="dispatch")
    offered["detail"]["data"]["offer"] = {"offer_id": "offer-1"}
    line = decided("offer-1")
    placed, step = chain([PLACED, offered], [LogLine(at(12.9), line), LogLine(at(12.9), decided("offer-2"))])
    assert placed.decision is None
    assert step.decision == Decision("driver-1", line["decided"], 2, 3400, False, (Considered("driver-2", 40, "free"),))
