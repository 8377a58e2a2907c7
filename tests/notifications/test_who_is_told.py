"""Who is told of which event, by which channels; and what travels on the topics."""

import json
from pathlib import Path
from typing import Any

import pytest
from delivery_events import CATALOG, Event

from local.simulator.expected import Contact, expected_alerts
from services.dispatch.domain import TRANSITIONS as DISPATCH
from services.dispatch.domain import Transition as OfDelivery
from services.notifications.templates import CONSUMES, TEMPLATES, alerts_for
from services.orders.domain import TRANSITIONS as ORDERS
from services.orders.domain import Transition as OfOrder
from tests.events.samples import event

PAGE = Path(__file__).parents[2] / "docs" / "tables" / "notifications.md"
OFFER = {
    "offer_id": "offer-1",
    "driver_id": "driver-2",
    "expires_at": "2026-01-05T18:30:45.000Z",
    "to_pickup_m": 800.5,
    "to_dropoff_m": 2100,
}

# The whole of it, as the business wants it.
TOLD: dict[str, dict[str, set[str]]] = {
    "order.confirmed.v1": {"customer-1": {"PUSH"}},
    "order.rejected.v1": {"customer-1": {"SMS", "PUSH"}},
    "order.cancelled.v1": {"customer-1": {"SMS", "PUSH"}},
    "order.failed.v1": {"customer-1": {"SMS", "PUSH"}},
    "order.completed.v1": {"customer-1": {"PUSH"}},
    "delivery.assigned.v1": {"customer-1": {"PUSH"}},
    "delivery.picked_up.v1": {"customer-1": {"SMS", "PUSH"}},
    "delivery.arrived_at_dropoff.v1": {"customer-1": {"PUSH"}},
    "delivery.cancellation_refused.v1": {"customer-1": {"PUSH"}},
    "delivery.offered.v1": {"driver-2": {"SMS", "PUSH"}},
    "order.ready.v1": {"driver-1": {"PUSH"}},
    "delivery.cancelled.v1": {"driver-1": {"SMS", "PUSH"}},
    "delivery.driver_dropped.v1": {"customer-1": {"PUSH"}, "driver-1": {"PUSH"}},
}
# What a sample needs so that somebody is told of it.
FIELDS: dict[str, dict[str, Any]] = {
    "delivery.offered.v1": {"offer": OFFER, "reason": None},
    "delivery.driver_dropped.v1": {"reason": "REASSIGNED"},
}


def sample(detail_type: str, **fields: Any) -> Event[Any]:
    return event(detail_type, **FIELDS.get(detail_type, {}) | fields)


@pytest.mark.parametrize("detail_type", sorted(TOLD))
def test_each_event_is_told_to_its_recipients_by_their_channels(detail_type: str) -> None:
    told = sorted((alert.recipient_id, alert.channel.value) for alert in alerts_for(sample(detail_type)))
    assert told == sorted((who, channel) for who, channels in TOLD[detail_type].items() for channel in channels)
    for alert in alerts_for(sample(detail_type)):
        assert alert.audience == alert.recipient_id.split("-")[0].upper()


def test_nobody_is_told_of_any_other_event() -> None:
    assert sorted(model.detail_type() for model in CONSUMES) == sorted(TOLD)


@pytest.mark.parametrize("detail_type", ["order.ready.v1", "delivery.cancelled.v1"])
def test_an_event_that_concerns_a_driver_is_told_to_nobody_while_there_is_none(detail_type: str) -> None:
    assert alerts_for(event(detail_type, driver_id=None)) == []


@pytest.mark.parametrize(("reason", "driver_too"), [("DRIVER_DROPPED_OUT", False), ("REASSIGNED", True)])
def test_a_driver_who_dropped_out_knows_it_and_the_customer_hears_it_in_other_words(
    reason: str, driver_too: bool
) -> None:
    alerts = alerts_for(event("delivery.driver_dropped.v1", reason=reason))
    assert {alert.recipient_id: alert.template for alert in alerts} == {
        "customer-1": "delivery_driver_dropped_customer",
        **({"driver-1": "delivery_driver_dropped"} if driver_too else {}),
    }


def told_of(transition: OfDelivery | OfOrder) -> str:
    """The audiences of one transition's event, as the domain writes them."""
    if transition.event is None or transition.event not in CONSUMES:
        return ""
    driver = "driver-1" if transition.sources else None  # what was never opened was never anybody's
    reason = {"reason": transition.reason} if isinstance(transition, OfDelivery) else {}
    made = sample(transition.event.detail_type(), driver_id=driver, **reason)
    return ", ".join(sorted({alert.audience.lower() for alert in alerts_for(made)}))


@pytest.mark.parametrize("transition", DISPATCH, ids=lambda each: f"{each.aggregate} {each.trigger}")
def test_dispatch_names_those_who_are_told(transition: OfDelivery) -> None:
    assert transition.tells == told_of(transition)


@pytest.mark.parametrize("transition", ORDERS, ids=lambda each: f"order {each.trigger}")
def test_orders_names_those_who_are_told(transition: OfOrder) -> None:
    assert transition.tells == told_of(transition)


def test_the_page_lists_who_is_told_of_what() -> None:
    _, _, section = PAGE.read_text().partition("## Who is told\n")
    rows = [row for row in section.split("\n## ")[0].splitlines() if row.startswith("|")]
    assert rows[2:] == [
        f"| `{each.event.TYPE}` | {each.audience.lower()} | {', '.join(each.channels)} | `{each.name}` |"
        for each in TEMPLATES
    ]


def test_the_simulator_written_on_its_own_expects_the_same() -> None:
    reachable = {who: Contact(phone=True, device=True) for who in ("customer-1", "driver-1", "driver-2")}
    for detail_type in CATALOG:
        each = sample(detail_type)
        told = {(a.event_id, a.recipient_id, a.channel) for a in alerts_for(each)} if detail_type in TOLD else set()
        assert told == expected_alerts([each], reachable), detail_type


def test_the_same_event_asks_for_the_same_alerts_each_by_its_own_id() -> None:
    first, again = alerts_for(sample("delivery.picked_up.v1")), alerts_for(sample("delivery.picked_up.v1"))
    assert first == again
    assert len({alert.alert_id for alert in first}) == 2


def test_an_offer_is_news_until_it_lapses() -> None:
    for alert in alerts_for(sample("delivery.offered.v1")):
        assert alert.valid_until is not None
        assert alert.valid_until.isoformat() == "2026-01-05T18:30:45+00:00"
        assert alert.parameters == {"order": "order-1", "pickup_m": "800", "dropoff_m": "2100"}


def test_how_something_ended_stays_news() -> None:
    final = {detail_type for detail_type in TOLD if any(alert.final for alert in alerts_for(sample(detail_type)))}
    assert final == {
        "order.rejected.v1",
        "order.cancelled.v1",
        "order.failed.v1",
        "order.completed.v1",
        "delivery.cancelled.v1",
    }


@pytest.mark.parametrize("detail_type", sorted(TOLD))
def test_an_alert_names_its_recipient_by_id_and_says_nothing_else_of_anybody(detail_type: str) -> None:
    gossip = sample(detail_type, note="+12025550100, 1 Example Street")  # events keep what they do not know
    for alert in alerts_for(gossip):
        travels = json.loads(alert.model_dump_json())
        people = {value for value in travels.values() if isinstance(value, str) and value.split("-")[0] in PEOPLE}
        assert people == {alert.recipient_id}
        assert travels["parameters"].keys() <= {"order", "reason", "pickup_m", "dropoff_m"}
        assert "Example" not in str(travels)
        assert "40.4" not in str(travels)


PEOPLE = {"customer", "driver", "merchant"}
