"""A deployed API ready to execute: its definition, executable schema and authorization, checked as a whole."""

from dataclasses import dataclass

from graphql import GraphQLObjectType, GraphQLSchema

from local.appsync.authorization import Authorization
from local.appsync.definition import Definition, RefusedError
from local.appsync.javascript import Worker
from local.appsync.schema import build_schema


@dataclass(frozen=True)
class Api:
    definition: Definition
    schema: GraphQLSchema
    authorization: Authorization


def build_api(definition: Definition, worker: Worker) -> Api:
    """Raises RefusedError with every problem of the resolvers, or the schema's."""
    schema = build_schema(definition.sdl)
    authorization = Authorization(definition, schema)
    problems = [*_unknown_fields(definition, schema), *_broken_code(definition, worker)]
    if problems:
        raise RefusedError(problems)
    return Api(definition, schema, authorization)


def _unknown_fields(definition: Definition, schema: GraphQLSchema) -> list[str]:
    def known(type_name: str, field_name: str) -> bool:
        type_ = schema.type_map.get(type_name)
        return isinstance(type_, GraphQLObjectType) and field_name in type_.fields

    return [
        f"{resolver}: the schema has no such field" for at, resolver in definition.resolvers.items() if not known(*at)
    ]


def _broken_code(definition: Definition, worker: Worker) -> list[str]:
    """Code that does not load or lacks a handler; AppSync refuses it when it is deployed."""
    problems = []
    for resolver in definition.resolvers.values():
        loaded = worker.exported(resolver.code)
        if loaded.thrown is not None:
            problems.append(f"{resolver}: {loaded.thrown.message}")
            continue
        problems += [f"{resolver}: its code exports no '{name}'" for name in _HANDLERS if name not in loaded.value]
    return problems


_HANDLERS = ("request", "response")
