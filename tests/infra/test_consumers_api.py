"""Operators' look at what consumers did: a source that signs for CloudWatch Logs, and a role that reads their logs."""

from infra.consumers_api import consumers
from tests.infra.templates import Platform, listed, points_at
from tests.infra.test_failures_api import source_named
from tests.infra.test_permissions import texts

LOGS = "/aws/lambda/delivery-"


def group_names(platform: Platform) -> set[str]:
    return {str(group.properties.get("LogGroupName", "")) for group in platform.all("AWS::Logs::LogGroup")}


def test_every_inbox_is_asked(platform: Platform) -> None:
    inboxes = {name for name in group_names(platform) if name.startswith(LOGS) and name.endswith("-inbox")}
    assert {f"{LOGS}{name}" for name in consumers()} == inboxes | {f"{LOGS}dispatch-rounds"}
    assert f"{LOGS}dispatch-rounds" in group_names(platform)


def test_the_source_signs_for_logs_in_its_own_region(platform: Platform) -> None:
    config = source_named(platform, "delivery_logs").properties["HttpConfig"]
    assert texts(config["Endpoint"]) == "https://logs.<AWS::Region>.<AWS::URLSuffix>/"
    assert config["AuthorizationConfig"] == {
        "AuthorizationType": "AWS_IAM",
        "AwsIamConfig": {"SigningRegion": {"Ref": "AWS::Region"}, "SigningServiceName": "logs"},
    }


def test_its_role_reads_their_logs_and_does_nothing_else(platform: Platform) -> None:
    source = source_named(platform, "delivery_logs")
    role = platform.pointed_at(source.stack, source.properties["ServiceRoleArn"])
    [trust] = role.properties["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "appsync.amazonaws.com"}
    [statement] = [
        statement
        for policy, statement in platform.statements("AWS::IAM::Policy")
        if policy.stack == source.stack and any(points_at(each) == role.id for each in policy.properties["Roles"])
    ]
    assert statement["Action"] == "logs:FilterLogEvents"
    arn = "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:"
    assert {texts(each) for each in listed(statement["Resource"])} == {f"{arn}{LOGS}{name}:*" for name in consumers()}
