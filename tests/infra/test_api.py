"""The API as it is deployed: each field that needs one has a resolver, and every root field says who may ask."""

import pytest
from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    ListValueNode,
    ObjectTypeDefinitionNode,
    StringValueNode,
    parse,
)

from infra.platform_stack import GROUPS
from tests.infra.templates import Platform

ROOTS = ("Query", "Mutation")


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


def test_every_query_and_mutation_has_exactly_one_resolver(prod: Platform, schema: DocumentNode) -> None:
    roots = sorted(f"{owner}.{field.name.value}" for owner, field in fields(schema) if owner in ROOTS)
    assert [name for name in resolved(prod) if name.startswith(ROOTS)] == roots


def test_every_resolver_has_a_field(platform: Platform, schema: DocumentNode) -> None:
    known = {f"{owner}.{field.name.value}" for owner, field in fields(schema)}
    assert set(resolved(platform)) <= known
    assert len(set(resolved(platform))) == len(resolved(platform))


def test_every_root_field_names_the_groups_that_may_ask(schema: DocumentNode) -> None:
    for owner, field in fields(schema):
        if owner in ROOTS:
            assert groups(field), f"{owner}.{field.name.value} is open to every signed-in user"
            assert set(groups(field)) <= set(GROUPS), f"{owner}.{field.name.value}"


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
