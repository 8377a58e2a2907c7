"""Operators' way to the failure queues: one source that signs for Amazon SQS, and a role that reaches no further."""

import json
from fnmatch import fnmatchcase
from typing import Any

from infra.graphql_schema import base_resolver_files
from infra.resolver_bundles import bundle
from local.appsync.evaluate import evaluate
from tests.infra.templates import Json, Platform, Resource, listed, points_at
from tests.infra.test_permissions import texts
from tests.infra.test_queues import is_failure_queue

FILES = {path.stem: path for *_, path in base_resolver_files()}
START = {"sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}


def queue_names(platform: Platform) -> list[str]:
    return [queue.properties["QueueName"] for queue in platform.all("AWS::SQS::Queue")]


def moved_by_sqs(platform: Platform) -> dict[str, Resource]:
    """The standard queues that are read, by the name of their failure queue."""
    return {
        platform.pointed_at(queue.stack, redrive["deadLetterTargetArn"]).properties["QueueName"]: queue
        for queue in platform.all("AWS::SQS::Queue")
        if (redrive := queue.properties.get("RedrivePolicy")) and not queue.properties.get("FifoQueue")
    }


def answered(platform: Platform) -> list[dict[str, Any]]:
    """What `failureQueues` answers, would SQS list the platform's queues."""
    code = bundle([FILES["Query.failureQueues"]])[FILES["Query.failureQueues"]]
    urls = [f"https://sqs.us-east-1.amazonaws.com/000000000000/{name}" for name in queue_names(platform)]
    result = {"statusCode": 200, "body": json.dumps({"QueueUrls": urls})}
    found: list[dict[str, Any]] = evaluate(code, "response", {"result": result}).value
    return found


def granted(platform: Platform) -> list[Json]:
    """Every statement of the role that the source signs as, in whatever stack it stands."""
    source = source_named(platform, "delivery_queues")
    role = platform.pointed_at(source.stack, source.properties["ServiceRoleArn"])
    named = texts(role.properties["RoleName"])
    return [
        statement
        for policy, statement in platform.statements("AWS::IAM::Policy")
        for attached in policy.properties["Roles"]
        if texts(attached) == named or (policy.stack == source.stack and points_at(attached) == role.id)
    ]


def source_named(platform: Platform, name: str) -> Resource:
    [found] = [each for each in platform.all("AWS::AppSync::DataSource") if each.properties["Name"] == name]
    return found


def test_every_failure_queue_is_listed_and_no_other(platform: Platform) -> None:
    failures = [queue for queue in platform.all("AWS::SQS::Queue") if is_failure_queue(queue)]
    assert [queue["name"] for queue in answered(platform)] == sorted(each.properties["QueueName"] for each in failures)


def test_a_button_sends_back_exactly_what_sqs_can_move(platform: Platform) -> None:
    redrivable = {queue["name"] for queue in answered(platform) if queue["redrivable"]}
    assert redrivable == set(moved_by_sqs(platform))
    assert "delivery-orders-inbox-failures" in redrivable


def test_the_source_signs_for_sqs_in_its_own_region(platform: Platform) -> None:
    source = source_named(platform, "delivery_queues")
    config = source.properties["HttpConfig"]
    assert texts(config["Endpoint"]) == "https://sqs.<AWS::Region>.<AWS::URLSuffix>/"
    assert config["AuthorizationConfig"] == {
        "AuthorizationType": "AWS_IAM",
        "AwsIamConfig": {"SigningRegion": {"Ref": "AWS::Region"}, "SigningServiceName": "sqs"},
    }
    role = platform.pointed_at(source.stack, source.properties["ServiceRoleArn"])
    [trust] = role.properties["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "appsync.amazonaws.com"}


def test_its_resolvers_know_where_queues_are(platform: Platform) -> None:
    [api] = platform.all("AWS::AppSync::GraphQLApi")
    known = {name: texts(value) for name, value in api.properties["EnvironmentVariables"].items()}
    assert {name: value for name, value in known.items() if name.startswith("QUEUE")} == {
        "QUEUE_URLS": "https://sqs.<AWS::Region>.<AWS::URLSuffix>/<AWS::AccountId>/",
        "QUEUE_ARNS": "arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:",
    }


def test_its_role_takes_out_of_failure_queues_and_of_no_others(platform: Platform) -> None:
    reached: dict[str, set[str]] = {}
    for statement in granted(platform):
        for action in listed(statement["Action"]):
            names = {texts(each).rpartition(":")[2] for each in listed(statement["Resource"])}
            reached[action] = reached.get(action, set()) | names
    assert set(reached) == START | {"sqs:ListQueues", "sqs:SendMessage"}
    by_name = {name: [action for action in START if allows(reached[action], name)] for name in queue_names(platform)}
    failures = {name for name in by_name if name.removesuffix(".fifo").endswith("-failures")}
    assert {name for name, actions in by_name.items() if actions} == failures
    for name in failures:
        assert set(by_name[name]) == ({"sqs:GetQueueAttributes"} if name.endswith(".fifo") else START), name


def allows(patterns: set[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def test_each_stack_lets_it_send_to_the_queues_that_failures_return_to(platform: Platform) -> None:
    policies = [
        (policy, statement)
        for policy, statement in platform.statements("AWS::IAM::Policy")
        if str(policy.properties["PolicyName"]).startswith("delivery-redrive-")
    ]
    sent = {
        str(platform.pointed_at(policy.stack, resource))
        for policy, statement in policies
        for resource in listed(statement["Resource"])
        if statement["Action"] == "sqs:SendMessage"
    }
    assert sent == {str(queue) for queue in moved_by_sqs(platform).values()}
    # Policies of one role replace each other when they are named alike.
    stacks = {policy.stack for policy, _ in policies}
    assert {policy.properties["PolicyName"] for policy, _ in policies} == {
        f"delivery-redrive-{each}" for each in stacks
    }
