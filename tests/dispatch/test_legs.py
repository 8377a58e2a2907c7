"""How long ways take, learnt from what they took; and how willing drivers are."""

import random
from math import sqrt

import pytest

from services.dispatch import acceptance
from services.dispatch.legs import FEWEST, MEMORY, Legs


def driven(count: int, *, handling: float, pace: float, off: float = 0.0, known: Legs | None = None) -> Legs:
    """After so many legs of 300 to 4000 metres, off by up to so many seconds."""
    dice, legs = random.Random(1), known or Legs()  # noqa: S311 - the same legs in every run
    for _ in range(count):
        metres = dice.uniform(300, 4000)
        legs = legs.after(metres, handling + pace * metres + dice.uniform(-off, off))
    return legs


def test_pace_and_handling_are_told_apart() -> None:
    legs = driven(100, handling=240, pace=0.2)
    assert [legs.pace, legs.handling, legs.spread] == pytest.approx([0.2, 240, 0], abs=0.01)


def test_how_far_off_a_leg_is_is_known_too() -> None:
    legs = driven(2000, handling=240, pace=0.2, off=60)
    assert legs.pace == pytest.approx(0.2, rel=0.1)
    assert legs.spread == pytest.approx(60 / sqrt(3), rel=0.2)


def test_old_legs_fade() -> None:
    slower = driven(5 * MEMORY, handling=240, pace=0.3, known=driven(1000, handling=100, pace=0.2))
    assert [slower.pace, slower.handling] == pytest.approx([0.3, 240], rel=0.02)


@pytest.mark.parametrize(
    "legs",
    [
        Legs(),
        driven(FEWEST - 1, handling=240, pace=0.2),
        driven(50, handling=2000, pace=-0.2),
        driven(50, handling=-300, pace=0.3),
        Legs().after(1000, 300).after(1000, 300),
    ],
    ids=["none", "few", "the longer the sooner", "less than no time", "all alike"],
)
def test_nothing_is_concluded_from_few_or_absurd_legs(legs: Legs) -> None:
    assert not legs.known


def test_enough_legs_are_known() -> None:
    assert driven(FEWEST, handling=240, pace=0.2, off=30).known


def test_who_always_declines_is_hardly_taken_to_accept_and_can_make_up_for_it() -> None:
    rate = 1.0
    for _ in range(60):
        rate = acceptance.after(rate, False)
    assert rate < 0.05
    for _ in range(60):
        rate = acceptance.after(rate, True)
    assert rate > 0.95
