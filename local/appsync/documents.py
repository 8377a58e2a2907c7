"""Parsed and validated operations, remembered by their text: a client sends the same few over and over."""

from collections import OrderedDict
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    parse,
)

from local.appsync.api import Api
from local.appsync.errors import RequestRefusedError, malformed
from local.appsync.validation import unfit

_REMEMBERED = 1000


@dataclass(frozen=True)
class Document:
    """`errors` is empty when the document may be executed."""

    ast: DocumentNode
    errors: tuple[GraphQLError, ...]


class Documents:
    """The documents sent to one deployed API. Used from the event loop's thread only."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: OrderedDict[str, Document] = OrderedDict()

    def document(self, query: str) -> Document:
        """The parsed query with its validation errors; RequestRefusedError (400) when it does not parse."""
        known = self._known.get(query)
        if known is None:
            known = self._known[query] = self._read(query)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return known

    def _read(self, query: str) -> Document:
        try:
            ast = parse(query)
        except GraphQLError as error:
            raise malformed(f"Unable to parse GraphQL query. {error.message}") from error
        return Document(ast, unfit(self._api.schema, ast, introspection=self._api.definition.introspection))


def operation_type(document: DocumentNode, name: str | None) -> OperationType:
    """The kind of the operation that will be executed; RequestRefusedError (400) when it cannot be told."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is not None:
        operations = [node for node in operations if node.name is not None and node.name.value == name]
        if not operations:
            raise RequestRefusedError(400, "BadRequestException", f"Unknown operation named '{name}'.")
    if len(operations) != 1:
        raise RequestRefusedError(
            400, "BadRequestException", "Must provide operation name if query contains multiple operations."
        )
    return operations[0].operation
