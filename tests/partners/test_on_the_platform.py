"""Partners on the deployed platform: from the bus to a webhook, a queue and a bus, and back by a replay."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from delivery_events import Event, parse_public
from delivery_events.publish import Publisher
from standardwebhooks.webhooks import Webhook as Verifier

from infra import names
from tests.deployed import Deployed
from tests.faults.cloud import Cloud, event_id, some_event, until
from tests.partners.listener import Listener, listening

pytestmark = pytest.mark.local_cloud

PARTNER = "example"
MERCHANT = "example-merchant"
REPLAY = "mutation($input: ReplayInput!) { requestReplay(input: $input) { id state } }"
# Orders that were confirmed: a driver is looked for.
confirmed: set[str] = set()
LOG = "{ partnerDeliveries(first: 100) { edges { node { eventId state attempts replayId } } } }"


@pytest.fixture(scope="module")
def listener(deployed: Deployed) -> Iterator[Listener]:
    """Its webhooks come to this test. Its function takes this on before it starts for the first time."""
    function = names.of("partners", PARTNER)
    lambda_ = deployed.platform.aws.client("lambda")
    variables = lambda_.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    with listening() as found:
        variables["WEBHOOK_URL"] = found.url
        lambda_.update_function_configuration(FunctionName=function, Environment={"Variables": variables})
        yield found


@pytest.fixture
def cloud(deployed: Deployed) -> Iterator[Cloud]:
    """Leaves neither failures behind nor deliveries that would be offered to other tests' drivers."""
    cloud = Cloud(deployed)
    yield cloud
    publish(cloud, *(placed(order, 9, "cancel_requested") for order in confirmed))
    confirmed.clear()
    cloud.take(f"partners-{PARTNER}")


@pytest.fixture(scope="module")
def key(deployed: Deployed) -> str:
    _, made = Cloud(deployed).run("partners", "secret", "rotate", PARTNER)
    return str(made["key"])


def placed(order: str, sequence: int = 1, type_: str = "placed", **values: Any) -> Event[Any]:
    about = {"merchant_id": MERCHANT, **values}
    return some_event(f"order.{type_}.v1", order, sequence=sequence, **about)


def publish(cloud: Cloud, *events: Event[Any]) -> None:
    for event in events:
        if event.detail_type == "order.confirmed.v1":
            confirmed.add(event.data.order_id)
        Publisher(cloud.client("events"), bus=names.BUS, source=event.data.SOURCE).publish([event])


def came(listener: Listener, *events: Event[Any]) -> list[dict[str, Any]]:
    """What came of these events, in the order in which it came."""
    wanted = {event_id(event) for event in events}
    return [json.loads(each.body) for each in listener.got if each.headers["webhook-id"] in wanted]


def sweep(cloud: Cloud) -> None:
    cloud.client("lambda").invoke(FunctionName=names.of("partners", "sweep"), Payload=b"{}")


def test_a_partner_gets_its_own_merchants_events_signed_and_in_order(
    cloud: Cloud, listener: Listener, key: str
) -> None:
    order = str(uuid4())
    own = [placed(order), placed(order, 2, "confirmed"), placed(order, 3, "completed", status="DELIVERED")]
    others = [
        placed(str(uuid4()), merchant_id="merchant-1"),
        placed(order, 4, "ready"),
        some_event("driver.on_duty.v1"),
    ]
    publish(cloud, *others, *own)
    got = until(lambda: came(listener, *own, *others), lambda found: len(found) >= 3)
    assert [each["metadata"]["event_id"] for each in got] == [event_id(event) for event in own]
    for webhook in (each for each in listener.got if each.headers["webhook-id"] in {event_id(event) for event in own}):
        content = Verifier(key).verify(webhook.body, dict(webhook.headers))
        assert parse_public(content["type"], webhook.body).data.order_id == order
        assert "dropoff" not in content["data"]


def test_what_is_not_taken_is_tried_again_when_it_is_due(cloud: Cloud, listener: Listener, key: str) -> None:
    event = placed(str(uuid4()))
    listener.answer = lambda webhook: 204 if len(came(listener, event)) > 1 else 500
    publish(cloud, event)
    assert until(lambda: states(cloud, event), lambda found: found == ["WAITING"]) == ["WAITING"]

    def swept() -> list[str]:
        sweep(cloud)  # as the clock does it once a minute
        return states(cloud, event)

    assert until(swept, lambda found: found == ["DELIVERED"]) == ["DELIVERED"]
    assert len(came(listener, event)) == 2
    listener.answer = lambda _: 204


def test_a_partner_has_events_replayed_to_itself_alone_by_the_api(cloud: Cloud, listener: Listener, key: str) -> None:
    order = str(uuid4())
    done = placed(order, 1, "completed", status="DELIVERED")
    publish(cloud, done)
    until(lambda: came(listener, done), bool)
    in_queue = until(lambda: from_queue(cloud, order), bool)
    assert [each["metadata"]["event_id"] for each in in_queue] == [event_id(done)]

    token = cloud.account("example-partner", "partner", partner_id=PARTNER).token
    asked = cloud.ask(
        token, {"query": REPLAY, "variables": {"input": {"id": str(uuid4()), "eventIds": [event_id(done)]}}}
    )
    replay = asked["data"]["requestReplay"]["id"]
    again = until(lambda: came(listener, done), lambda found: len(found) > 1)
    assert [each.get("replay") for each in again] == [None, replay]
    nodes = [edge["node"] for edge in cloud.ask(token, {"query": LOG})["data"]["partnerDeliveries"]["edges"]]
    [node] = [node for node in nodes if node["eventId"] == event_id(done)]
    assert (node["state"], node["replayId"]) == ("DELIVERED", replay)
    assert from_queue(cloud, order) == []  # the other partner has it once
    stranger = cloud.account("partnerless", "partner").token
    assert cloud.ask(stranger, {"query": LOG})["errors"][0]["errorType"] == "Unauthorized"


def test_events_out_of_the_archive_reach_no_partner_twice(cloud: Cloud, listener: Listener, key: str) -> None:
    event = placed(str(uuid4()))
    publish(cloud, event)
    until(lambda: came(listener, event), bool)
    events = cloud.client("events")
    bus = events.describe_event_bus(Name=names.BUS)["Arn"]
    now = datetime.now(UTC)
    events.start_replay(
        ReplayName=f"test-{uuid4()}",
        EventSourceArn=bus.replace("event-bus/delivery", f"archive/{names.EVENT_ARCHIVE}"),
        EventStartTime=now - timedelta(seconds=20),
        EventEndTime=now + timedelta(seconds=1),
        Destination={"Arn": bus},
    )
    outcomes = until(lambda: cloud.outcomes("partners-inbox", event), lambda found: len(found) > 1)
    assert outcomes == ["applied", "stale"]
    time.sleep(1.5)  # what would come in error would come about now
    assert len(came(listener, event)) == 1


def test_an_event_arrives_on_a_partner_s_bus(cloud: Cloud, listener: Listener) -> None:
    events, sqs = cloud.client("events"), cloud.sqs
    url = sqs.create_queue(QueueName="partner-bus-listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [allowed]})})
    events.put_rule(Name="listen", EventPattern=json.dumps({"source": ["delivery.orders"]}))
    events.put_targets(Rule="listen", Targets=[{"Id": "queue", "Arn": arn}])
    try:
        order = str(uuid4())
        done = placed(order, 1, "completed", status="DELIVERED")
        publish(cloud, done, placed(str(uuid4()), 1, "completed", status="FAILED"))  # the filter leaves out the second
        [message] = until(lambda: sqs.receive_message(QueueUrl=url).get("Messages", []), bool)
        got = json.loads(message["Body"])
        assert (got["source"], got["detail-type"]) == ("delivery.orders", "order.completed.v1")
        assert parse_public(got["detail-type"], got["detail"]).data.order_id == order
        assert sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2).get("Messages", []) == []
    finally:
        events.remove_targets(Rule="listen", Ids=["queue"])
        events.delete_rule(Name="listen")
        sqs.delete_queue(QueueUrl=url)


def test_410_disables_and_tells_and_an_operator_sends_what_was_kept(cloud: Cloud, listener: Listener, key: str) -> None:
    order = str(uuid4())
    began = datetime.now(UTC)
    first, second = placed(order), placed(order, 2, "confirmed")
    listener.answer = lambda _: 410
    publish(cloud, first)
    assert until(lambda: states(cloud, first), lambda found: found == ["FAILED"]) == ["FAILED"]
    [failure] = until(lambda: cloud.failures(f"partners-{PARTNER}"), bool)
    assert failure.type == "order.placed.v1"
    assert "the partner is disabled: GONE" in str(failure.reason)
    told = until(lambda: [e for e in cloud.published(PARTNER) if e["type"] == "partner.disabled"], bool)
    assert told[-1]["causation_id"] == event_id(first)
    publish(cloud, second)
    assert until(lambda: states(cloud, second), lambda found: found == ["HELD"]) == ["HELD"]

    listener.answer = lambda _: 204
    assert cloud.run("partners", "enable", PARTNER) == (0, {"partner": PARTNER, "changed": True})
    since = began.strftime("%Y-%m-%dT%H:%M:%S")
    cloud.run("partners", "replay", PARTNER, "--from", since, "--undelivered")
    assert until(lambda: states(cloud, first, second), lambda found: found == ["DELIVERED"] * 2) == ["DELIVERED"] * 2
    # What lies in the failure queue was delivered meanwhile: going back, it does no harm.
    code, redriven = cloud.redrive(f"partners-{PARTNER}")
    assert (code, redriven["redriven"], redriven["left"]) == (0, 1, [])
    assert [each["metadata"]["sequence"] for each in came(listener, first, second)] == [1, 1, 2]


def states(cloud: Cloud, *events: Event[Any]) -> list[str]:
    """Of the deliveries of these events, as `delivery partners deliveries` shows them."""
    _, found = cloud.run("partners", "deliveries", PARTNER)
    by_id = {each["event_id"]: each["state"] for each in found}
    return [by_id[event_id(event)] for event in events if event_id(event) in by_id]


def from_queue(cloud: Cloud, order: str) -> list[dict[str, Any]]:
    """What the partner `example-queue` finds about an order; taken out of its queue."""
    url = cloud.url(f"partners-example-queue{names.FOR_PARTNER}.fifo")
    messages = cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    found = [json.loads(message["Body"]) for message in messages]
    return [each for each in found if each["data"]["order_id"] == order]
