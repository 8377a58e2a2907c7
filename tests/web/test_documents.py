"""What the pages ask of the API is what the API offers."""

import re

import pytest
from graphql import GraphQLSchema, parse, validate

from infra.graphql_schema import build_schema, service_parts
from infra.web.files import SOURCE
from local.appsync import schema as executable

_DOCUMENT = re.compile(r"export const (\w+) = /\* GraphQL \*/ `([^`]*)`")
FILES = sorted(SOURCE.glob("src/**/operations.ts"))
DOCUMENTS = [(path.parent.name, name, text) for path in FILES for name, text in _DOCUMENT.findall(path.read_text())]


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return executable.build_schema(build_schema(service_parts()))


@pytest.mark.parametrize(("page", "name", "text"), DOCUMENTS, ids=[f"{page}.{name}" for page, name, _ in DOCUMENTS])
def test_every_document_is_valid(schema: GraphQLSchema, page: str, name: str, text: str) -> None:
    assert [error.message for error in validate(schema, parse(text))] == []


# These count as somebody watching, for 20 minutes.
WATCHING = ("ON_DRIVER_MOVED", "ON_SHARED_TRACKING_CHANGED", "ON_FLEET_CHANGED")


@pytest.mark.parametrize("name", WATCHING)
def test_a_page_that_stays_open_goes_on_to_count_as_watching(name: str) -> None:
    [found] = [
        text
        for path in SOURCE.glob("src/**/*.ts*")
        if re.search(rf"useSubscription\S*\({name},", text := path.read_text())
    ]
    assert "useWatching()" in found


def test_every_document_is_looked_at() -> None:
    written = sum(path.read_text().count("/* GraphQL */") for path in SOURCE.glob("src/**/*.ts*"))
    assert written == len(DOCUMENTS) > 30


def test_a_document_that_asks_for_what_is_not_there_is_found(schema: GraphQLSchema) -> None:
    assert validate(schema, parse("query { myOrders { total } }"))


def test_sources_are_there() -> None:
    assert {path.parent.name for path in FILES} == {"customer", "driver", "operator", "track"}
