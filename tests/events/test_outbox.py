import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError, EndpointConnectionError
from delivery_events import Event
from delivery_events.orders import OrderStatus
from delivery_events.outbox import Change, Outbox, plain
from delivery_events.publish import Publisher

from tests.events.fakes import Bus, Failures
from tests.events.samples import event

NOW = 1_767_637_800.0


def record(
    sequence: int, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None, *, age: float = 1
) -> dict[str, Any]:
    """A stream record as Lambda gets it. Without images it is a row that was written with this sequence."""
    if old is None and new is None:
        new = {"pk": "ORDER#1", "sequence": sequence}
    images = {"OldImage": old, "NewImage": new}
    serialize = TypeSerializer().serialize
    return {
        "eventName": "MODIFY",
        "dynamodb": {
            "Keys": {"pk": {"S": "ORDER#1"}},
            "SequenceNumber": f"10{sequence}",
            "ApproximateCreationDateTime": NOW - age,
            **{name: {k: serialize(v) for k, v in image.items()} for name, image in images.items() if image},
        },
    }


def decide(change: Change) -> list[Event[Any]]:
    assert change.new
    if "broken" in change.new:
        raise KeyError("status")
    return [event("order.placed.v1", sequence=change.new["sequence"])]


class Here:
    """An outbox with everything around it."""

    def __init__(self, bus: Bus | None = None, **options: Any) -> None:
        self.bus = bus or Bus()
        self.failures = Failures()
        self.outbox = Outbox(
            Publisher(self.bus.client, bus="delivery", source="delivery.orders", attempts=2, sleep=lambda _s: None),
            self.failures.queue("orders-outbox"),
            clock=lambda: NOW,
            **({"decide": decide} | options),
        )

    def handle(self, *records: dict[str, Any]) -> list[str]:
        """The sequence numbers from which the stream goes on."""
        answer = self.outbox.handle({"Records": list(records)})
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_changes_become_events_in_order() -> None:
    here = Here()
    assert here.handle(record(1), record(2), record(3)) == []
    assert here.bus.sequences == [[1], [2], [3]]


def test_a_change_is_decided_by_plain_images_before_and_after() -> None:
    seen: list[Change] = []

    def remember(change: Change) -> list[Event[Any]]:
        seen.append(change)
        return []

    old = {"pk": "ORDER#1", "sequence": 1, "tags": {"a", "b"}, "lat": Decimal("40.5")}
    new = {"pk": "ORDER#1", "sequence": 2, "lines": [{"quantity": 2}], "sizes": {Decimal(1), Decimal("2.5")}}
    here = Here(decide=remember)
    assert here.handle(record(1, old, new), record(2, None, new), record(3, old, None)) == []
    assert seen == [
        Change(old | {"lat": 40.5}, new | {"sizes": {1, 2.5}}),
        Change(None, seen[0].new),
        Change(seen[0].old, None),
    ]
    assert type(seen[0].new and seen[0].new["sequence"]) is int


def test_the_stream_goes_on_at_the_first_change_that_was_not_published() -> None:
    here = Here(Bus(fails=lambda _call, detail: detail["metadata"]["sequence"] == 2))
    assert here.handle(record(1), record(2), record(3)) == ["102"]
    assert here.bus.sequences == [[1], [2], [2]], "what comes after it waits, so that the order stays"
    assert here.failures.messages == []


def test_a_change_that_can_never_become_events_is_parked_and_the_rest_goes_on() -> None:
    here = Here()
    poison = record(2, None, {"pk": "ORDER#1", "sequence": 2, "broken": True})
    assert here.handle(record(1), poison, record(3)) == []
    assert here.bus.sequences == [[1], [3]]
    assert here.failures.reasons == ["KeyError: 'status'"]
    assert json.loads(here.failures.bodies[0]) == poison
    assert here.failures.messages[0]["MessageAttributes"]["source"]["StringValue"] == "orders-outbox"


def test_a_parked_row_is_not_quoted_in_the_reason() -> None:
    def decide_wrongly(_change: Change) -> list[Event[Any]]:
        return [event("order.placed.v1", dropoff={"lat": 1234.5, "lng": 0})]

    here = Here(decide=decide_wrongly)
    assert here.handle(record(1)) == []
    assert "dropoff.lat" in here.failures.reasons[0]
    assert "1234.5" not in here.failures.reasons[0]


@pytest.mark.parametrize("mistake", [OverflowError("date value out of range"), AttributeError("at"), RuntimeError()])
def test_a_mistake_is_parked_at_once_wherever_it_is(mistake: Exception) -> None:
    def mistaken(change: Change, _events: Sequence[Event[Any]] = ()) -> list[Event[Any]]:
        if change.new and change.new["sequence"] == 1:
            raise mistake
        return decide(change)

    for here in (Here(decide=mistaken), Here(after=mistaken)):
        assert here.handle(record(1), record(2)) == []
        assert [2] in here.bus.sequences
        assert here.failures.reasons == [f"{type(mistake).__name__}: {mistake}"]


@pytest.mark.parametrize(
    "busy",
    [
        ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem"),
        EndpointConnectionError(endpoint_url="https://sqs.example.invalid"),
    ],
)
def test_an_aws_service_that_cannot_now_is_tried_again(busy: Exception) -> None:
    def after(_change: Change, _events: Sequence[Event[Any]]) -> None:
        raise busy

    here = Here(after=after)
    assert here.handle(record(1), record(2)) == ["101"]
    assert here.failures.messages == []


def test_an_edge_that_fails_while_deciding_is_tried_again() -> None:
    def unreachable(_change: Change) -> list[Event[Any]]:
        raise ConnectionError("table not reachable")

    here = Here(decide=unreachable)
    assert here.handle(record(1), record(2)) == ["101"]
    assert here.failures.messages == []


def test_a_deletion_by_ttl_is_no_event() -> None:
    here = Here()
    expired = record(1, {"pk": "ORDER#1", "sequence": 1}, None)
    expired["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    assert here.handle(expired, record(2)) == []
    assert here.bus.sequences == [[2]]


@pytest.mark.parametrize(("age", "parked"), [(299, False), (301, True)])
def test_a_change_that_fails_for_too_long_is_parked_and_no_longer_blocks(age: float, parked: bool) -> None:
    here = Here(Bus(fails=lambda _call, detail: detail["metadata"]["sequence"] == 1), give_up_after=300)
    assert here.handle(record(1, age=age), record(2)) == ([] if parked else ["101"])
    assert ([2] in here.bus.sequences) is parked
    assert len(here.failures.messages) == (1 if parked else 0)
    if parked:
        assert "gave up after 301 s: PublishError" in here.failures.reasons[0]


def test_what_follows_an_event_runs_after_it_was_published_and_fails_with_it() -> None:
    order: list[str] = []

    def published(_call: int, _detail: dict[str, Any]) -> bool:
        order.append("published")
        return False

    def after(_change: Change, events: Sequence[Event[Any]]) -> None:
        order.append(f"after {events[0].data.status}")
        raise ConnectionError("queue not reachable")

    here = Here(Bus(fails=published), after=after)
    assert here.handle(record(1), record(2)) == ["101"]
    assert order == ["published", f"after {OrderStatus.CONFIRMED}"]


def test_nothing_follows_an_event_that_was_not_published() -> None:
    called: list[Change] = []
    here = Here(Bus(fails=lambda _call, _detail: True), after=lambda change, _events: called.append(change))
    assert here.handle(record(1)) == ["101"]
    assert called == []


def test_whole_numbers_are_ints_and_others_floats() -> None:
    assert plain({"a": Decimal("2"), "b": [Decimal("2.5")], "c": "2"}) == {"a": 2, "b": [2.5], "c": "2"}
    assert type(plain(Decimal("2"))) is int
