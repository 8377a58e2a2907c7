"""Execution of one GraphQL operation for one caller, apart from how it came in.

Top-level fields of a query resolve concurrently, those of a mutation one after the other. Resolvers run in a thread
pool, since the DynamoDB client blocks.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, NoReturn

from graphql import ExecutionResult, FieldNode, GraphQLResolveInfo, OperationType, execute

from local.appsync.api import Api
from local.appsync.callers import Caller
from local.appsync.definition import API_KEY, IAM, USER_POOLS, Resolver
from local.appsync.documents import Document, Documents, operation_type
from local.appsync.effects import MOST_INVALIDATIONS, Invalidation
from local.appsync.errors import FieldError, FieldFailedError, RequestRefusedError, not_authorized
from local.appsync.reporting import Located, report, reported
from local.appsync.resolver import Resolution, UnitResolvers
from local.appsync.selection import cut_to_selection, selection_graphql, selection_list

TIME_LIMIT = 30.0  # seconds a request may take
RESOLVER_LIMIT = 10_000  # resolvers a request may run, unless the API sets fewer

_AUTH_TYPE = {
    API_KEY: "API Key Authorization",
    IAM: "IAM Authorization",
    USER_POOLS: "User Pool Authorization",
}


@dataclass(frozen=True)
class Operation:
    """What a client asks. `headers` are what resolvers see as `ctx.request.headers`."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    name: str | None = None
    headers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mutated:
    """What a mutation request is to subscribers: (field, selected value) of each field that did not fail, in order."""

    fields: tuple[tuple[str, Any], ...]
    invalidations: tuple[Invalidation, ...]


class Engine:
    """Executes operations of one deployed API. `mutated` is told of every mutation before its caller is answered."""

    def __init__(
        self, api: Api, resolvers: UnitResolvers, pool: Executor, mutated: Callable[[Mutated], None] = lambda _: None
    ) -> None:
        self.api = api
        self.resolvers = resolvers
        self.pool = pool
        self._documents = Documents(api)
        self._mutated = mutated

    async def execute(self, operation: Operation, caller: Caller) -> dict[str, Any]:
        """The response body. Raises RequestRefusedError when there is nothing to execute."""
        document = self.document(operation)
        if document.errors:
            return {"data": None, "errors": [report(error, self.api.schema) for error in document.errors]}
        kind = operation_type(document.ast, operation.name)
        if kind is OperationType.SUBSCRIPTION:
            raise RequestRefusedError(
                400, "UnsupportedOperation", "Subscriptions are served by the real-time endpoint."
            )
        request = Request(self, operation, caller)
        result = await self.run(document, request, operation)
        if kind is OperationType.MUTATION:
            self._mutated(request.mutated(result.data))
        return self.body(result, request)

    def document(self, operation: Operation) -> Document:
        """The operation's document, with what is wrong with it; RequestRefusedError (400) if it does not parse."""
        return self._documents.document(operation.query)

    async def run(self, document: Document, request: "Request", operation: Operation) -> ExecutionResult:
        """Resolve all fields of a valid document."""
        result = execute(
            self.api.schema,
            document.ast,
            variable_values=operation.variables,
            operation_name=operation.name,
            field_resolver=request.resolve,
        )
        if isinstance(result, Awaitable):
            try:
                result = await asyncio.wait_for(result, TIME_LIMIT)
            except TimeoutError:
                raise RequestRefusedError(200, "ExecutionTimeout", "Execution timed out.") from None
        return result

    def body(self, result: ExecutionResult, request: "Request") -> dict[str, Any]:
        errors = [report(error, self.api.schema) for error in result.errors or ()]
        errors += [reported(error) for error in request.appended]
        return {"data": result.data, "errors": errors} if errors else {"data": result.data}


class Request:
    """One execution: its caller, what it may do, and the errors appended beside its data."""

    def __init__(self, engine: Engine, operation: Operation, caller: Caller) -> None:
        self._engine = engine
        self._definition = engine.api.definition
        self._operation = operation
        self._caller = caller
        self._admitted: dict[tuple[str, str], bool] = {}
        self._resolved = 0
        self.appended: list[Located] = []
        self.outcomes: list[tuple[GraphQLResolveInfo, Resolution]] = []

    def resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        """Resolve one field: by its resolver if it has one, else the member of its parent with its name."""
        at = (info.parent_type.name, info.field_name)
        if at not in self._admitted:
            self._admitted[at] = self._engine.api.authorization.admits(self._caller, *at)
        if not self._admitted[at]:
            return _refuse(not_authorized(info.field_name, info.parent_type.name))
        limit = self._definition.depth_limit
        if limit and _depth(info) > limit:
            error = FieldError(f"The query is deeper than {limit} levels.", "QueryDepthLimitReached")
            return _refuse(FieldFailedError(error))
        resolver = self._definition.resolvers.get(at)
        if resolver is not None:
            return self._run(resolver, source, info, arguments)
        return source.get(info.field_name) if isinstance(source, dict) else None

    async def _run(self, resolver: Resolver, source: Any, info: GraphQLResolveInfo, arguments: dict[str, Any]) -> Any:
        self._resolved += 1
        if self._resolved > (self._definition.resolver_limit or RESOLVER_LIMIT):
            raise FieldFailedError(FieldError("The request runs too many resolvers.", "ResolverExecutionLimitReached"))
        context = self._context(resolver, source, info, arguments)
        run = self._engine.resolvers.run
        loop = asyncio.get_running_loop()
        outcome = await loop.run_in_executor(self._engine.pool, run, resolver, context, _AUTH_TYPE[self._caller.mode])
        if info.path.prev is None:
            self._note(info, outcome)
        return self._value(outcome, info)

    def _note(self, info: GraphQLResolveInfo, outcome: Resolution) -> None:
        self.outcomes.append((info, outcome))
        if sum(len(each.effects.invalidations) for _, each in self.outcomes) > MOST_INVALIDATIONS:
            message = (
                f"extensions.invalidateSubscriptions was called more than {MOST_INVALIDATIONS} times in one request"
            )
            raise FieldFailedError(FieldError(message, "Code"))

    def mutated(self, data: dict[str, Any] | None) -> Mutated:
        """What subscribers are told, by the fields' own names, once `data` is the answer. What failed tells nothing."""
        told = [(info, each) for info, each in self.outcomes if (data or {}).get(str(info.path.key)) is not None]
        return Mutated(
            tuple((info.field_name, cut_to_selection(info, each.value, _field_name)) for info, each in told),
            tuple(invalidation for _, each in told for invalidation in each.effects.invalidations),
        )

    def _value(self, outcome: Resolution, info: GraphQLResolveInfo) -> Any:
        self.appended += [Located(self._cut(error, info), info) for error in outcome.appended]
        if outcome.failed is not None:
            raise FieldFailedError(self._cut(outcome.failed, info))
        return outcome.value

    @staticmethod
    def _cut(error: FieldError, info: GraphQLResolveInfo) -> FieldError:
        data = cut_to_selection(info, error.data)
        return FieldError(error.message, error.error_type, data, error.error_info)

    def _context(
        self, resolver: Resolver, source: Any, info: GraphQLResolveInfo, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        """`ctx` as the request handler sees it. Source: "JavaScript resolver context object reference"."""
        told: dict[str, Any] = {
            "fieldName": info.field_name,
            "parentTypeName": info.parent_type.name,
            "variables": self._operation.variables,
        }
        if "selectionSet" in resolver.code.text:  # costly, and few resolvers look at it
            told |= {"selectionSetList": selection_list(info), "selectionSetGraphQL": selection_graphql(info)}
        return {
            "arguments": arguments,
            "env": self._definition.environment,
            "identity": self._caller.identity,
            "info": told,
            "prev": None,
            "request": {"headers": self._operation.headers, "domainName": None},
            "source": source,
        }


def _field_name(node: FieldNode) -> str:
    return node.name.value


async def _refuse(failure: FieldFailedError) -> NoReturn:
    """Fail once awaited: raised at once, it would leave the fields beside it unawaited."""
    raise failure


def _depth(info: GraphQLResolveInfo) -> int:
    """How many fields lie around this one, itself included; a list's indexes do not count."""
    return sum(isinstance(step, str) for step in info.path.as_list())
