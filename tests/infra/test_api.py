"""The API as it is deployed: each field that needs one has a resolver, and every root field says who may ask."""

from datetime import UTC, date, datetime, timedelta

import pytest
from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    ListValueNode,
    ObjectTypeDefinitionNode,
    StringValueNode,
    ValueNode,
    parse,
    print_ast,
)

from infra.api_stack import key_expires
from infra.platform_stack import GROUPS
from tests.infra.templates import Platform

ROOTS = ("Query", "Mutation", "Subscription")
# What a tracking link opens: for anybody, signed in or not.
BY_LINK = {"Query.sharedTracking", "Subscription.onSharedTrackingChanged"}


@pytest.fixture(scope="module")
def schema(prod: Platform) -> DocumentNode:
    return parse(prod.all("AWS::AppSync::GraphQLSchema")[0].properties["Definition"])


def fields(schema: DocumentNode) -> list[tuple[str, FieldDefinitionNode]]:
    return [
        (definition.name.value, field)
        for definition in schema.definitions
        if isinstance(definition, ObjectTypeDefinitionNode)
        for field in definition.fields
    ]


def resolved(platform: Platform) -> list[str]:
    return sorted(
        f"{resolver.properties['TypeName']}.{resolver.properties['FieldName']}"
        for resolver in platform.all("AWS::AppSync::Resolver")
    )


def directives(field: FieldDefinitionNode) -> list[str]:
    return [directive.name.value for directive in field.directives]


def texts(node: ValueNode) -> list[str]:
    assert isinstance(node, ListValueNode)
    return [value.value for value in node.values if isinstance(value, StringValueNode)]


def groups(field: FieldDefinitionNode) -> list[str]:
    """Who may ask, by the field's @aws_cognito_user_pools; nobody, if it names no groups."""
    return [
        value.value
        for directive in field.directives
        if directive.name.value == "aws_cognito_user_pools"
        for argument in directive.arguments
        if argument.name.value == "cognito_groups" and isinstance(argument.value, ListValueNode)
        for value in argument.value.values
        if isinstance(value, StringValueNode)
    ]


def test_every_root_field_has_exactly_one_resolver(prod: Platform, schema: DocumentNode) -> None:
    roots = sorted(f"{owner}.{field.name.value}" for owner, field in fields(schema) if owner in ROOTS)
    assert [name for name in resolved(prod) if name.startswith(ROOTS)] == roots


def test_every_resolver_has_a_field(platform: Platform, schema: DocumentNode) -> None:
    known = {f"{owner}.{field.name.value}" for owner, field in fields(schema)}
    assert set(resolved(platform)) <= known
    assert len(set(resolved(platform))) == len(resolved(platform))


def test_every_root_field_names_the_groups_that_may_ask(schema: DocumentNode) -> None:
    for owner, field in fields(schema):
        name = f"{owner}.{field.name.value}"
        if owner in ROOTS and name not in BY_LINK and directives(field) != ["aws_iam"]:
            assert groups(field), f"{name} is open to every signed-in user"
            assert set(groups(field)) <= set(GROUPS), name


def test_only_a_tracking_link_needs_no_account(schema: DocumentNode) -> None:
    found = {f"{owner}.{field.name.value}" for owner, field in fields(schema) if "aws_api_key" in directives(field)}
    assert found == BY_LINK


def test_subscribers_are_told_by_mutations_that_only_an_outbox_may_call(schema: DocumentNode) -> None:
    roots = {(owner, field.name.value): field for owner, field in fields(schema) if owner in ROOTS}
    told = [
        (field, texts(directive.arguments[0].value))
        for (owner, _), field in roots.items()
        for directive in field.directives
        if owner == "Subscription" and directive.name.value == "aws_subscribe"
    ]
    assert len(told) == sum(owner == "Subscription" for owner, _ in roots)
    for field, mutations in told:
        for mutation in mutations:
            published = roots["Mutation", mutation]
            assert directives(published) == ["aws_iam"], mutation
            assert print_ast(published.type) == f"{print_ast(field.type)}!", mutation


def test_the_keys_expiry_is_renewed_by_each_deployment_and_does_not_change_daily() -> None:
    for day in (date(2026, 1, 1), date(2026, 3, 31), date(2026, 7, 4), date(2026, 12, 31)):
        left = key_expires(day) - datetime.combine(day, datetime.min.time(), UTC)
        assert timedelta(days=270) < left <= timedelta(days=365)
    assert key_expires(date(2026, 1, 1)) == key_expires(date(2026, 3, 31)) < key_expires(date(2026, 4, 1))


def test_no_field_uses_the_directive_that_several_modes_ignore(schema: DocumentNode) -> None:
    used = {directive.name.value for _, field in fields(schema) for directive in field.directives}
    assert "aws_auth" not in used


@pytest.mark.parametrize(
    ("mutation", "who"),
    [
        ("createOrder", ["customer"]),
        ("confirmOrder", ["merchant"]),
        ("acceptOffer", ["driver"]),
        ("updateOrderStatus", ["operator"]),
        ("reassign", ["operator"]),
    ],
)
def test_mutations_belong_to_who_acts(schema: DocumentNode, mutation: str, who: list[str]) -> None:
    [found] = [field for owner, field in fields(schema) if (owner, field.name.value) == ("Mutation", mutation)]
    assert groups(found) == who


def test_every_resolver_is_one_unit_of_javascript_on_its_services_table(platform: Platform) -> None:
    for resolver in platform.all("AWS::AppSync::Resolver"):
        assert resolver.properties["Runtime"] == {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"}
        assert resolver.properties.get("Kind", "UNIT") == "UNIT", resolver
        assert len(resolver.properties["Code"].encode()) <= 32_768, resolver


def test_queries_are_bounded(prod: Platform) -> None:
    [api] = prod.all("AWS::AppSync::GraphQLApi")
    assert 0 < api.properties["QueryDepthLimit"] <= 10
    assert 0 < api.properties["ResolverCountLimit"] <= 1000
    assert api.properties["AuthenticationType"] == "AMAZON_COGNITO_USER_POOLS"


def test_requests_are_logged_without_what_they_hold(prod: Platform, local: Platform) -> None:
    [api] = prod.all("AWS::AppSync::GraphQLApi")
    assert api.properties["LogConfig"]["FieldLogLevel"] == "NONE"
    assert api.properties["LogConfig"]["ExcludeVerboseContent"] is True
    assert "LogConfig" not in local.all("AWS::AppSync::GraphQLApi")[0].properties
