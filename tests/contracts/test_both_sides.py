"""What one service publishes, another can read: every type, from the producer's publisher to the consumer's inbox.

The event models are shared, so the types agree. What these tests add is that each side really uses them, and that a
consumer needs no more than the producer has promised.
"""

import ast
import json
from typing import Any

import pytest
from delivery_events import CATALOG

from infra.app import SERVICES
from tests.boundaries.repository import ROOT
from tests.contracts.consumers import about, consumed, consumer, on_the_bus
from tests.events.samples import ALL_TYPES

every_service = pytest.mark.parametrize("service", SERVICES)
# The partners' inbox is sent an event and whom it is for, by a rule of each partner: tests/partners/test_intake.py.
every_consumer = pytest.mark.parametrize("service", [each for each in SERVICES if each != "partners"])


def as_published(body: str) -> str:
    return body


def with_required_fields_only(body: str) -> str:
    """As a producer may send it that knows nothing optional."""
    content = json.loads(body)
    model = CATALOG[content["detail-type"]]
    data = content["detail"]["data"]
    content["detail"]["data"] = {name: data[name] for name, f in model.model_fields.items() if f.is_required()}
    return json.dumps(content)


def with_later_additions(body: str) -> str:
    """As a producer sends it that is deployed with a later minor version of the events."""
    content: dict[str, Any] = json.loads(body)
    content["detail"]["metadata"]["added_later"] = "a"
    content["detail"]["data"]["added_later"] = {"b": [1]}
    return json.dumps(content)


@every_consumer
@pytest.mark.parametrize("sent", [as_published, with_required_fields_only, with_later_additions])
def test_a_consumer_handles_what_it_asks_for_and_parks_the_rest(
    service: str, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {model.detail_type() for model in consumed(service)}
    with consumer(service, ALL_TYPES, monkeypatch) as each:
        again = each.handle([sent(on_the_bus(about(detail_type))) for detail_type in ALL_TYPES])
        parked = each.parked()
    assert again == []
    assert set(parked) == set(ALL_TYPES) - wanted
    assert all(reason.startswith("nothing here handles") for reason in parked.values())


@every_consumer
def test_a_consumer_parks_an_event_without_a_required_field(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a producer that broke its promise would be found by the test above."""
    detail_type = consumed(service)[0].detail_type()
    content = json.loads(on_the_bus(about(detail_type)))
    del content["detail"]["data"]["order_id"]
    with consumer(service, [], monkeypatch) as each:
        assert each.handle([json.dumps(content)]) == []
        assert each.parked() == {detail_type: f"not a valid {detail_type}: data.order_id: Field required"}


@every_service
def test_what_a_service_consumes_another_one_publishes(service: str) -> None:
    for model in consumed(service):
        producer = model.SOURCE.removeprefix("delivery.")
        assert producer in SERVICES
        assert producer != service
        assert model.__name__ in names_in(producer), f"{producer} never makes a {model.detail_type()}"


@every_service
def test_every_event_type_of_a_service_is_made_by_its_code(service: str) -> None:
    own = {model.__name__ for model in CATALOG.values() if f"delivery.{service}" == model.SOURCE}
    assert own
    assert own - names_in(service) == set()


def names_in(service: str) -> set[str]:
    """Every name that the service's own code uses, what it consumes left out."""
    foreign = {model.__name__ for model in consumed(service)}
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for path in (ROOT / "services" / service).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name | ast.Attribute)
    } - foreign


def test_every_event_type_has_somebody_who_wants_it_or_is_for_partners() -> None:
    wanted = {model.detail_type() for service in SERVICES for model in consumed(service)}
    for_partners_and_operators = {
        "alert.failed.v1",
        "alert.sent.v1",
        "contact.opted_out.v1",
        "driver.off_duty.v1",
        "driver.on_duty.v1",
        "partner.disabled.v1",
        "partner.enabled.v1",
    }
    assert set(ALL_TYPES) - wanted == for_partners_and_operators
