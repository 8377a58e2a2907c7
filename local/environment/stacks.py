"""What CloudFormation says about the platform's stacks."""

from dataclasses import dataclass
from typing import Any

PREFIX = "delivery-"
BOOTSTRAP = "CDKToolkit"


@dataclass(frozen=True)
class Stack:
    name: str
    status: str

    @property
    def complete(self) -> bool:
        """Deployed as it was last asked for."""
        return self.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"}

    @property
    def stuck(self) -> bool:
        """In the middle of a change, or where CloudFormation changes nothing more: after a crash this stays so."""
        return self.status.endswith(("_IN_PROGRESS", "_ROLLBACK_FAILED", "DELETE_FAILED"))


def list_stacks(cloudformation: Any) -> list[Stack]:
    """The platform's stacks and the CDK's own, by name."""
    pages = cloudformation.get_paginator("describe_stacks").paginate()
    found = [Stack(stack["StackName"], stack["StackStatus"]) for page in pages for stack in page["Stacks"]]
    return sorted(
        (stack for stack in found if stack.name.startswith(PREFIX) or stack.name == BOOTSTRAP), key=lambda s: s.name
    )
