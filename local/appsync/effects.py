"""What a resolver asks of AppSync beside its value: which messages a subscription gets, and which subscriptions end.

Source: AWS AppSync Developer Guide, "Extensions": filters are set in the response handler of a subscription's resolver,
subscriptions are invalidated in that of a mutation's, at most five times a request.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from local.appsync.errors import FieldError, FieldFailedError
from local.appsync.filters import Filter

MOST_INVALIDATIONS = 5

_ALLOWED_IN = {
    "setSubscriptionFilter": "Subscription",
    "setSubscriptionInvalidationFilter": "Subscription",
    "invalidateSubscriptions": "Mutation",
}


@dataclass(frozen=True)
class Invalidation:
    """Ends the subscriptions of one field of Subscription whose invalidation filter the payload meets."""

    subscription_field: str
    payload: dict[str, Any]


@dataclass
class Effects:
    """`filter`: None, unless one was set: then a subscription's arguments filter its messages."""

    filter: Filter | None = None
    invalidation_filter: Filter | None = None
    invalidations: list[Invalidation] = field(default_factory=list)

    def add(self, told: Iterable[dict[str, Any]], type_name: str, function: str) -> None:
        """Take over the calls of one handler; FieldFailedError for one that AppSync does not allow there."""
        for call in told:
            name, argument = call["name"], call.get("argument")
            if function != "response" or _ALLOWED_IN[name] != type_name:
                raise _refused(f"extensions.{name} works in the response handler of a {_ALLOWED_IN[name]} field only")
            try:
                self._do(name, argument)
            except ValueError as error:
                raise _refused(f"extensions.{name}: {error}") from error

    def _do(self, name: str, argument: Any) -> None:
        match name:
            case "setSubscriptionFilter":
                self.filter = Filter.of(argument)
            case "setSubscriptionInvalidationFilter":
                self.invalidation_filter = Filter.of(argument)
            case _:
                self.invalidations.append(_invalidation(argument))


def _invalidation(argument: Any) -> Invalidation:
    match argument:
        case {"subscriptionField": str(name), "payload": dict(payload), **rest} if not rest:
            return Invalidation(name, payload)
    raise ValueError("its argument is {subscriptionField: a field of Subscription, payload: an object}")


def _refused(message: str) -> FieldFailedError:
    return FieldFailedError(FieldError(message, "Code"))
