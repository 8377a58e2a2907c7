"""What does not fit the schema, named as AppSync names it.

AppSync answers a document that does not validate with HTTP 200 and errors that have a message and no errorType, such as
`Validation error of type FieldUndefined: Field 'x' in type 'Query' is undefined @ 'x'` (its team's "AWS AppSync HTTP
behavior", graphql-over-http). The kinds are graphql-java's, by which AppSync validates; the words behind a kind are
graphql-core's here, and no client should read them.
"""

from collections.abc import Mapping

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldsOnCorrectTypeRule,
    GraphQLError,
    GraphQLSchema,
    KnownArgumentNamesRule,
    KnownDirectivesRule,
    KnownFragmentNamesRule,
    KnownTypeNamesRule,
    NoSchemaIntrospectionCustomRule,
    NoUndefinedVariablesRule,
    NoUnusedVariablesRule,
    OverlappingFieldsCanBeMergedRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    ValuesOfCorrectTypeRule,
    VariablesInAllowedPositionRule,
    specified_rules,
    validate,
)

_KINDS: Mapping[type[ASTValidationRule], str] = {
    FieldsOnCorrectTypeRule: "FieldUndefined",
    KnownArgumentNamesRule: "UnknownArgument",
    KnownDirectivesRule: "UnknownDirective",
    KnownFragmentNamesRule: "UndefinedFragment",
    KnownTypeNamesRule: "UnknownType",
    NoUndefinedVariablesRule: "UndefinedVariable",
    NoUnusedVariablesRule: "UnusedVariable",
    OverlappingFieldsCanBeMergedRule: "FieldsConflict",
    ProvidedRequiredArgumentsRule: "MissingFieldArgument",
    ScalarLeafsRule: "SubSelectionRequired",  # or its opposite, see _kind
    ValuesOfCorrectTypeRule: "WrongType",
    VariablesInAllowedPositionRule: "VariableTypeMismatch",
}


def unfit(schema: GraphQLSchema, document: DocumentNode, *, introspection: bool) -> tuple[GraphQLError, ...]:
    """Why the document may not be executed; empty if it may."""
    rules = [*specified_rules] if introspection else [*specified_rules, NoSchemaIntrospectionCustomRule]
    if not validate(schema, document, rules):
        return ()
    # An error does not say which rule found it, so each rule looks for itself.
    return tuple(_named(error, rule) for rule in rules for error in validate(schema, document, [rule]))


def _kind(error: GraphQLError, rule: type[ASTValidationRule]) -> str | None:
    superfluous = rule is ScalarLeafsRule and "must not have a selection" in error.message
    return "SubSelectionNotAllowed" if superfluous else _KINDS.get(rule)


def _named(error: GraphQLError, rule: type[ASTValidationRule]) -> GraphQLError:
    kind = _kind(error, rule)
    words = f" of type {kind}: {error.message}" if kind else f": {error.message}"
    return GraphQLError(f"Validation error{words}", error.nodes)
