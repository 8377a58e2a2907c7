"""An event that comes twice, late or out of order changes nothing twice and moves nothing backwards."""

from typing import Any
from uuid import uuid4

import pytest
from delivery_events import Event

from local.alerts.provider_record import taken
from tests.faults.cloud import Cloud, envelope, event_id, some_event, until
from tests.orders import rows
from tests.tables import stored

pytestmark = pytest.mark.local_cloud


def deliver(cloud: Cloud, inbox: str, *events: Event[Any]) -> list[str]:
    """Put each into the inbox once the one before was handled; what came of each."""
    came_of = []
    for event in events:
        before = len(cloud.outcomes(inbox, event))
        cloud.send(inbox, envelope(event))
        came_of.append(until(lambda e=event: cloud.outcomes(inbox, e), lambda found, n=before: len(found) > n)[-1])  # type: ignore[misc]
    return came_of


def put(cloud: Cloud, service: str, row: dict[str, Any]) -> None:
    cloud.table(service).put_item(Item=stored(row))


def test_tracking_shows_the_latest_and_keeps_each_event_once(cloud: Cloud) -> None:
    order = str(uuid4())
    placed, confirmed, ready = (
        some_event(f"order.{type_}.v1", order, sequence=sequence, status=status)
        for sequence, (type_, status) in enumerate(
            [("placed", "PENDING"), ("confirmed", "CONFIRMED"), ("ready", "READY")], start=1
        )
    )
    came_of = deliver(cloud, "tracking-inbox", confirmed, placed, placed, ready, confirmed)
    assert came_of == ["applied", "applied", "stale", "applied", "stale"]
    found = {row["sk"]: row for row in cloud.rows("tracking", f"ORDER#{order}")}
    assert found.pop("TRACKING")["status"] == "READY"
    assert sorted(row["type"] for row in found.values()) == ["order.confirmed", "order.placed", "order.ready"]


def test_an_order_follows_its_delivery_forwards_alone(cloud: Cloud) -> None:
    order = str(uuid4())
    row = rows.confirmed(
        pk=f"ORDER#{order}", order_id=order, status="ASSIGNED", driver_id="driver-1", delivery_sequence=2
    )
    put(cloud, "orders", row)
    assigned = some_event("delivery.assigned.v1", order, sequence=3, state="ASSIGNED")
    picked_up = some_event("delivery.picked_up.v1", order, sequence=5, state="PICKED_UP")
    came_of = deliver(cloud, "orders-inbox", picked_up, assigned, picked_up)
    assert came_of == ["applied", "stale", "stale"]
    (found,) = cloud.rows("orders", f"ORDER#{order}")
    assert (found["status"], found["sequence"]) == ("PICKED_UP", row["sequence"] + 1)
    assert found["caused_by"] == event_id(picked_up)


def test_somebody_is_told_once_of_what_is_heard_twice(cloud: Cloud) -> None:
    rejected = some_event("order.rejected.v1", reason="OUT_OF_STOCK", status="REJECTED")
    put(cloud, "notifications", contact(rejected.data.customer_id, "+12025550177"))
    assert deliver(cloud, "notifications-inbox", rejected, rejected) == ["applied", "applied"]
    assert until(lambda: came_of_sms(cloud, rejected), lambda found: len(found) == 2) == ["SENT", "done before"]

    code, alerts = cloud.run("alerts", rejected.data.order_id, "--all")
    assert code == 0
    assert sorted((alert["channel"], alert["state"], alert["reason"]) for alert in alerts) == [
        ("PUSH", "SUPPRESSED", "NO_DEVICE"),
        ("SMS", "SENT", None),
    ]
    texts = [message.text for message in taken(cloud.deployed.platform.cloud_url).values()]
    assert len([text for text in texts if rejected.data.order_id[:8] in text]) == 1


def contact(customer: str, phone: str) -> dict[str, Any]:
    """How somebody can be reached, as setMyContact writes it."""
    written = {"sequence": 1, "occurred_at": "2026-01-05T18:30:00.000Z", "caused_by": "request:1"}
    return {"pk": f"CONTACT#{customer}", "sk": "CONTACT", "recipient_id": customer, "phone": phone} | written


def came_of_sms(cloud: Cloud, event: Event[Any]) -> list[str]:
    return cloud.outcomes("notifications-sms", event)
