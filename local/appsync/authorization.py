"""Which callers may resolve which field, as the schema's directives say it.

Source: AWS AppSync Developer Guide, "Configuring authorization and authentication", on additional modes: a field's
directives replace its type's; without any, only the API's default mode is let in; several directives are
alternatives; `cognito_groups` asks for one of its groups.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import DirectiveNode, GraphQLObjectType, GraphQLSchema, ListValueNode, StringValueNode

from local.appsync.callers import Caller
from local.appsync.definition import API_KEY, IAM, USER_POOLS, Definition, RefusedError
from local.appsync.iam import Field

_MODE_OF = {"aws_api_key": API_KEY, "aws_iam": IAM, "aws_cognito_user_pools": USER_POOLS, "aws_auth": USER_POOLS}
_NOT_DONE = {"aws_oidc", "aws_lambda"}


@dataclass(frozen=True)
class Alternative:
    """One way to be let in: a mode and, for user pools, groups of which one is needed (None: any user)."""

    mode: str
    groups: frozenset[str] | None = None

    def admits(self, caller: Caller) -> bool:
        return caller.mode == self.mode and (self.groups is None or not self.groups.isdisjoint(caller.groups))


class Authorization:
    """The rules of one API, worked out once for every field of every object type."""

    def __init__(self, definition: Definition, schema: GraphQLSchema) -> None:
        self._default = (Alternative(definition.default_mode),)
        problems = [problem for node in _directives(schema) for problem in _misuse(node, definition)]
        if problems:
            raise RefusedError(sorted(set(problems)))
        self._rules = {
            (type_.name, name): self._rule(_of(field.ast_node)) or self._rule(_of(type_.ast_node)) or self._default
            for type_ in _objects(schema)
            for name, field in type_.fields.items()
        }
        roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
        self._roots = frozenset(root.name for root in roots if root)

    @property
    def iam_fields(self) -> list[Field]:
        """The root fields that IAM callers may ask, if their policies allow it, too."""
        return [
            at for at, rules in self._rules.items() if at[0] in self._roots and any(rule.mode == IAM for rule in rules)
        ]

    def admits(self, caller: Caller, type_name: str, field_name: str) -> bool:
        """Whether `caller` may resolve the field; introspection fields are open to every caller."""
        if field_name.startswith("__"):
            return True
        at = (type_name, field_name)
        if caller.permitted is not None and type_name in self._roots and at not in caller.permitted:
            return False
        return any(rule.admits(caller) for rule in self._rules.get(at, ()))

    @staticmethod
    def _rule(directives: Iterable[DirectiveNode]) -> tuple[Alternative, ...]:
        return tuple(
            Alternative(_MODE_OF[node.name.value], _groups(node)) for node in directives if node.name.value in _MODE_OF
        )


def _groups(node: DirectiveNode) -> frozenset[str] | None:
    for argument in node.arguments:
        if argument.name.value == "cognito_groups" and isinstance(argument.value, ListValueNode):
            return frozenset(value.value for value in argument.value.values if isinstance(value, StringValueNode))
    return None


def _misuse(node: DirectiveNode, definition: Definition) -> Iterable[str]:
    name = node.name.value
    if name in _NOT_DONE:
        yield f"@{name} is not done locally"
    elif name == "aws_auth" and len(definition.modes) > 1:
        yield "@aws_auth works only without additional authorization modes: use @aws_cognito_user_pools"
    elif name in _MODE_OF and _MODE_OF[name] not in definition.modes:
        yield f"@{name} names an authorization mode that the API does not have"


def _objects(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    types = (type_ for type_ in schema.type_map.values() if isinstance(type_, GraphQLObjectType))
    return [type_ for type_ in types if not type_.name.startswith("__")]


def _directives(schema: GraphQLSchema) -> Iterable[DirectiveNode]:
    for type_ in _objects(schema):
        yield from _of(type_.ast_node)
        for field in type_.fields.values():
            yield from _of(field.ast_node)


def _of(node: object) -> tuple[DirectiveNode, ...]:
    return tuple(getattr(node, "directives", ()))
