"""Findings of the security checks (cdk-nag's AwsSolutions) that are meant to be so, each with its reason.

The checks run in tests/infra/. An acknowledgment stands where the resource is made, and covers what is inside it.
"""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(scope: IConstruct, finding: str, reason: str) -> None:
    """`finding` is the rule without the pack's name, such as "SQS3", or "IAM5[Resource::*]" for one of its findings."""
    Validations.of(scope).acknowledge(Acknowledgment(id=f"AwsSolutions::AwsSolutions-{finding}", reason=reason))
