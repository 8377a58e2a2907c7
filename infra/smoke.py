"""Looks at what was just deployed: `python -m infra.smoke orders`, or several of the stacks by their short names.

A deployment that CloudFormation calls complete may still not work: a function that cannot start, a queue that nobody
reads. This asks AWS, and sends nothing, so it can be run against any stage at any time. Exits with 1 and a line for
each finding.
"""

import argparse
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import names

_COMPLETE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_CHOICES = ("platform", "api")


def findings(stack: str, *, cloudformation: Any, functions: Any, sqs: Any) -> Iterator[str]:
    """What is wrong with a stack, one readable line each. `stack` is such as "delivery-orders"."""
    try:
        [found] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        yield f"{stack} is not there: {error.response['Error']['Message']}"
        return
    if found["StackStatus"] not in _COMPLETE:
        yield f"{stack} is {found['StackStatus']}"
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
    for resource in resources:
        name = resource["PhysicalResourceId"]
        match resource["ResourceType"]:
            case "AWS::Lambda::Function":
                yield from _function(functions.get_function_configuration(FunctionName=name))
            case "AWS::Lambda::EventSourceMapping":
                yield from _source(functions.get_event_source_mapping(UUID=name))
            case "AWS::SQS::Queue" if names.FAILURES in name:
                yield from _failures(sqs, name)


def _function(found: Any) -> Iterator[str]:
    if found.get("State", "Active") not in ("Active", "Inactive"):  # it sleeps when it was not called for weeks
        yield f"{found['FunctionName']} is {found['State']}: {found.get('StateReason')}"
    if found.get("LastUpdateStatus", "Successful") == "Failed":
        yield f"{found['FunctionName']} was not updated: {found.get('LastUpdateStatusReason')}"


def _source(found: Any) -> Iterator[str]:
    if found["State"] not in ("Enabled", "Creating", "Updating", "Enabling"):
        yield f"{found['FunctionArn']} does not read {found.get('EventSourceArn')}: it is {found['State']}"


def _failures(sqs: Any, url: str) -> Iterator[str]:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    waiting = int(answer["Attributes"]["ApproximateNumberOfMessages"])
    if waiting:
        yield f"{waiting} messages wait in {url.rpartition('/')[2]}: see `delivery failures list --aws`"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m infra.smoke", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stack", nargs="+", help=f"a service, or {' or '.join(_CHOICES)}")
    stacks = parser.parse_args().stack
    clients = {
        "cloudformation": boto3.client("cloudformation"),
        "functions": boto3.client("lambda"),
        "sqs": boto3.client("sqs"),
    }
    try:
        found = [line for each in stacks for line in findings(names.of(each), **clients)]
    except (BotoCoreError, ClientError) as error:
        parser.exit(1, f"{parser.prog}: {error}\nIt needs credentials and a region: AWS_PROFILE, AWS_REGION.\n")
    if found:
        parser.exit(1, "\n".join(found) + "\n")


if __name__ == "__main__":
    main()
