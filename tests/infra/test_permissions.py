"""What each role may do: on its own service's resources, by name."""

import re
from typing import Any

from tests.infra.templates import Json, Platform, Resource, listed, points_at

# Every statement with a wildcard for a resource, by role and action, with the reason why it cannot be narrower.
WILDCARDS = {
    ("DriverRole", "s3:PutObject"): "photos in a driver's own folder are named after its deliveries",
    ("OutboxRole", "dynamodb:ListStreams"): "lists streams, not their records",
    ("PushRole", "sns:CreatePlatformEndpoint"): "a platform application's path holds its platform",
    ("PushRole", "sns:SetEndpointAttributes"): "Amazon SNS draws the ids of devices",
    ("PushRole", "sns:Publish"): "Amazon SNS draws the ids of devices",
    ("RedriveRole", "sqs:ListQueues"): "is allowed for all queues or for none",
    ("RedriveRole", "sqs:GetQueueAttributes"): "failure queues, by how their names end",
    ("RedriveRole", "sqs:StartMessageMoveTask"): "failure queues, by how their names end",
    ("RedriveRole", "sqs:ReceiveMessage"): "failure queues, by how their names end",
    ("RedriveRole", "sqs:DeleteMessage"): "failure queues, by how their names end",
    ("ReportsRole", "logs:FilterLogEvents"): "a log group's ARN ends so in policies",
    ("RequestLogRole", "logs:CreateLogGroup"): "the log group's name holds the API's generated id",
    ("RequestLogRole", "logs:CreateLogStream"): "the log group's name holds the API's generated id",
    ("RequestLogRole", "logs:PutLogEvents"): "the log group's name holds the API's generated id",
}


def grants(platform: Platform) -> list[tuple[Resource, str, Json]]:
    """(policy, role's logical id without its hash, statement) of every statement that a role is granted."""
    return [
        (policy, re.sub(r"[0-9A-F]{8}$", "", points_at(role)), statement)
        for policy, statement in platform.statements("AWS::IAM::Policy")
        for role in policy.properties["Roles"]
    ]


def texts(value: Any) -> str:
    """An ARN as one text, with what is only known later in angle brackets."""
    match value:
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(map(texts, parts))
        case str():
            return value
        case _:
            return f"<{points_at(value)}>"


def is_wildcard(resource: Any, table_indexes: str) -> bool:
    text = texts(resource)
    return "*" in text and text != table_indexes


def test_no_resource_is_a_wildcard_but_for_those_with_a_reason(platform: Platform) -> None:
    found = set()
    for policy, role, statement in grants(platform):
        indexes = f"<{_table(platform, policy.stack)}>/index/*"
        assert "Resource" in statement or role == "SmsRole", policy
        if any(is_wildcard(resource, indexes) for resource in listed(statement.get("Resource", []))):
            found |= {(role, action) for action in listed(statement["Action"])}
    expected = set(WILDCARDS)
    if "prod" not in platform.directory.name:
        expected = {each for each in expected if each[0] != "RequestLogRole"}  # the local cloud logs no requests
    assert found == expected


def test_the_sms_sender_may_publish_to_phones_and_to_nothing_that_has_a_name(platform: Platform) -> None:
    published = [
        statement
        for _, role, statement in grants(platform)
        if role == "SmsRole" and "sns:Publish" in listed(statement["Action"])
    ]
    [statement] = published
    assert texts(statement["NotResource"]) == "arn:<AWS::Partition>:sns:*:*:*"
    assert [role for _, role, statement in grants(platform) if "NotResource" in statement] == ["SmsRole"]


def test_no_action_is_a_wildcard_and_nothing_scans(platform: Platform) -> None:
    for policy, _, statement in grants(platform):
        for action in listed(statement["Action"]):
            assert "*" not in action, policy
            assert action not in ("dynamodb:Scan", "dynamodb:PartiQLSelect"), policy


def test_a_role_reaches_its_own_services_table_and_no_other(platform: Platform) -> None:
    for policy, _, statement in grants(platform):
        if any(action.startswith("dynamodb:") for action in listed(statement["Action"])):
            table = _table(platform, policy.stack)
            reached = {texts(resource) for resource in listed(statement["Resource"])}
            assert reached <= {f"<{table}>", f"<{table}>/index/*", "*"}, policy


def test_each_function_has_a_role_of_its_own_that_only_lambda_can_take(platform: Platform) -> None:
    functions = platform.all("AWS::Lambda::Function")
    roles = [platform.pointed_at(each.stack, each.properties["Role"]) for each in functions]
    assert len({str(role) for role in roles}) == len(functions)
    for role in roles:
        [statement] = role.properties["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert "ManagedPolicyArns" not in role.properties  # AWS's own would grant logs on every group


def test_a_function_writes_its_own_log_only(platform: Platform) -> None:
    for function in platform.all("AWS::Lambda::Function"):
        own = points_at(function.properties["LoggingConfig"]["LogGroup"])
        role = points_at(function.properties["Role"])
        written = {
            points_at(resource)
            for policy, statement in platform.statements("AWS::IAM::Policy")
            if policy.stack == function.stack and role in map(points_at, policy.properties["Roles"])
            if "logs:PutLogEvents" in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }
        assert written == {own}


def test_only_an_outbox_publishes_and_only_as_its_own_service(platform: Platform) -> None:
    """On our bus: a partner's bus is another one, see test_partners.py."""
    publishing = [
        (policy.stack, role, statement)
        for policy, role, statement in grants(platform)
        if any(action.startswith("events:") for action in listed(statement["Action"]))
        and ":111122223333:" not in texts(statement["Resource"])
    ]
    assert sorted(stack for stack, _, _ in publishing) == sorted(t.stack for t in platform.all("AWS::DynamoDB::Table"))
    for stack, role, statement in publishing:
        assert role == "OutboxRole"
        assert statement["Action"] == "events:PutEvents"
        assert texts(statement["Resource"]).endswith(":event-bus/delivery")
        assert statement["Condition"] == {"StringEquals": {"events:source": stack.replace("-", ".")}}


def test_an_outbox_may_push_its_own_services_payloads_and_ask_the_api_nothing_else(platform: Platform) -> None:
    pushing = {
        policy.stack: (role, {texts(resource).rpartition("/types/")[2] for resource in listed(statement["Resource"])})
        for policy, role, statement in grants(platform)
        if "appsync:GraphQL" in listed(statement["Action"])
    }
    assert pushing == {
        "delivery-orders": ("OutboxRole", {"Mutation/fields/publishOrderStatus"}),
        "delivery-dispatch": ("OutboxRole", {"Mutation/fields/publishOffer", "Mutation/fields/publishFleet"}),
        "delivery-tracking": (
            "OutboxRole",
            {f"Mutation/fields/{each}" for each in ("publishDriverMovement", "publishSharedTracking", "endWatch")},
        ),
    }


# What a resolver asks of DynamoDB, and the permission that lets it.
PERMITTED_BY = {each: each for each in ("BatchGetItem", "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query")}
PERMITTED_BY["ConditionCheck"] = "ConditionCheckItem"


def test_resolvers_may_do_what_they_do_on_the_services_table(platform: Platform) -> None:
    every = platform.all("AWS::AppSync::DataSource")
    # Not one Lambda on a caller's path. The HTTP sources are in test_failures_api.py and test_consumers_api.py.
    assert {each.properties["Type"] for each in every} == {"AMAZON_DYNAMODB", "HTTP", "NONE"}
    sources = [each for each in every if each.properties["Type"] == "AMAZON_DYNAMODB"]
    assert len(sources) == len(platform.all("AWS::DynamoDB::Table"))
    for source in sources:
        table = platform.pointed_at(source.stack, source.properties["DynamoDBConfig"]["TableName"])
        assert table.id == _table(platform, source.stack)
        role = platform.pointed_at(source.stack, source.properties["ServiceRoleArn"])
        [trust] = role.properties["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "appsync.amazonaws.com"}
        used = {
            f"dynamodb:{action}"
            for resolver in platform.all("AWS::AppSync::Resolver")
            if resolver.stack == source.stack
            for operation, action in PERMITTED_BY.items()
            if f'"{operation}"' in resolver.properties["Code"]
        }
        granted = {
            action
            for policy, statement in platform.statements("AWS::IAM::Policy")
            if policy.stack == source.stack and role.id in map(points_at, policy.properties["Roles"])
            for action in listed(statement["Action"])
        }
        assert granted == used


def _table(platform: Platform, stack: str) -> str:
    found = [table.id for table in platform.all("AWS::DynamoDB::Table") if table.stack == stack]
    return found[0] if found else ""
