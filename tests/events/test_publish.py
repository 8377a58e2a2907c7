import json

import pytest
from delivery_events.publish import MAX_BYTES, Publisher, PublishError

from tests.events.fakes import Bus
from tests.events.samples import event


def publisher(bus: Bus, *, attempts: int = 4, sleeps: list[float] | None = None) -> Publisher:
    slept = [] if sleeps is None else sleeps
    return Publisher(bus.client, bus="delivery", source="delivery.orders", attempts=attempts, sleep=slept.append)


def test_an_entry_says_where_from_what_and_when() -> None:
    bus = Bus()
    sent = event("order.placed.v1")
    publisher(bus).publish([sent])
    [[entry]] = bus.calls
    assert entry["EventBusName"] == "delivery"
    assert entry["Source"] == "delivery.orders"
    assert entry["DetailType"] == "order.placed.v1"
    assert entry["Time"] == "2026-01-05T18:30:00.000Z"
    detail = json.loads(entry["Detail"])
    assert detail["metadata"]["event_id"] == str(sent.metadata.event_id)
    assert "note" not in detail["data"]
    assert None not in detail["data"].values(), "what is absent is absent, never null"


def test_nothing_to_publish_calls_nothing() -> None:
    bus = Bus()
    publisher(bus).publish([])
    assert bus.calls == []


def test_batches_hold_at_most_ten_and_keep_the_order() -> None:
    bus = Bus()
    publisher(bus).publish([event("order.placed.v1", sequence=n) for n in range(1, 24)])
    assert bus.sequences == [list(range(1, 11)), list(range(11, 21)), list(range(21, 24))]


def test_batches_stay_below_the_size_limit_in_bytes_not_characters() -> None:
    bus = Bus()
    big = "é" * (MAX_BYTES // 5)  # two bytes each: two such events fit, three do not
    publisher(bus).publish([event("order.placed.v1", sequence=n, merchant_id=big) for n in range(1, 6)])
    assert bus.sequences == [[1, 2], [3, 4], [5]]
    assert all(sum(len(e["Detail"].encode()) for e in call) <= MAX_BYTES for call in bus.calls)


def test_only_failed_entries_are_sent_again() -> None:
    bus = Bus(fails=lambda call, detail: call == 0 and detail["metadata"]["sequence"] in (2, 4))
    publisher(bus).publish([event("order.placed.v1", sequence=n) for n in range(1, 6)])
    assert bus.sequences == [[1, 2, 3, 4, 5], [2, 4]]


def test_what_cannot_be_published_is_raised_with_the_reason_after_all_else_went_out() -> None:
    events = [event("order.placed.v1", sequence=n) for n in range(1, 13)]
    sleeps: list[float] = []
    bus = Bus(fails=lambda _call, detail: detail["metadata"]["sequence"] == 3)
    with pytest.raises(PublishError, match="1 events not published") as error:
        publisher(bus, attempts=3, sleeps=sleeps).publish(events)
    assert error.value.unpublished == {str(events[2].metadata.event_id): "ThrottlingException: slow down"}
    assert bus.sequences == [list(range(1, 11)), [3], [3], [11, 12]]
    assert len(sleeps) == 2
    assert all(0 <= slept <= 0.1 * 2**n for n, slept in enumerate(sleeps, start=1))


def test_a_repeated_publish_is_the_same_event() -> None:
    bus = Bus()
    for _ in range(2):
        publisher(bus).publish([event("order.placed.v1")])
    assert bus.calls[0] == bus.calls[1]


def test_another_services_event_is_refused_before_anything_goes_out() -> None:
    bus = Bus()
    with pytest.raises(ValueError, match=r"delivery\.assigned\.v1 belongs to delivery\.dispatch"):
        publisher(bus).publish([event("order.placed.v1"), event("delivery.assigned.v1")])
    assert bus.calls == []
