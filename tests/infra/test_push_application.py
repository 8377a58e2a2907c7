"""The parameter by which the notifications stack finds the mobile apps."""

import argparse

import boto3
import pytest
from moto import mock_aws

from infra.push_application import application_arn, joined, store
from services.notifications.domain import Platform
from services.notifications.settings import applications

ARN = "arn:aws:sns:us-east-1:123456789012:app/GCM/delivery"
APPLE = ARN.replace("GCM", "APNS")
SANDBOX = ARN.replace("GCM", "APNS_SANDBOX")


@mock_aws
def test_a_first_deployment_reaches_no_app_and_a_later_one_changes_nothing() -> None:
    ssm = boto3.client("ssm")
    assert store(ssm, None) == "none"
    assert store(ssm, ARN) == ARN
    assert store(ssm, None) == ARN


@pytest.mark.parametrize("text", ["", "GCM", ARN.replace("/delivery", "/another"), ARN.replace(":sns:", ":sqs:")])
def test_what_is_no_platform_application_of_ours_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="platform application named `delivery`"):
        application_arn(text)


def test_an_application_or_none_is_taken() -> None:
    assert [application_arn(ARN), application_arn("none")] == [ARN, "none"]


@mock_aws
def test_android_and_apple_are_both_reached_by_what_is_stored() -> None:
    stored = store(boto3.client("ssm"), joined([ARN, APPLE]))
    assert applications(stored) == {Platform.FCM: ARN, Platform.APNS: APPLE}


def test_nothing_given_leaves_the_parameter_to_what_it_is() -> None:
    assert (joined([]), joined(["none"])) == (None, "none")


@pytest.mark.parametrize("arns", [["none", ARN], [APPLE, SANDBOX], [ARN, ARN]])
def test_what_cannot_be_told_apart_is_refused(arns: list[str]) -> None:
    with pytest.raises(ValueError, match="right is"):
        joined(arns)
