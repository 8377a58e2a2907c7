"""A CloudFormation that tells what a test wants, in answers that have the real ones' shape."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.stub import Stubber


def cloudformation(*answers: dict[str, str]) -> Any:
    """A client whose answers to DescribeStacks are these, one after the other: stacks' states by their names."""
    client = boto3.client("cloudformation", region_name="us-east-1")
    stubber = Stubber(client)
    for states in answers:
        stubber.add_response("describe_stacks", {"Stacks": _stacks(states)})
    stubber.activate()
    return client


def _stacks(states: dict[str, str]) -> Sequence[dict[str, Any]]:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    return [{"StackName": name, "StackStatus": state, "CreationTime": made} for name, state in states.items()]
