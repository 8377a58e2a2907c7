"""Evaluate one handler of a resolver, like AppSync's EvaluateCode: for unit tests of resolvers.

    outcome = evaluate(bundled_code, "request", {"arguments": {"id": "1"}, "identity": {"sub": "…"}})
    assert outcome.value["operation"] == "GetItem"

The code must be one module, as it is deployed: bundle shared modules into it first.
"""

import atexit
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from local.appsync.javascript import Code, Evaluation, Worker


@cache
def shared_worker() -> Worker:
    """One Node process for all tests of a session."""
    worker = Worker()
    atexit.register(worker.close)
    return worker


def evaluate(code: str, function: Literal["request", "response"], context: Mapping[str, Any]) -> Evaluation:
    """Call `function` of `code` with `context` (`arguments`, `identity`, `source`, `result`, `error`, `stash`, …).

    What the handler throws is in `thrown`, not raised; WorkerError is raised when Node itself fails.
    """
    return shared_worker().evaluate(Code(code), function, {**_EMPTY, **context})


# What a context always holds, so that tests name only what they are about.
_EMPTY: dict[str, Any] = {
    "arguments": {},
    "env": {},
    "identity": None,
    "info": {"fieldName": "", "parentTypeName": "", "variables": {}},
    "prev": None,
    "request": {"headers": {}, "domainName": None},
    "source": None,
    "stash": {},
}
