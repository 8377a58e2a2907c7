"""Stacks in the middle of a change: those that something still works on, and those that a crash left so."""

import time
from collections.abc import Callable
from typing import Any

from local.environment import stacks
from local.environment.stacks import Stack

_POLL_SECONDS = 0.5
_DELETION = {"Delay": 1, "MaxAttempts": 30}


def after(cloudformation: Any, patience_s: float, say: Callable[[str], None]) -> list[Stack]:
    """The stacks that are stuck, once no stack changes any more or `patience_s` seconds have passed.

    The cloud goes on with a change whose `delivery up` was interrupted.
    """
    deadline = time.monotonic() + patience_s
    there = stacks.list_stacks(cloudformation)
    if patience_s and any(stack.changing for stack in there):
        say("Waiting for the end of an earlier deployment")
    while any(stack.changing for stack in there) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        there = stacks.list_stacks(cloudformation)
    return [stack for stack in there if stack.stuck]


def delete_unstarted(cloudformation: Any) -> None:
    """Deletes stacks that hold nothing yet: a deployment was cut off after it had announced what it would create."""
    for stack in stacks.list_stacks(cloudformation):
        if stack.unstarted:
            cloudformation.delete_stack(StackName=stack.name)
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack.name, WaiterConfig=_DELETION)
