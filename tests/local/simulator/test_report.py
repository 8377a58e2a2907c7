"""What came of a run, counted from hand-made records."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from delivery_events import Event

from local.simulator.evidence import Records, Run, SentAlert
from local.simulator.expected import Alert, Contact
from local.simulator.report import count
from tests.local.simulator.made import NOON, at, delivery_event, driver_event, order_event

CUSTOMER = Contact(phone=True, device=True)
RUN = Run(
    order_ids=frozenset({"o1"}),
    driver_ids=frozenset({"d1"}),
    began=NOON,
    ended=at(100),
    speed=10,
    seed=3,
    wall_s=100.04,
    earlier_messages=frozenset({"old"}),
)
EVENTS = (
    order_event("placed", time=0, sequence=1, status="PENDING"),
    order_event("confirmed", time=1, sequence=2),
    delivery_event("assigned", time=4, sequence=3),
    order_event("ready", time=20, sequence=3, status="READY"),
    delivery_event("delivered", time=50, sequence=5),
    order_event("completed", time=51, sequence=4, status="DELIVERED"),
)
TOLD = [event for event in EVENTS if event.metadata.type in ("order.confirmed", "delivery.assigned", "order.completed")]
ALERTS = tuple(
    SentAlert(Alert(str(event.metadata.event_id), "customer-of-o1", "PUSH"), "o1", "SENT", None, f"m{n}", at(60))
    for n, event in enumerate(TOLD)
)
GOOD = Records(
    orders={"o1": "DELIVERED", "of another run": "PENDING"},
    deliveries={"o1": "DELIVERED", "of another run": "SEARCHING"},
    alerts=ALERTS,
    contacts={"customer-of-o1": CUSTOMER},
    events=EVENTS,
    messages=["old", "m0", "m1", "m2"],
    failures={"delivery-orders-inbox-failures": 0},
)


def test_a_good_run_has_no_problems() -> None:
    report = count(RUN, GOOD)
    assert report.problems() == []
    assert (report.orders_placed, report.orders_delivered, report.orders_unfinished) == (1, 1, 0)
    assert (report.alerts_expected, report.alerts_sent) == (3, 3)
    assert (report.alerts_missing, report.alerts_duplicated, report.double_assignments) == (0, 0, 0)
    assert report.events_published == 6
    assert report.events_by_type["order.placed.v1"] == 1


def test_times_are_in_simulated_seconds() -> None:
    report = count(RUN, GOOD)
    assert report.place_to_assigned_s == {"p50": 40.0, "p95": 40.0}
    assert report.ready_to_delivered_s == {"p50": 300.0, "p95": 300.0}


def test_the_time_to_assignment_ends_with_the_first_driver_who_says_yes() -> None:
    again = [
        delivery_event("driver_dropped", time=5, sequence=6, reason="DRIVER_DROPPED_OUT"),
        delivery_event("assigned", driver="d2", time=9, sequence=7),
    ]
    assert count(RUN, replace(GOOD, events=[*again, *EVENTS])).place_to_assigned_s["p95"] == 40.0


HANDED_OVER = (
    delivery_event("delivered", time=50, sequence=5),
    order_event("completed", time=55, sequence=4, status="DELIVERED"),
)


@pytest.mark.parametrize(
    ("promised_at", "ended", "made", "kept"),
    [
        (at(50), HANDED_OVER, 1, 1),
        (at(49), HANDED_OVER, 1, 0),
        (None, HANDED_OVER, 0, 0),
        (at(99), [order_event("failed", time=51, status="FAILED", reason="NO_DRIVER")], 1, 0),
        (None, [order_event("failed", time=51, status="FAILED", reason="NO_DRIVER")], 0, 0),
        (at(99), [order_event("failed", time=51, status="FAILED", reason="RETURNED")], 0, 0),
        (at(99), [order_event("cancelled", time=51, status="CANCELLED")], 0, 0),
        (at(99), [order_event("rejected", time=51, status="REJECTED", reason="OPERATOR_REQUEST")], 0, 0),
        (at(99), [], 0, 0),
    ],
)
def test_a_promise_is_kept_by_handing_over_in_time(
    promised_at: datetime | None, ended: Sequence[Event[Any]], made: int, kept: int
) -> None:
    """However late orders hears of it."""
    confirmed = order_event("confirmed", time=1, sequence=2, promised_at=promised_at)
    report = count(RUN, replace(GOOD, events=[EVENTS[0], confirmed, *ended]))
    assert (report.promises_made, report.promises_kept) == (made, kept)


def test_without_deliveries_there_are_no_times() -> None:
    report = count(RUN, replace(GOOD, events=EVENTS[:2]))
    assert report.place_to_assigned_s == {"p50": None, "p95": None}


def test_an_event_logged_twice_is_counted_once() -> None:
    assert count(RUN, replace(GOOD, events=[*EVENTS, *EVENTS])).events_published == 6


def test_events_of_other_runs_are_left_out() -> None:
    others = [
        order_event("placed", "of another run"),
        driver_event("moved", "of another run", time=5),
        driver_event("moved", "d1", time=-5, sequence=1),
    ]
    own = driver_event("moved", "d1", time=5, sequence=2)
    report = count(RUN, replace(GOOD, events=[*EVENTS, *others, own]))
    assert report.events_published == 7
    assert report.events_by_type["driver.moved.v1"] == 1


def test_each_end_is_counted() -> None:
    states = ["DELIVERED", "CANCELLED", "REJECTED", "FAILED", "PENDING", "READY"]
    orders = {f"o{n}": status for n, status in enumerate(states)}
    run = replace(RUN, order_ids=frozenset(orders))
    report = count(run, replace(GOOD, orders=orders))
    counts = Counter(
        delivered=report.orders_delivered,
        cancelled=report.orders_cancelled,
        rejected=report.orders_rejected,
        failed=report.orders_failed,
        unfinished=report.orders_unfinished,
    )
    assert counts == {"delivered": 1, "cancelled": 1, "rejected": 1, "failed": 1, "unfinished": 2}
    assert counts.total() == report.orders_placed == 6
    assert "2 orders reached no end" in report.problems()


def test_an_order_that_the_platform_would_not_take_is_a_problem() -> None:
    report = count(replace(RUN, order_ids=frozenset({"o1", "refused"})), GOOD)
    assert (report.orders_placed, report.orders_not_placed, report.orders_unfinished) == (1, 1, 0)
    assert report.problems() == ["1 orders were to be placed and are not there"]


@pytest.mark.parametrize(
    ("meant", "reason", "unheard"),
    [({"o1"}, "MERCHANT_TIMEOUT", 1), ({"o1"}, "CUSTOMER_REQUEST", 0), (set(), "MERCHANT_TIMEOUT", 0)],
)
def test_a_merchant_who_meant_to_confirm_but_was_not_heard_is_a_problem(
    meant: set[str], reason: str, unheard: int
) -> None:
    events = [EVENTS[0], order_event("cancelled", time=30, sequence=2, status="CANCELLED", reason=reason)]
    ended = replace(GOOD, orders={"o1": "CANCELLED"}, events=events, alerts=(), messages=(), contacts={})
    report = count(replace(RUN, to_confirm=frozenset(meant)), ended)
    assert report.merchants_unheard == unheard
    assert bool(report.problems()) == bool(unheard)


def test_messages_that_no_consumer_got_done_with_are_a_problem() -> None:
    report = count(RUN, replace(GOOD, unhandled={"delivery-dispatch-inbox": 2, "delivery-orders-inbox": 0}))
    assert (report.messages_unhandled, report.unhandled_queues) == (2, {"delivery-dispatch-inbox": 2})
    assert report.problems() == ["2 messages lie unhandled in their consumers' queues"]


def test_an_order_that_ended_without_saying_so_is_a_problem() -> None:
    report = count(RUN, replace(GOOD, events=EVENTS[:-1], alerts=ALERTS[:2], messages=["m0", "m1"]))
    assert report.problems() == ["1 orders ended without the event that says so"]


def test_a_delivery_left_open_is_a_problem() -> None:
    report = count(RUN, replace(GOOD, deliveries={"o1": "SEARCHING"}))
    assert report.problems() == ["1 deliveries reached no end"]


def test_an_alert_without_a_message_is_missing() -> None:
    unsent = replace(ALERTS[0], outcome="CLAIMED", message_id=None)
    report = count(RUN, replace(GOOD, alerts=[unsent, *ALERTS[1:]], messages=["m1", "m2"]))
    assert (report.alerts_expected, report.alerts_sent, report.alerts_missing) == (3, 2, 1)
    assert report.problems() == ["1 messages did not go out"]


def test_an_alert_whose_row_claims_a_message_that_the_provider_never_had_is_missing() -> None:
    report = count(RUN, replace(GOOD, messages=["m0", "m1"]))
    assert (report.alerts_sent, report.alerts_missing) == (2, 1)


def test_a_message_that_no_alert_owns_went_out_twice() -> None:
    report = count(RUN, replace(GOOD, messages=[*GOOD.messages, "sent by somebody who died"]))
    assert (report.alerts_sent, report.alerts_duplicated) == (3, 1)
    assert report.problems() == ["1 messages went out more than once"]


def test_two_messages_for_one_alert_are_one_too_many() -> None:
    again = replace(ALERTS[0], message_id="m9")
    report = count(RUN, replace(GOOD, alerts=[*ALERTS, again], messages=[*GOOD.messages, "m9"]))
    assert (report.alerts_sent, report.alerts_duplicated) == (4, 1)


def test_messages_sent_before_the_run_do_not_count() -> None:
    before = replace(ALERTS[0], message_id="old")
    assert count(RUN, replace(GOOD, alerts=[before, *ALERTS[1:]])).alerts_missing == 1


def test_messages_of_another_run_at_the_same_time_do_not_count() -> None:
    other = SentAlert(Alert("event of another run", "somebody", "SMS"), "of another run", "SENT", None, "m9", at(60))
    report = count(RUN, replace(GOOD, alerts=[*ALERTS, other], messages=[*GOOD.messages, "m9"]))
    assert report.problems() == []
    assert report.alerts_sent == 3


@pytest.mark.parametrize("recipient", ["customer-of-o1", "d1"])
def test_a_message_about_an_order_of_the_run_for_an_event_that_was_never_logged_is_a_problem(recipient: str) -> None:
    unknown = SentAlert(Alert("event nobody logged", recipient, "PUSH"), "o1", "SENT", None, "m9", at(60))
    report = count(RUN, replace(GOOD, alerts=[*ALERTS, unknown], messages=[*GOOD.messages, "m9"]))
    assert report.problems() == ["1 messages went out that should not have"]


def test_a_message_that_should_not_have_gone_out_is_a_problem() -> None:
    quiet = replace(CUSTOMER, push=False)
    report = count(RUN, replace(GOOD, contacts={"customer-of-o1": quiet}))
    assert (report.alerts_expected, report.alerts_unexpected) == (0, 3)


@pytest.mark.parametrize(("decided", "missing", "late"), [(44.9, 1, 0), (45.0, 0, 1)])
def test_an_offer_may_be_told_too_late_only_once_it_has_lapsed(decided: float, missing: int, late: int) -> None:
    offered = delivery_event("offered", time=0, sequence=2)
    row = SentAlert(Alert(str(offered.metadata.event_id), "d1", "SMS"), "o1", "FAILED", "TOO_LATE", None, at(decided))
    contacts = {**GOOD.contacts, "d1": Contact(phone=True, device=False)}
    report = count(RUN, replace(GOOD, events=[*EVENTS, offered], alerts=[*ALERTS, row], contacts=contacts))
    assert (report.alerts_missing, report.alerts_too_late) == (missing, late)


def test_other_news_is_never_too_late() -> None:
    late = replace(ALERTS[0], outcome="FAILED", reason="TOO_LATE", message_id=None, decided_at=at(9_999))
    report = count(RUN, replace(GOOD, alerts=[late, *ALERTS[1:]], messages=["m1", "m2"]))
    assert (report.alerts_missing, report.alerts_too_late) == (1, 0)


def test_a_driver_held_twice_is_a_problem_whosoever_orders_they_were() -> None:
    others = [delivery_event("assigned", f"{n} of another run", "d1", time=30) for n in range(2)]
    report = count(RUN, replace(GOOD, events=[*EVENTS, *others]))
    assert report.problems() == ["1 times a driver or a delivery was held twice"]


@pytest.mark.parametrize(("floors", "avoidable"), [({}, None), ({"o1": 240}, 1.0), ({"o1": 240, "o2": 0}, 45.5)])
def test_of_a_real_day_the_minutes_that_could_be_avoided_are_told(
    floors: dict[str, float], avoidable: float | None
) -> None:
    """From ready to delivered it took 30 wall seconds, ten times as fast; what was not delivered counts 90 minutes."""
    assert count(replace(RUN, floors=floors), GOOD).avoidable_min == avoidable


def test_failures_and_unexpected_answers_are_problems() -> None:
    run = replace(RUN, api_errors={"order: Internal: oops": 2})
    report = count(run, replace(GOOD, failures={"a-failures": 2, "b-failures": 0, "c-failures": 1}))
    assert report.failure_queue_messages == 3
    assert report.failure_queues == {"a-failures": 2, "c-failures": 1}
    assert report.problems() == [
        "3 messages lie in failure queues",
        "2 unexpected answers of the API: order: Internal: oops",
    ]


def test_a_run_that_placed_nothing_is_no_success() -> None:
    assert count(replace(RUN, order_ids=frozenset()), GOOD).problems()[0] == "no order was placed"


def test_the_json_has_every_figure_that_is_promised() -> None:
    promised = """orders_placed orders_delivered orders_cancelled orders_rejected orders_failed orders_unfinished
    alerts_expected alerts_sent alerts_duplicated alerts_missing double_assignments events_published events_by_type
    failure_queue_messages promises_made promises_kept place_to_assigned_s ready_to_delivered_s speed seed
    wall_s api_errors api_latency_ms"""
    report = count(RUN, GOOD).as_json()
    assert set(promised.split()) <= report.keys()
    assert report["problems"] == []
    assert report["wall_s"] == 100.0
