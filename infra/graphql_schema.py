"""The one schema of the API, joined from a base and the part that each service owns.

A part adds to what another one defines with `extend type`, which the uploaded schema may not contain: AppSync does not
support it. The parts are joined as syntax trees, because a schema printed from types has lost the `@aws_…` directives,
and with them who may call what.
"""

import copy
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    FieldDefinitionNode,
    GraphQLError,
    ListValueNode,
    Node,
    ScalarTypeDefinitionNode,
    SchemaExtensionNode,
    Source,
    StringValueNode,
    TypeExtensionNode,
    Visitor,
    build_ast_schema,
    parse,
    print_ast,
    validate_schema,
    visit,
)
from graphql.validation.validate import validate_sdl

REPOSITORY = Path(__file__).resolve().parents[1]
BASE = REPOSITORY / "infra" / "schema.graphql"

# What AppSync brings. Its @aws_auth is left out: an API with several authorization modes ignores it without a word.
_APPSYNC = """
scalar AWSDate scalar AWSTime scalar AWSDateTime scalar AWSTimestamp scalar AWSEmail scalar AWSJSON scalar AWSURL
scalar AWSPhone scalar AWSIPAddress
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
"""


class SchemaError(Exception):
    """The parts do not make a schema that AppSync accepts; the message gives file, line and column of every cause."""


def service_parts(repository: Path = REPOSITORY) -> list[Path]:
    """The part of every service that has one, in a fixed order."""
    return sorted(repository.glob("services/*/schema.graphql"))


def write_schema() -> Path:
    """Joins the base and all services' parts into a file that can be uploaded, and returns its path."""
    path = REPOSITORY / ".local" / "schema.graphql"
    path.parent.mkdir(exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}")
    scratch.write_text(build_schema(service_parts()))
    scratch.replace(path)  # whoever reads it at this moment gets the old one or the new one, never half of it
    return path


def build_schema(parts: Sequence[Path], base: Path = BASE) -> str:
    """Joins the base and these parts into one schema in SDL, without extensions; the parts' order does not matter.

    Raises SchemaError that names the files if something is defined twice or not at all, or AppSync would refuse it.
    """
    document = DocumentNode(definitions=tuple(d for path in [base, *sorted(parts)] for d in _parse(path).definitions))
    appsync = parse(_APPSYNC, no_location=True).definitions
    _refuse([*_foreign_declarations(document), *validate_sdl(_with(appsync, document.definitions))])
    joined = _without_extensions(document)
    schema = build_ast_schema(_with(appsync, joined.definitions), assume_valid_sdl=True)
    _refuse([*validate_schema(schema), *_unknown_subscribed_mutations(joined)])
    return print_ast(visit(joined, _DropDescriptions())) + "\n"


def resolver_files(service: str, repository: Path = REPOSITORY) -> list[tuple[str, str, Path]]:
    """(type, field, file) of each `resolvers/<Type>.<field>.js` of a service; `_….js` is code that they share.

    Raises SchemaError for a file whose type and field the service's own part of the schema does not contain.
    """
    folder = repository / "services" / service
    return _of_part(folder / "schema.graphql", folder.glob("resolvers/[!_]*.js"))


def base_resolver_files(base: Path = BASE) -> list[tuple[str, str, Path]]:
    """The same of the base's own fields, whose resolvers stand among what all resolvers share. Raises SchemaError."""
    return _of_part(base, base.parent.glob("resolvers/*.*.js"))


def _of_part(part: Path, files: Iterable[Path]) -> list[tuple[str, str, Path]]:
    fields = _fields(part)
    found = []
    for path in sorted(files):
        type_name, _, field = path.stem.partition(".")
        if (type_name, field) not in fields:
            raise SchemaError(
                f"{_name(path)}: there is no field {path.stem} in {_name(part)}; "
                "a resolver's file is named <Type>.<field>.js"
            )
        found.append((type_name, field, path))
    return found


def _fields(part: Path) -> set[tuple[str, str]]:
    definitions: tuple[Any, ...] = _parse(part).definitions if part.is_file() else ()
    return {
        (definition.name.value, field.name.value)
        for definition in definitions
        for field in getattr(definition, "fields", ())
        if isinstance(field, FieldDefinitionNode)
    }


def _parse(path: Path) -> DocumentNode:
    try:
        return parse(Source(path.read_text(), _name(path)))
    except GraphQLError as error:
        raise SchemaError(str(error)) from None


def _name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else str(path)


def _with(appsync: Iterable[DefinitionNode], definitions: Iterable[DefinitionNode]) -> DocumentNode:
    return DocumentNode(definitions=(*appsync, *definitions))


def _refuse(errors: Iterable[GraphQLError]) -> None:
    if texts := [str(error) for error in errors]:
        raise SchemaError("\n\n".join(texts))


def _foreign_declarations(document: DocumentNode) -> list[GraphQLError]:
    return [
        GraphQLError("AppSync knows its own scalars and directives and no others; they are not declared.", definition)
        for definition in document.definitions
        if isinstance(definition, ScalarTypeDefinitionNode | DirectiveDefinitionNode)
    ]


def _without_extensions(document: DocumentNode) -> DocumentNode:
    """Each definition with what its extensions add, in the order in which they were read."""
    joined: dict[str, Any] = {}
    extensions = (TypeExtensionNode, SchemaExtensionNode)
    # A part may add to a type that a later part defines.
    for node in sorted(document.definitions, key=lambda node: isinstance(node, extensions)):
        name = node.name.value if hasattr(node, "name") else "schema"
        if isinstance(node, extensions):
            for attribute in ("interfaces", "directives", "fields", "values", "types", "operation_types"):
                if added := getattr(node, attribute, ()):
                    setattr(joined[name], attribute, (*getattr(joined[name], attribute), *added))
        else:
            joined[name] = copy.copy(node)
    return DocumentNode(definitions=tuple(joined.values()))


def _unknown_subscribed_mutations(joined: DocumentNode) -> list[GraphQLError]:
    types: dict[str, Any] = {node.name.value: node for node in joined.definitions if hasattr(node, "name")}
    known = {field.name.value for field in types["Mutation"].fields} if "Mutation" in types else set()
    return [
        GraphQLError(f"There is no mutation {mutation.value!r} to subscribe to.", mutation)
        for field in (types["Subscription"].fields if "Subscription" in types else ())
        for directive in field.directives
        if directive.name.value == "aws_subscribe"
        for argument in directive.arguments
        if isinstance(argument.value, ListValueNode)
        for mutation in argument.value.values
        if isinstance(mutation, StringValueNode) and mutation.value not in known
    ]


class _DropDescriptions(Visitor):
    """AppSync removes descriptions from types and fields, and can fail to parse those of enum values."""

    def enter(self, node: Node, *_: object) -> Node | None:
        if getattr(node, "description", None) is None:
            return None
        bare: Any = copy.copy(node)
        bare.description = None
        return bare  # type: ignore[no-any-return]
