"""How long a run waits for the platform to come to rest, and what it takes for stuck."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, cycle, repeat

from local.simulator.evidence import Records
from local.simulator.report import Report
from local.simulator.settling import settled, stuck
from tests.local.simulator.test_report import GOOD, RUN

INBOX, ROUNDS = "delivery-orders-inbox", "delivery-dispatch-rounds.fifo"


class Platform:
    """Shows one state after another, and knows how long it was watched, in wall seconds."""

    def __init__(self, states: Iterator[Records]) -> None:
        self.seconds = 0.0
        self._states = states

    def report(self) -> Report:
        return settled(RUN, lambda: next(self._states), monotonic=lambda: self.seconds, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.seconds += seconds


def holding(**queues: int) -> Records:
    return replace(GOOD, unhandled={INBOX: queues.get("inbox", 0), ROUNDS: queues.get("rounds", 0)})


def test_a_platform_at_rest_is_not_waited_for() -> None:
    platform = Platform(iter([holding()]))
    assert platform.report().problems() == []
    assert platform.seconds == 0


def test_what_is_on_its_way_is_waited_for() -> None:
    unsent = replace(holding(), messages=["m0", "m1"])
    platform = Platform(iter([holding(inbox=3), unsent, holding()]))
    assert platform.report().problems() == []


def test_a_message_that_its_consumer_fails_on_is_left_over() -> None:
    platform = Platform(repeat(holding(inbox=1)))
    report = platform.report()
    assert (report.messages_unhandled, report.unhandled_queues) == (1, {INBOX: 1})
    assert platform.seconds > 180, "it is tried a second time first"


def test_a_message_whose_second_try_succeeds_is_no_problem() -> None:
    platform = Platform(chain(repeat(holding(inbox=1), 92), repeat(holding())))
    assert platform.report().problems() == []
    assert platform.seconds == 184


def test_what_a_second_try_brings_about_is_waited_for() -> None:
    unsent = replace(holding(), messages=["m0", "m1"])
    platform = Platform(chain(repeat(holding(inbox=1), 92), repeat(unsent, 3), repeat(holding())))
    assert platform.report().problems() == []


def test_what_is_missing_is_given_up_sooner_when_nothing_is_under_way() -> None:
    platform = Platform(repeat(replace(holding(), messages=["m0", "m1"])))
    assert platform.report().alerts_missing == 1
    assert platform.seconds == 60


def test_sweeps_and_timers_that_come_and_go_are_not_stuck() -> None:
    platform = Platform(cycle([holding(rounds=1), holding(inbox=1)]))
    assert platform.report().messages_unhandled == 0
    assert platform.seconds == 60


def test_stuck_is_what_was_there_at_every_look() -> None:
    looks: list[Mapping[str, int]] = [{INBOX: 3, ROUNDS: 0}, {INBOX: 1, ROUNDS: 4}, {INBOX: 2, ROUNDS: 4}]
    assert stuck(looks) == {INBOX: 1, ROUNDS: 0}
