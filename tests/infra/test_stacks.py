"""Stacks are deployed alone: nothing is exported, every name is fixed, and what is kept differs by stage."""

import json
from pathlib import Path

import pytest

from infra import names, partner_files
from infra.app import SERVICES
from infra.packages.sources import REPOSITORY
from tests.infra.templates import PARTNERS, Platform, inside, points_at, synthesise

# What CloudFormation names by itself, and nobody looks for.
UNNAMED = {
    "AWS::AppSync::ApiKey",
    "AWS::AppSync::GraphQLSchema",
    "AWS::AppSync::Resolver",
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::Cognito::IdentityPoolRoleAttachment",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
    "AWS::S3::Bucket",  # its name ends with account and region, as no two in the world may be the same
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
}
NAME = {
    "AWS::AppSync::DataSource": "Name",
    "AWS::AppSync::GraphQLApi": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::Cognito::IdentityPool": "IdentityPoolName",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::Cognito::UserPoolClient": "ClientName",
    "AWS::Cognito::UserPoolGroup": "GroupName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::Archive": "ArchiveName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::EventSchemas::Registry": "RegistryName",
    "AWS::EventSchemas::Schema": "SchemaName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Logs::ResourcePolicy": "PolicyName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Parameter": "Name",
}


def test_stacks_are_those_of_the_platform_the_api_and_each_service(platform: Platform) -> None:
    shared = {"delivery-platform", "delivery-api", "delivery-web"}
    assert set(platform.templates) == shared | {names.of(each) for each in SERVICES}


def test_no_stack_exports_to_or_imports_from_another(platform: Platform) -> None:
    for stack, template in platform.templates.items():
        assert not inside(template, "Fn::ImportValue"), stack
        assert not inside(template.get("Outputs", {}), "Export"), stack


def test_every_physical_name_is_fixed_and_used_once(platform: Platform) -> None:
    taken = [
        (resource.type, json.dumps(resource.properties[NAME[resource.type]]))
        for resource in platform.all()
        if resource.type not in UNNAMED
    ]
    assert len(taken) == len(set(taken))
    # The API's request log is named after the id that AppSync draws; there is none on the local cloud.
    generated = [name for _, name in taken if "{" in name]
    assert len(generated) == len([r for r in platform.all("AWS::Logs::LogGroup") if r.stack == "delivery-api"])


def test_every_function_has_a_log_that_ends(platform: Platform) -> None:
    for function in platform.all("AWS::Lambda::Function"):
        log = platform.pointed_at(function.stack, function.properties["LoggingConfig"]["LogGroup"])
        assert log.properties["LogGroupName"] == f"/aws/lambda/{function.properties['FunctionName']}"
    for log in platform.all("AWS::Logs::LogGroup"):
        assert log.properties["RetentionInDays"] in (14, 90), log


def test_every_table_streams_both_images_and_forgets_by_the_same_attribute(platform: Platform) -> None:
    tables = platform.all("AWS::DynamoDB::Table")
    assert {table.properties["TableName"] for table in tables} == {names.of(service) for service in SERVICES}
    for table in tables:
        assert table.properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
        assert table.properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
        assert table.properties["BillingMode"] == "PAY_PER_REQUEST"
        assert [key["AttributeName"] for key in table.properties["KeySchema"]] == ["pk", "sk"]


def test_prod_keeps_its_data_whatever_happens_to_a_stack(prod: Platform) -> None:
    for table in prod.all("AWS::DynamoDB::Table"):
        assert table.properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table.properties["DeletionProtectionEnabled"] is True
    for kept in prod.all("AWS::DynamoDB::Table", "AWS::Cognito::UserPool", "AWS::Logs::LogGroup"):
        assert kept.content["DeletionPolicy"] == kept.content["UpdateReplacePolicy"] == "Retain", kept
    [pool] = prod.all("AWS::Cognito::UserPool")
    assert pool.properties["DeletionProtection"] == "ACTIVE"


def test_other_stages_can_be_removed_whole(dev: Platform) -> None:
    for table in dev.all("AWS::DynamoDB::Table"):
        assert table.properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": False}
        assert not table.properties.get("DeletionProtectionEnabled")
    assert {resource.content.get("DeletionPolicy", "Delete") for resource in dev.all()} == {"Delete"}


def test_nobody_signs_up_or_changes_who_they_are(platform: Platform) -> None:
    [pool] = platform.all("AWS::Cognito::UserPool")
    [client] = platform.all("AWS::Cognito::UserPoolClient")
    assert pool.properties["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert client.properties["WriteAttributes"] == ["email"]  # not custom:merchant_id
    assert client.properties["AllowedOAuthFlowsUserPoolClient"] is False
    password = "ALLOW_USER_PASSWORD_AUTH" in client.properties["ExplicitAuthFlows"]
    assert password == (platform.directory.name.startswith("local"))


def test_what_cannot_have_a_fixed_name_is_found_by_a_parameter_that_has_one(platform: Platform) -> None:
    written = {parameter.properties["Name"] for parameter in platform.all("AWS::SSM::Parameter")}
    read = {
        parameter["Default"]
        for template in platform.templates.values()
        for name, parameter in template.get("Parameters", {}).items()
        if name.startswith("SsmParameterValue")
    }
    found_by_name = {names.API_ID, names.API_KEY, names.API_URL, names.USER_POOL_ID, names.USER_POOL_CLIENT_ID}
    found_by_name |= {names.IDENTITY_POOL_ID, names.PROOFS_BUCKET}
    if "prod" in platform.directory.name:  # the local pages are served without a distribution
        found_by_name |= {names.PAGES_URL, names.PAGES_DISTRIBUTION}
    assert written == found_by_name | {names.STAGE}
    assert read - written == {names.PUSH_APPLICATION_ARN}  # made by hand from the app's credentials


@pytest.mark.usefixtures("_no_packages")
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_synthesised_alone_and_just_the_same(prod: Platform, service: str, tmp_path: Path) -> None:
    alone = synthesise(tmp_path, stage="prod", service=service)
    assert alone.templates == {names.of(service): prod.templates[names.of(service)]}


def test_functions_are_named_after_their_handlers(platform: Platform) -> None:
    """But for the partners' own: theirs have a partner's name and the handler of its kind."""
    kinds = {partner.name: partner.kind for partner in partner_files.read(PARTNERS)}
    for function in platform.all("AWS::Lambda::Function"):
        _, service, name = str(function.properties["FunctionName"]).split("-", 2)
        handler = kinds.get(name, name) if service == "partners" else name
        assert function.stack == names.of(service)
        assert function.properties["Handler"] == f"services.{service}.handlers.{handler}.handler"
        assert points_at(function.properties["Environment"]["Variables"]["TABLE_NAME"]) in {
            table.id for table in platform.all("AWS::DynamoDB::Table") if table.stack == function.stack
        }


@pytest.mark.parametrize("service", SERVICES)
def test_every_handler_has_a_function(prod: Platform, service: str) -> None:
    files = {path.stem for path in (REPOSITORY / "services" / service / "handlers").glob("[!_]*.py")}
    assert {f"services.{service}.handlers.{name}.handler" for name in files} == {
        function.properties["Handler"]
        for function in prod.all("AWS::Lambda::Function")
        if function.stack == names.of(service)
    }
