"""Who is subscribed to what, and what each of them is sent when a mutation was executed."""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLResolveInfo, ListValueNode, StringValueNode, execute

from local.appsync.callers import Caller
from local.appsync.documents import Document
from local.appsync.effects import Effects, Invalidation
from local.appsync.errors import not_authorized
from local.appsync.execution import Engine, Mutated, Operation
from local.appsync.realtime.messages import Message, failed
from local.appsync.reporting import report

_log = logging.getLogger(__name__)

MOST_BYTES = 240_000  # of one message's payload: AppSync's quota

Send = Callable[[Message], None]


@dataclass(frozen=True, eq=False)
class Subscription:
    """One client's subscription to `field_name`. `send` must not wait; `arguments` are those that the client gave."""

    id: str
    field_name: str
    arguments: Mapping[str, Any]
    caller: Caller
    document: Document
    operation: Operation
    engine: Engine
    send: Send
    effects: Effects = field(default_factory=Effects)

    def wants(self, payload: Any) -> bool:
        """By its filter, if its resolver set one, else by its arguments."""
        if not isinstance(payload, dict):
            return self.effects.filter is None and not self.arguments
        if self.effects.filter is not None:
            return self.effects.filter.met_by(payload)
        return all(payload.get(name) == value for name, value in self.arguments.items())

    def ends_by(self, invalidation: Invalidation) -> bool:
        chosen = self.effects.invalidation_filter
        return (
            invalidation.subscription_field == self.field_name
            and chosen is not None
            and chosen.met_by(invalidation.payload)
        )

    def message(self, payload: Any) -> Message:
        """`payload` cut to what was subscribed to: what the mutation did not select is null."""
        admits, caller = self.engine.api.authorization.admits, self.caller

        def resolve(source: Any, info: GraphQLResolveInfo, **_: Any) -> Any:
            if not admits(caller, info.parent_type.name, info.field_name):
                raise not_authorized(info.field_name, info.parent_type.name)
            return source.get(info.field_name) if isinstance(source, dict) else None

        result = execute(
            self.engine.api.schema,
            self.document.ast,
            root_value={self.field_name: payload},
            variable_values=self.operation.variables,
            operation_name=self.operation.name,
            field_resolver=resolve,
        )
        assert not hasattr(result, "__await__")  # noqa: S101 - nothing above is a coroutine
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [report(error, self.engine.api.schema) for error in result.errors]
        return {"id": self.id, "type": "data", "payload": body}


class Hub:
    """All subscriptions of one API. Used from the event loop's thread only."""

    def __init__(self) -> None:
        self._subscriptions: defaultdict[str, dict[Subscription, None]] = defaultdict(dict)  # by field, in order

    def __len__(self) -> int:
        return sum(map(len, self._subscriptions.values()))

    def add(self, subscription: Subscription) -> None:
        self._subscriptions[subscription.field_name][subscription] = None

    def remove(self, subscription: Subscription) -> bool:
        """False: it had ended before."""
        return self._subscriptions[subscription.field_name].pop(subscription, subscription) is None

    def publish(self, engine: Engine, mutated: Mutated) -> None:
        """Send what a mutation made to whoever wants it, then end the subscriptions that it invalidates."""
        for mutation, payload in mutated.fields:
            for field_name in subscribed_to(engine, mutation):
                for subscription in list(self._subscriptions[field_name]):
                    if subscription.wants(payload):
                        subscription.send(_within_limit(subscription, subscription.message(payload)))
        for invalidation in mutated.invalidations:
            for subscription in list(self._subscriptions[invalidation.subscription_field]):
                if subscription.ends_by(invalidation):
                    self.remove(subscription)
                    subscription.send({"id": subscription.id, "type": "complete"})


def subscribed_to(engine: Engine, mutation: str) -> Iterable[str]:
    """The fields of Subscription whose `@aws_subscribe` names the mutation."""
    root = engine.api.schema.subscription_type
    for name, found in (root.fields if root else {}).items():
        for directive in found.ast_node.directives if found.ast_node else ():
            if directive.name.value == "aws_subscribe" and mutation in _texts(directive.arguments[0].value):
                yield name


def _texts(node: object) -> list[str]:
    values = node.values if isinstance(node, ListValueNode) else (node,)
    return [value.value for value in values if isinstance(value, StringValueNode)]


def _within_limit(subscription: Subscription, message: Message) -> Message:
    size = len(json.dumps(message["payload"]).encode())
    if size <= MOST_BYTES:
        return message
    _log.error(
        "%s: a message of %d bytes is not sent; AppSync's limit is %d", subscription.field_name, size, MOST_BYTES
    )
    error = {"errorType": "PayloadTooLarge", "message": f"The payload has {size} bytes; at most {MOST_BYTES} are sent."}
    return failed([error], subscription.id)
