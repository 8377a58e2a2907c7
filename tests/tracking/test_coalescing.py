"""At most one push a second for each order, always the latest, none older than the one before."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from delivery_events.push import Push
from hypothesis import given
from hypothesis import strategies as st

from services.tracking import coalescing
from services.tracking.coalescing import APART, Latest
from services.tracking.pushes import MOVEMENT, SHARED

BEGAN = datetime(2026, 1, 5, 18, 30, tzinfo=UTC)
RESOLVER = Path(coalescing.__file__).parent / "resolvers" / "Mutation.reportLocations.js"


@dataclass
class Recorded:
    """A push that takes `takes` seconds, with a clock that only it and sleeping move."""

    now: float = 100.0
    takes: float = 0.0
    slept: float = 0.0
    made: list[tuple[float, str, int]] = field(default_factory=list)

    def push(self, pushes: Sequence[Push]) -> None:
        self.now += self.takes
        self.made += [(self.now, each.input["orderId"], each.input["sequence"]) for each in pushes]

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds


def moment(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def copy_of(recorded: Recorded) -> Latest:
    """One copy of the function, which knows nothing of the others."""
    return Latest(recorded.push, now=lambda: moment(recorded.now), sleep=recorded.sleep)


def movement(order_id: str, sequence: int) -> Push:
    return Push(MOVEMENT, {"orderId": order_id, "sequence": sequence})


def test_of_a_batch_the_last_position_of_each_order_is_pushed() -> None:
    recorded = Recorded()
    positions = copy_of(recorded)
    for order_id, sequence in (("a", 1), ("b", 1), ("a", 2), ("a", 3)):
        positions.add(movement(order_id, sequence), moment(100))
    positions.flush()
    assert recorded.made == [(100.0, "a", 3), (100.0, "b", 1)]
    assert recorded.slept == 0


def test_after_what_is_pushed_late_the_batch_takes_a_second_longer() -> None:
    recorded = Recorded(now=100.7)
    positions = copy_of(recorded)
    positions.add(movement("a", 1), moment(100))
    positions.flush()
    assert recorded.made == [(100.7, "a", 1)]
    assert recorded.slept == 1
    positions.flush()
    assert recorded.slept == 1


def test_a_link_is_pushed_beside_its_order_not_instead_of_it() -> None:
    recorded = Recorded()
    positions = copy_of(recorded)
    positions.add(movement("a", 1), moment(100))
    positions.add(Push(SHARED, {"orderId": "a", "sequence": 1}), moment(100))
    positions.flush()
    assert len(recorded.made) == 2


def test_the_resolver_keeps_reports_as_far_apart_as_is_counted_on() -> None:
    assert f"APART_MS = {APART // timedelta(milliseconds=1)};" in RESOLVER.read_text()


@given(
    pauses=st.lists(st.floats(1.5, 4), min_size=1, max_size=30),
    delays=st.lists(st.floats(0, 3), min_size=1),
    takes=st.floats(0, 0.8),
    seed=st.integers(0, 1000),
)
def test_never_two_within_a_second_never_an_older_one_and_the_last_one_always(
    pauses: list[float], delays: list[float], takes: float, seed: int
) -> None:
    """Whichever copy of the function gets a batch: a driver's batches come one after the other, as late as may be."""
    dice, recorded = random.Random(seed), Recorded(takes=takes)  # noqa: S311 - repeatable
    copies = [copy_of(recorded), copy_of(recorded)]
    reports: list[tuple[float, int]] = []
    for sequence, pause in enumerate(pauses):
        reports.append(((reports[-1][0] if reports else recorded.now) + pause, sequence))
    waiting = list(reports)
    while waiting:
        recorded.now = max(recorded.now, waiting[0][0]) + dice.choice(delays)
        batch = [report for report in waiting if report[0] <= recorded.now]
        waiting = waiting[len(batch) :]
        positions = dice.choice(copies)
        for reported, sequence in batch:
            positions.add(movement("a", sequence), moment(reported))
        positions.flush()
    sequences = [sequence for _, _, sequence in recorded.made]
    assert sequences == sorted(set(sequences))
    assert sequences[-1] == reports[-1][1]
    assert all(later - earlier >= 1 - 1e-3 for (earlier, *_), (later, *_) in pairwise(recorded.made))
