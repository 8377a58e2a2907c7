"""What handlers need is said by name when it is missing."""

from dataclasses import replace
from typing import Any

import pytest

from services.dispatch.planner.model import Settings
from services.dispatch.settings import InboxSettings, OutboxSettings, QueueSettings, RoundSettings, SweepSettings
from services.dispatch.stack import WEIGHED

ROUND = {
    "TIME_SCALE", "SPEED_MPS", "OFFER_SECONDS", "ANSWER_WITHIN_SECONDS", "ROUND_EVERY_SECONDS", "PLAN_WITHIN_SECONDS",
    "FOUND_WITHIN_SECONDS", "CHOICE_SECONDS", "PAY_CURRENCY", "PAY_BASE", "PAY_PER_KM",
    "PAY_PER_STOP", "PLANNER_STEEPNESS", "PLANNER_METRE", "PLANNER_FAIRNESS", "PLANNER_REFUSAL", "PLANNER_RESERVE",
}  # fmt: skip
ENVIRONMENT = {
    "TABLE_NAME": "delivery-dispatch",
    "BUS_NAME": "delivery",
    "FAILURE_QUEUE_URL": "https://failures",
    "GIVE_UP_AFTER": "300",
    "ROUNDS_QUEUE_URL": "https://rounds",
    "ROUND_WINDOW_SECONDS": "10",
    "TIMERS_QUEUE_URL": "https://timers",
    **dict.fromkeys(ROUND, "5"),
    "API_URL": "https://api/graphql",
}
QUEUES = {"TABLE_NAME", "FAILURE_QUEUE_URL", "ROUNDS_QUEUE_URL", "ROUND_WINDOW_SECONDS", "TIMERS_QUEUE_URL"}


@pytest.mark.parametrize(
    ("read", "needs"),
    [
        (InboxSettings.from_env, {"TABLE_NAME", "FAILURE_QUEUE_URL"}),
        (OutboxSettings.from_env, QUEUES | {"BUS_NAME", "GIVE_UP_AFTER", "API_URL", "TIME_SCALE"}),
        (QueueSettings.from_env, QUEUES),
        (SweepSettings.from_env, {"TABLE_NAME", "ROUNDS_QUEUE_URL", "ROUND_WINDOW_SECONDS"}),
        (RoundSettings.from_env, ROUND),
    ],
)
def test_a_variable_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, read: Any, needs: set[str]) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for name in needs:
        monkeypatch.setenv(name, ENVIRONMENT[name])
    assert read()
    for name in needs:
        monkeypatch.delenv(name)
        with pytest.raises(KeyError, match=name):
            read()
        monkeypatch.setenv(name, ENVIRONMENT[name])


def test_plans_weigh_what_is_set_and_else_what_did_best(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (ENVIRONMENT | WEIGHED).items():
        monkeypatch.setenv(name, value)
    usual = replace(Settings(), round_every=5, answer_within=5)
    assert RoundSettings.from_env().planner == usual
    monkeypatch.setenv("PLANNER_FAIRNESS", "30")
    assert RoundSettings.from_env().planner == replace(usual, fairness=30)


def test_rounds_need_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (ENVIRONMENT | {"ROUND_WINDOW_SECONDS": "0"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match="ROUND_WINDOW_SECONDS is 0; right is more than 0"):
        SweepSettings.from_env()
