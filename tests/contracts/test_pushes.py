"""What outboxes push is what the API's schema publishes: every field, by a document that AppSync takes."""

from importlib import import_module

import pytest
from delivery_events.push import Publication
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, parse, validate

from infra.graphql_schema import build_schema, service_parts
from local.appsync import schema as appsync

PUSHING = ("orders", "dispatch", "tracking")


def publications() -> list[Publication]:
    modules = [import_module(f"services.{service}.pushes") for service in PUSHING]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Publication)]


PUBLICATIONS = publications()


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return appsync.build_schema(build_schema(service_parts()))


def selection(type_: GraphQLObjectType) -> str:
    """Every field of a type, as a publication writes it."""
    fields = ((name, get_named_type(field.type)) for name, field in type_.fields.items())
    return " ".join(
        f"{name} {{ {selection(inner)} }}" if isinstance(inner, GraphQLObjectType) else name for name, inner in fields
    )


@pytest.mark.parametrize("publication", PUBLICATIONS, ids=lambda publication: publication.mutation)
def test_a_push_is_valid_and_selects_all_that_subscribers_and_filters_may_use(
    schema: GraphQLSchema, publication: Publication
) -> None:
    assert validate(schema, parse(publication.document)) == []
    assert schema.mutation_type
    payload = get_named_type(schema.mutation_type.fields[publication.mutation].type)
    assert isinstance(payload, GraphQLObjectType)
    assert sorted(publication.selection.split()) == sorted(selection(payload).split())


def test_every_mutation_that_subscriptions_wait_for_is_pushed_by_a_service(schema: GraphQLSchema) -> None:
    assert schema.mutation_type
    iam_only = {
        name
        for name, field in schema.mutation_type.fields.items()
        if field.ast_node and [each.name.value for each in field.ast_node.directives] == ["aws_iam"]
    }
    assert {publication.mutation for publication in PUBLICATIONS} == iam_only
