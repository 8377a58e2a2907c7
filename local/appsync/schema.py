"""The deployed SDL as an executable schema: AppSync's own directives and scalars are added, its errors worded."""

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    ScalarTypeDefinitionNode,
    build_ast_schema,
    parse,
    validate_schema,
)

from local.appsync import scalars
from local.appsync.definition import RefusedError

_DIRECTIVES = """
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
directive @aws_cognito_user_pools(cognito_groups: [String!]) on FIELD_DEFINITION | OBJECT
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_publish(subscriptions: [String!]!) on FIELD_DEFINITION
"""


def build_schema(sdl: str) -> GraphQLSchema:
    """The executable schema of an API; raises RefusedError when AppSync would not accept the SDL either."""
    try:
        document = parse(sdl, no_location=False)
        added = [node for node in _appsync_definitions() if not _defines(document, node)]
        schema = build_ast_schema(DocumentNode(definitions=(*added, *document.definitions)))
    except (GraphQLError, TypeError) as error:
        raise RefusedError([f"the schema is invalid: {error}"]) from error
    problems = [f"the schema is invalid: {error.message}" for error in validate_schema(schema)]
    problems += [
        f"the schema defines scalar {name}: AppSync has no custom scalars" for name in _custom_scalars(document)
    ]
    if problems:
        raise RefusedError(problems)
    for name in scalars.NAMES:
        scalar = schema.type_map.get(name)
        if isinstance(scalar, GraphQLScalarType):
            scalars.install(scalar)
    return schema


def _appsync_definitions() -> tuple[DefinitionNode, ...]:
    return parse(_DIRECTIVES + "\n".join(f"scalar {name}" for name in scalars.NAMES)).definitions


def _defines(document: DocumentNode, wanted: DefinitionNode) -> bool:
    """Whether the SDL, as some build tools write it, already declares what AppSync provides."""
    assert isinstance(wanted, DirectiveDefinitionNode | ScalarTypeDefinitionNode)  # noqa: S101 (_appsync_definitions)
    return any(
        isinstance(node, type(wanted)) and getattr(node, "name", None) == wanted.name for node in document.definitions
    )


def _custom_scalars(document: DocumentNode) -> list[str]:
    nodes = (node for node in document.definitions if isinstance(node, ScalarTypeDefinitionNode))
    return [node.name.value for node in nodes if node.name.value not in scalars.NAMES]
