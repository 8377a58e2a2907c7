"""Whether a client may subscribe, decided once: by the schema's directives, then by the field's resolver if it has one.

Source: AWS AppSync Developer Guide, "Real-time data", on resolvers of subscription fields: what the resolver raises is
the client's error and ends it there; what it returns is not sent.
"""

from typing import Any

from graphql import GraphQLResolveInfo, OperationType

from local.appsync.callers import Caller
from local.appsync.documents import operation_type
from local.appsync.errors import RequestRefusedError
from local.appsync.execution import Engine, Request
from local.appsync.realtime.hub import Send, Subscription
from local.appsync.realtime.messages import Message, Start, failed
from local.appsync.reporting import report


class NotSubscribedError(Exception):
    """The client gets `message` and nothing else."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


async def subscribe(engine: Engine, start: Start, caller: Caller, send: Send) -> Subscription:
    """The subscription, ready for a hub; NotSubscribedError or RequestRefusedError when there is to be none."""
    document = engine.document(start.operation)
    if document.errors:
        raise NotSubscribedError(failed([report(each, engine.api.schema) for each in document.errors], start.id))
    if operation_type(document.ast, start.operation.name) is not OperationType.SUBSCRIPTION:
        raise RequestRefusedError(400, "UnsupportedOperation", "Only subscriptions are served here.")
    request = _Connecting(engine, start, caller)
    result = await engine.run(document, request, start.operation)
    errors = engine.body(result, request).get("errors")
    if errors:
        raise NotSubscribedError(failed(errors, start.id))
    assert request.asked is not None  # noqa: S101 - a valid subscription has one field, and it was resolved
    info, arguments = request.asked
    subscription = Subscription(start.id, info.field_name, arguments, caller, document, start.operation, engine, send)
    for _, outcome in request.outcomes:
        subscription.effects.filter = outcome.effects.filter
        subscription.effects.invalidation_filter = outcome.effects.invalidation_filter
    return subscription


class _Connecting(Request):
    """The one execution at connect: it notes what was asked, and the field itself is null, whatever its type says."""

    def __init__(self, engine: Engine, start: Start, caller: Caller) -> None:
        super().__init__(engine, start.operation, caller)
        self.asked: tuple[GraphQLResolveInfo, dict[str, Any]] | None = None

    def resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if info.path.prev is None:
            self.asked = (info, arguments)
        return super().resolve(source, info, **arguments)
