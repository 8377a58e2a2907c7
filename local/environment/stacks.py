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
    def unstarted(self) -> bool:
        """Announced by a change set that was not executed: there is nothing in it."""
        return self.status == "REVIEW_IN_PROGRESS"

    @property
    def changing(self) -> bool:
        """In the middle of a change; after a crash this stays so."""
        return self.status.endswith("_IN_PROGRESS") and not self.unstarted

    @property
    def stuck(self) -> bool:
        """In the middle of a change, or where CloudFormation changes nothing more."""
        return self.changing or self.status.endswith(("_ROLLBACK_FAILED", "DELETE_FAILED"))


def list_stacks(cloudformation: Any) -> list[Stack]:
    """The platform's stacks and the CDK's own, by name."""
    pages = cloudformation.get_paginator("describe_stacks").paginate()
    found = [Stack(stack["StackName"], stack["StackStatus"]) for page in pages for stack in page["Stacks"]]
    return sorted(
        (stack for stack in found if stack.name.startswith(PREFIX) or stack.name == BOOTSTRAP), key=lambda s: s.name
    )
