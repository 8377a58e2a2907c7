"""What a crash left is told from what still goes on, and from what does no harm."""

import pytest

from local.environment import stuck
from local.environment.stacks import Stack
from tests.local.environment.told import cloudformation

GOES_ON = {"delivery-events": "CREATE_COMPLETE", "delivery-orders": "CREATE_IN_PROGRESS"}
FINISHED = {"delivery-events": "CREATE_COMPLETE", "delivery-orders": "CREATE_COMPLETE"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stuck, "_POLL_SECONDS", 0.01)


def names(found: list[Stack]) -> list[str]:
    return [stack.name for stack in found]


def test_a_change_that_goes_on_is_waited_for() -> None:
    said: list[str] = []
    assert stuck.after(cloudformation(GOES_ON, GOES_ON, FINISHED), 30.0, said.append) == []
    assert len(said) == 1


def test_a_change_that_does_not_end_is_stuck() -> None:
    assert names(stuck.after(cloudformation(*[GOES_ON] * 50), 0.1, print)) == ["delivery-orders"]


def test_in_a_cloud_that_has_just_started_nothing_is_waited_for() -> None:
    assert names(stuck.after(cloudformation(GOES_ON), 0.0, print)) == ["delivery-orders"]


@pytest.mark.parametrize("state", ["UPDATE_ROLLBACK_FAILED", "DELETE_FAILED", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"])
def test_where_nothing_changes_any_more_is_stuck(state: str) -> None:
    assert names(stuck.after(cloudformation({"delivery-orders": state}), 0.0, print)) == ["delivery-orders"]


@pytest.mark.parametrize("state", ["CREATE_COMPLETE", "ROLLBACK_COMPLETE", "UPDATE_FAILED", "REVIEW_IN_PROGRESS"])
def test_what_the_cdk_can_go_on_from_is_not_stuck(state: str) -> None:
    assert stuck.after(cloudformation({"delivery-orders": state}), 30.0, print) == []


def test_stacks_of_others_do_not_matter() -> None:
    assert stuck.after(cloudformation({"somebody-else": "CREATE_IN_PROGRESS"}), 30.0, print) == []
