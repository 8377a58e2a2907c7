"""One unit resolver: request handler, data source, response handler."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.appsync.definition import DataSource, Resolver
from local.appsync.dynamodb.requests import elements
from local.appsync.dynamodb.results import SourceResult
from local.appsync.effects import Effects
from local.appsync.errors import FieldError, FieldFailedError, not_authorized
from local.appsync.javascript import Evaluation, Thrown, Worker

_log = logging.getLogger(__name__)

CallSource = Callable[[DataSource, Any, str], SourceResult]


@dataclass
class Resolution:
    """What resolving gave. `appended` errors (util.appendError) stand beside the value, `failed` replaces it. `effects`
    is what the handlers asked of subscriptions."""

    value: Any = None
    appended: list[FieldError] = field(default_factory=list)
    failed: FieldError | None = None
    effects: Effects = field(default_factory=Effects)


class UnitResolvers:
    """Runs resolvers; blocking, and safe to call from several threads. `sources`: how each kind of source is called."""

    def __init__(self, worker: Worker, sources: Mapping[str, CallSource]) -> None:
        self._worker = worker
        self._sources = sources

    def run(self, resolver: Resolver, context: dict[str, Any], auth_type: str) -> Resolution:
        """Resolve a field with `context`, which is `ctx` without result, error and stash."""
        outcome = Resolution()
        try:
            request = self._handle(resolver, "request", {**context, "stash": {}}, auth_type, outcome)
            if request.early:
                outcome.value = request.value
                return outcome
            found = self._call(resolver, request.value)
            after: dict[str, Any] = {**context, "stash": request.stash, "result": found.result}
            if found.error is not None:
                after["error"] = {"message": found.error.message, "type": found.error.type}
            # A failed call is only ctx.error: it is for the handler to raise it or to return something else.
            outcome.value = self._handle(resolver, "response", after, auth_type, outcome).value
        except FieldFailedError as failed:
            outcome.failed = failed.error
        return outcome

    def _handle(
        self, resolver: Resolver, function: str, context: dict[str, Any], auth_type: str, outcome: Resolution
    ) -> Evaluation:
        evaluation = self._worker.evaluate(resolver.code, function, context, auth_type)
        for line in evaluation.logs:
            _log.info("%s %s: %s", resolver, function, line)
        outcome.appended += [
            FieldError(error["message"], error["errorType"], error["data"], error["errorInfo"])
            for error in evaluation.appended
        ]
        if evaluation.thrown is not None:
            raise _failure(resolver, function, evaluation.thrown)
        outcome.effects.add(evaluation.effects, resolver.type_name, function)
        return evaluation

    def _call(self, resolver: Resolver, request: Any) -> SourceResult:
        if resolver.source.kind == "NONE":
            return SourceResult(elements(request, "$", [], ["version", "payload"]).get("payload"))
        return self._sources[resolver.source.kind](resolver.source, request, str(resolver))


def _failure(resolver: Resolver, function: str, thrown: Thrown) -> FieldFailedError:
    match thrown.kind:
        case "error":
            return FieldFailedError(FieldError(thrown.message, thrown.error_type, thrown.data, thrown.error_info))
        case "unauthorized":
            return not_authorized(resolver.field_name, resolver.type_name)
        case "unprovided":
            _log.error("%s %s: %s", resolver, function, thrown.message)
            return FieldFailedError(FieldError(f"{resolver}: {thrown.message}", "NotProvidedLocally"))
    # AWS tells a caller nothing more; the log has the rest, as CloudWatch would.
    _log.error("%s %s: %s", resolver, function, thrown.message)
    return FieldFailedError(FieldError("Runtime Error", "Code"))
