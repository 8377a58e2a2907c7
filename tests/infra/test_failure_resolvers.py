"""What the failure queues' resolvers ask of Amazon SQS, and what they make of its answers."""

import json
from functools import cache
from typing import Any

import pytest

from infra.graphql_schema import base_resolver_files
from infra.resolver_bundles import bundle
from local.appsync.evaluate import evaluate
from local.appsync.javascript import Evaluation

ENV = {
    "QUEUE_URLS": "https://sqs.eu-west-1.amazonaws.com/111122223333/",
    "QUEUE_ARNS": "arn:aws:sqs:eu-west-1:111122223333:",
}
INBOX = "delivery-orders-inbox-failures"
RESOLVERS = ("Query.failureQueues", "FailureQueue.messages", "Mutation.redriveFailures")


@cache
def bundled() -> dict[str, str]:
    return {path.stem: code for path, code in bundle([path for *_, path in base_resolver_files()]).items()}


def requested(resolver: str, **context: Any) -> Evaluation:
    return evaluate(bundled()[resolver], "request", {"env": ENV, **context})


def asked(resolver: str, **context: Any) -> tuple[str, Any]:
    """Action and input of the request."""
    found = requested(resolver, **context).value
    headers = found["params"]["headers"]
    assert (found["method"], found["resourcePath"]) == ("POST", "/")
    assert headers["content-type"] == "application/x-amz-json-1.0"
    return headers["x-amz-target"], found["params"]["body"]


def answered(resolver: str, content: Any, status: int = 200, **context: Any) -> Evaluation:
    result = {"statusCode": status, "headers": {}, "body": content if isinstance(content, str) else json.dumps(content)}
    return evaluate(bundled()[resolver], "response", {"env": ENV, "result": result, **context})


def refusing(code: str, message: str = "") -> tuple[dict[str, str], int]:
    return {"__type": f"com.amazonaws.sqs#{code}", "message": message}, 400


def test_queues_are_listed_by_name() -> None:
    assert asked("Query.failureQueues") == (
        "AmazonSQS.ListQueues",
        {"QueueNamePrefix": "delivery-", "MaxResults": 1000},
    )
    names = (
        "delivery-tracking-outbox-failures",
        INBOX,
        "delivery-orders-inbox",
        "delivery-dispatch-rounds-failures.fifo",
    )
    listed = answered("Query.failureQueues", {"QueueUrls": [ENV["QUEUE_URLS"] + name for name in names]}).value
    assert listed == [
        {"name": "delivery-dispatch-rounds-failures.fifo", "redrivable": False},
        {"name": INBOX, "redrivable": True},
        {"name": "delivery-tracking-outbox-failures", "redrivable": False},
    ]
    assert answered("Query.failureQueues", {}).value == []


def test_messages_are_counted() -> None:
    source = {"name": INBOX}
    action, body = asked("FailureQueue.messages", source=source)
    assert (action, body["QueueUrl"]) == ("AmazonSQS.GetQueueAttributes", ENV["QUEUE_URLS"] + INBOX)
    counted = {"Attributes": {"ApproximateNumberOfMessages": "3"}}
    assert answered("FailureQueue.messages", counted, source=source).value == 3


def test_a_queue_that_was_deleted_holds_nothing() -> None:
    content, status = refusing("QueueDoesNotExist")
    assert answered("FailureQueue.messages", content, status, source={"name": INBOX}).value == 0


def test_a_redrive_says_where_to() -> None:
    """SQS itself does not know where a message came from that a consumer, a rule or a topic put there."""
    assert asked("Mutation.redriveFailures", arguments={"queue": INBOX}) == (
        "AmazonSQS.StartMessageMoveTask",
        {"SourceArn": ENV["QUEUE_ARNS"] + INBOX, "DestinationArn": ENV["QUEUE_ARNS"] + "delivery-orders-inbox"},
    )
    done = answered("Mutation.redriveFailures", {"TaskHandle": "x"}, arguments={"queue": INBOX})
    assert done.value == {"name": INBOX, "redrivable": True}


@pytest.mark.parametrize(
    "refusal",
    [
        refusing("UnsupportedOperation"),
        refusing("InvalidParameterValue", "There is already a task running. Only one active task is allowed."),
        refusing("InvalidParameterValueException", "There is already a task running. Only one active task is allowed."),
    ],
    ids=["as documented", "as seen", "as seen, in another protocol"],
)
def test_a_redrive_that_is_going_on_is_no_error(refusal: tuple[Any, int]) -> None:
    found = answered("Mutation.redriveFailures", *refusal, arguments={"queue": INBOX})
    assert found.value == {"name": INBOX, "redrivable": True}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("delivery-orders-inbox", "allowed is the name of a failure queue"),
        ("another-failures", "allowed is the name of a failure queue"),
        ("delivery-x:y-failures", "allowed is the name of a failure queue"),
        (f"delivery-{'x' * 100}-failures", "allowed is the name of a failure queue"),
        ("", "allowed is the name of a failure queue"),
        ("delivery-orders-outbox-failures", "delivery failures redrive delivery-orders-outbox-failures"),
        ("delivery-dispatch-sweep-schedule-failures", "delivery failures redrive"),
        ("delivery-event-log-failures", "delivery failures redrive"),
        ("delivery-dispatch-rounds-failures.fifo", "delivery failures redrive"),
    ],
)
def test_what_is_not_redrivable_is_invalid(name: str, told: str) -> None:
    thrown = requested("Mutation.redriveFailures", arguments={"queue": name}).thrown
    assert thrown
    assert (thrown.error_type, told in thrown.message) == ("Invalid", True)


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "InvalidParameterValue"])
def test_a_failure_queue_that_is_not_there_is_invalid(code: str) -> None:
    thrown = answered("Mutation.redriveFailures", *refusing(code), arguments={"queue": INBOX}).thrown
    assert thrown
    assert thrown.error_type == "Invalid"


@pytest.mark.parametrize("resolver", RESOLVERS)
def test_any_other_failure_is_internal_and_tells_nothing(resolver: str) -> None:
    secret = "arn:aws:sts::111122223333:assumed-role/secret"
    context: dict[str, Any] = {"arguments": {"queue": INBOX}, "source": {"name": INBOX}}
    unanswered = {"result": None, "error": {"type": "HttpConnectionError", "message": secret}}
    for found in (
        answered(
            resolver, {"__type": "com.amazon.coral.service#AccessDeniedException", "message": secret}, 403, **context
        ),
        answered(resolver, f"<html>{secret}</html>", 503, **context),
        answered(resolver, "", 500, **context),
        evaluate(bundled()[resolver], "response", {"env": ENV, **context, **unanswered}),
    ):
        assert found.thrown
        assert (found.thrown.kind, found.thrown.error_type) == ("error", "Internal")
        assert secret not in found.thrown.message
