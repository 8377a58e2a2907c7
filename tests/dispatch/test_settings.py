"""What handlers need is said by name when it is missing."""

from typing import Any

import pytest

from services.dispatch.settings import InboxSettings, OutboxSettings, QueueSettings, SweepSettings, plan_settings

ENVIRONMENT = {
    "TABLE_NAME": "delivery-dispatch",
    "BUS_NAME": "delivery",
    "FAILURE_QUEUE_URL": "https://failures",
    "GIVE_UP_AFTER": "300",
    "ROUNDS_QUEUE_URL": "https://rounds",
    "ROUND_WINDOW_SECONDS": "10",
    "TIMERS_QUEUE_URL": "https://timers",
    "OFFER_SECONDS": "45",
    "SEARCH_SECONDS": "1800",
    "SPEED_MPS": "5",
    "API_URL": "https://api/graphql",
}
QUEUES = {"TABLE_NAME", "FAILURE_QUEUE_URL", "ROUNDS_QUEUE_URL", "ROUND_WINDOW_SECONDS", "TIMERS_QUEUE_URL"}


@pytest.mark.parametrize(
    ("read", "needs"),
    [
        (InboxSettings.from_env, {"TABLE_NAME", "FAILURE_QUEUE_URL"}),
        (OutboxSettings.from_env, QUEUES | {"BUS_NAME", "GIVE_UP_AFTER", "API_URL"}),
        (QueueSettings.from_env, QUEUES),
        (SweepSettings.from_env, {"TABLE_NAME", "ROUNDS_QUEUE_URL", "ROUND_WINDOW_SECONDS"}),
        (plan_settings, {"OFFER_SECONDS", "SEARCH_SECONDS", "SPEED_MPS"}),
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


def test_rounds_need_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (ENVIRONMENT | {"ROUND_WINDOW_SECONDS": "0"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match="ROUND_WINDOW_SECONDS is 0; right is more than 0"):
        SweepSettings.from_env()
