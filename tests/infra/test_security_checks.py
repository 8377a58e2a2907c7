"""AWS's own lists of what is wrong with a stack: cdk-nag's AwsSolutions and cfn-lint, over every stack."""

from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_sqs as sqs
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import ManualArgs, lint_by_config

from infra.acknowledged import acknowledge
from tests.infra.templates import Platform, synthesise

# With a template in which each is found. The CDK itself names a role in DependsOn beside the reference that already
# orders the two; and CloudFront writes its log by an access list, which the checks call a thing of the past.
NOT_OURS = {"W3005": "delivery-tracking", "W3045": "delivery-web"}


def cfn_lint(*templates: Path, ignored: tuple[str, ...] = tuple(NOT_OURS)) -> list[str]:
    arguments = ManualArgs(templates=[str(path) for path in templates], ignore_checks=list(ignored))
    return [str(found) for found in lint_by_config(arguments)]


def test_no_finding_of_the_security_checks_is_left_unexplained(prod: Platform, dev: Platform) -> None:
    """On every stage that runs on AWS; the local cloud speaks plain http, for one."""
    assert prod.findings == []
    assert dev.findings == []


def with_a_careless_queue(app: App, *acknowledged: str) -> None:
    queue = sqs.Queue(Stack(app, "careless"), "Queue", encryption=sqs.QueueEncryption.UNENCRYPTED)
    for finding in acknowledged:
        acknowledge(queue, finding, "a test")


def test_what_is_careless_is_found(tmp_path: Path) -> None:
    found = synthesise(tmp_path, check=AwsSolutionsChecks, add=with_a_careless_queue).findings
    assert "AwsSolutions-SQS3: careless/Queue/Resource" in found
    assert "AwsSolutions-SQS4: careless/Queue/Resource" in found


def test_what_is_acknowledged_is_not_found_again_and_the_rest_is(tmp_path: Path) -> None:
    found = synthesise(tmp_path, check=AwsSolutionsChecks, add=lambda app: with_a_careless_queue(app, "SQS3")).findings
    assert not [line for line in found if "SQS3" in line]
    assert "AwsSolutions-SQS4: careless/Queue/Resource" in found


def test_cloudformation_would_take_every_template(prod: Platform, local: Platform) -> None:
    paths = [path for platform in (prod, local) for path in platform.directory.glob("*.template.json")]
    assert len(paths) == 2 * len(prod.templates)
    assert cfn_lint(*paths) == []


def test_what_cloudformation_would_not_take_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.template.json"
    wrong.write_text('{"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeot": 30}}}}')
    [found] = cfn_lint(wrong)
    assert "VisibilityTimeot" in found


@pytest.mark.parametrize(("rule", "stack"), NOT_OURS.items())
def test_an_ignored_check_is_still_needed(prod: Platform, rule: str, stack: str) -> None:
    template = prod.directory / f"{stack}.template.json"
    assert any(rule in found for found in cfn_lint(template, ignored=()))
