"""Every service's inbox as it is deployed, on moto, fed with what the producers' publisher puts on the bus."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from importlib import import_module
from typing import Any

import boto3
import pytest
from delivery_events import CATALOG, Event, EventData
from delivery_events.publish import Publisher

from infra.constructs import Index
from tests import tables
from tests.accounts import BUS, Account, account
from tests.events.samples import event
from tests.lambdas import Function
from tests.orders import rows
from tests.tables import stored

READY_AT = "2026-01-05T18:48:00.000Z"


@dataclass(frozen=True)
class Consumer:
    service: str
    account: Account
    inbox: Function

    def handle(self, bodies: Iterable[str]) -> list[str]:
        """Hands over each message alone; what has to be delivered again."""
        return [body for body in bodies if self.inbox.messages(body)]

    def parked(self) -> dict[str, str]:
        """The reason why an event was put into the failure queue, by its detail type."""
        found: dict[str, str] = {}
        while some := self.account.parked():
            found |= {json.loads(body)["detail-type"]: reason for body, reason in some}
        return found


class Bus:
    """Takes what a publisher sends, and gives it out as a rule delivers it to a queue."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - boto3's name
        for entry in Entries:
            content = {"source": entry["Source"], "detail-type": entry["DetailType"]}
            self.bodies.append(json.dumps(content | {"detail": json.loads(entry["Detail"])}))
        return {"Entries": [{"EventId": str(n)} for n, _ in enumerate(Entries)], "FailedEntryCount": 0}


def on_the_bus(each: Event[Any]) -> str:
    """What arrives of an event that its own service published."""
    bus = Bus()
    client: Any = bus
    Publisher(client, bus=BUS, source=each.data.SOURCE).publish([each])
    [body] = bus.bodies
    return body


def consumed(service: str) -> tuple[type[EventData], ...]:
    """What the service's stack asks its rules for."""
    models: tuple[type[EventData], ...] = import_module(f"services.{service}.stack").CONSUMES
    return models


def about(detail_type: str, *, order: str | None = None, **values: Any) -> Event[Any]:
    """A sample of a type about `order`; without one, about an order that no other type's sample is about."""
    order = order or f"order-of-{detail_type}"
    given = {"order_id": order, "delivery_id": order} | values
    fields = CATALOG[detail_type].model_fields
    return event(detail_type, sequence=9, **{name: value for name, value in given.items() if name in fields})


@contextmanager
def consumer(service: str, types: Iterable[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Consumer]:
    """The service's inbox, which already knows every order that the samples of `types` are about."""
    indexes: tuple[Index, ...] = getattr(import_module(f"services.{service}.stack"), "INDEXES", ())
    with account(service, [tables.Index(*astuple(index)) for index in indexes]) as aws:
        sns = boto3.client("sns")
        topics = {
            f"{name}_ALERTS_TOPIC_ARN": sns.create_topic(Name=name)["TopicArn"] for name in ("CUSTOMER", "DRIVER")
        }
        environment = {**aws.environment, **topics, "KEEP_SECONDS": "3600", "LINK_SECONDS": "3600", "TIME_SCALE": "1"}
        found = Consumer(service, aws, Function(f"services.{service}.handlers.inbox", environment, monkeypatch))
        make_known(found, (f"order-of-{detail_type}" for detail_type in types))
        yield found


def make_known(found: Consumer, orders: Iterable[str]) -> None:
    """Lets a consumer hear of orders first."""
    for order in orders:
        if found.service == "orders":
            ready = rows.confirmed(pk=f"ORDER#{order}", order_id=order, status="READY", ready_at=READY_AT)
            found.account.table.put_item(Item=stored(ready))
        else:
            opening = event("order.confirmed.v1", order_id=order)
            if type(opening.data) in consumed(found.service):
                assert found.handle([on_the_bus(opening)]) == []
