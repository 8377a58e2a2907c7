"""The smoke check finds what CloudFormation does not."""

from typing import Any

from botocore.exceptions import ClientError

from infra.smoke import findings

RESOURCES = [
    ("AWS::Lambda::Function", "delivery-orders-inbox"),
    ("AWS::Lambda::EventSourceMapping", "mapping-1"),
    ("AWS::SQS::Queue", "https://queue/delivery-orders-inbox"),
    ("AWS::SQS::Queue", "https://queue/delivery-orders-inbox-failures"),
]


class Aws:
    """CloudFormation, Lambda and SQS of one stack."""

    def __init__(self, *, status: str = "UPDATE_COMPLETE", failures: int = 0, source: str = "Enabled", **function: str):
        self._status = status
        self._failures = failures
        self._source = source
        self._function = {"FunctionName": "delivery-orders-inbox", "State": "Active"} | function

    def describe_stacks(self, *, StackName: str) -> Any:  # noqa: N803 - boto3's names, here and below
        if self._status == "ABSENT":
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "it does not exist"}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": self._status}]}

    def get_paginator(self, _operation: str) -> "Aws":
        return self

    def paginate(self, *, StackName: str) -> Any:  # noqa: N803
        return [{"StackResourceSummaries": [{"ResourceType": t, "PhysicalResourceId": i}]} for t, i in RESOURCES]

    def get_function_configuration(self, *, FunctionName: str) -> Any:  # noqa: N803
        return self._function

    def get_event_source_mapping(self, *, UUID: str) -> Any:  # noqa: N803
        return {"FunctionArn": "inbox", "EventSourceArn": "queue", "State": self._source}

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> Any:  # noqa: N803
        assert QueueUrl.endswith("-failures")
        return {"Attributes": {"ApproximateNumberOfMessages": str(self._failures)}}


def look(aws: Aws) -> list[str]:
    return list(findings("delivery-orders", cloudformation=aws, functions=aws, sqs=aws))


def test_a_stack_that_works_has_no_findings() -> None:
    assert look(Aws()) == []


def test_each_thing_that_may_be_wrong_is_one_line() -> None:
    assert look(Aws(status="ABSENT")) == ["delivery-orders is not there: it does not exist"]
    assert look(Aws(status="UPDATE_ROLLBACK_COMPLETE")) == ["delivery-orders is UPDATE_ROLLBACK_COMPLETE"]
    assert look(Aws(State="Failed", StateReason="no role")) == ["delivery-orders-inbox is Failed: no role"]
    assert look(Aws(LastUpdateStatus="Failed", LastUpdateStatusReason="too large")) == [
        "delivery-orders-inbox was not updated: too large"
    ]
    assert look(Aws(source="Disabled")) == ["inbox does not read queue: it is Disabled"]
    [line] = look(Aws(failures=3))
    assert line.startswith("3 messages wait in delivery-orders-inbox-failures")
