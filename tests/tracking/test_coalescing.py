"""At most one push a second for each order, always the latest, none older than the one before."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from delivery_events.push import Push
from hypothesis import given
from hypothesis import strategies as st

from services.tracking.coalescing import Latest
from services.tracking.pushes import MOVEMENT, SHARED


@dataclass
class Recorded:
    """A push, with a clock that only sleeping and `later` move."""

    now: float = 100.0
    slept: float = 0.0
    made: list[tuple[float, str, int]] = field(default_factory=list)

    def push(self, pushes: Any) -> None:
        self.made += [(self.now, each.input["orderId"], each.input["sequence"]) for each in pushes]

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds


def latest(recorded: Recorded) -> Latest:
    return Latest(recorded.push, clock=lambda: recorded.now, sleep=recorded.sleep)


def movement(order_id: str, sequence: int) -> Push:
    return Push(MOVEMENT, {"orderId": order_id, "sequence": sequence})


def test_of_a_batch_the_last_position_of_each_order_is_pushed() -> None:
    recorded = Recorded()
    positions = latest(recorded)
    for order_id, sequence in (("a", 1), ("b", 1), ("a", 2), ("a", 3)):
        positions.add(movement(order_id, sequence))
    positions.flush()
    assert recorded.made == [(100.0, "a", 3), (100.0, "b", 1)]
    assert recorded.slept == 0


def test_what_comes_too_soon_waits_for_its_second_and_the_others_do_not() -> None:
    recorded = Recorded()
    positions = latest(recorded)
    positions.add(movement("a", 1))
    positions.flush()
    recorded.now += 0.25
    positions.add(movement("a", 2))
    positions.add(movement("b", 1))
    positions.flush()
    assert recorded.made == [(100.0, "a", 1), (100.25, "b", 1), (101.0, "a", 2)]


def test_a_link_is_pushed_beside_its_order_not_instead_of_it() -> None:
    recorded = Recorded()
    positions = latest(recorded)
    positions.add(movement("a", 1))
    positions.add(Push(SHARED, {"orderId": "a", "sequence": 1}))
    positions.flush()
    assert len(recorded.made) == 2


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 2), st.booleans()), max_size=30))
def test_never_two_within_a_second_never_an_older_one_and_the_last_one_always(
    steps: list[tuple[str, float, bool]],
) -> None:
    recorded, sequences = Recorded(), {"a": 0, "b": 0}
    positions = latest(recorded)
    for order_id, pause, ends_batch in steps:
        sequences[order_id] += 1
        positions.add(movement(order_id, sequences[order_id]))
        recorded.now += pause
        if ends_batch:
            positions.flush()
    positions.flush()
    for order_id, last in sequences.items():
        made = [(when, sequence) for when, of, sequence in recorded.made if of == order_id]
        assert [sequence for _, sequence in made] == sorted({sequence for _, sequence in made})
        assert all(later - earlier >= 1 - 1e-6 for (earlier, _), (later, _) in pairwise(made))
        assert (made[-1][1] if made else 0) == last
