"""Reading a resolver's request object. What AppSync does not know is refused, and so is what is not done here."""

import json
from dataclasses import dataclass
from typing import Any

from local.appsync.dynamodb.requests import elements
from local.appsync.dynamodb.values import invalid

_METHODS = ("PUT", "POST", "GET", "DELETE", "PATCH")
# "You can't pass these headers": AppSync sets them itself.
_OWN_HEADERS = frozenset({"host", "connection", "user-agent", "expectation", "transfer-encoding", "content-length"})


@dataclass(frozen=True)
class HttpRequest:
    """Header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def http_request(request: Any) -> HttpRequest:
    """FieldFailedError when the request object is wrong."""
    parts = elements(request, "$", ["method", "resourcePath"], ["version", "params"])
    if parts["method"] not in _METHODS:
        raise invalid(f"Unsupported method '{parts['method']}' at '$[method]'.")
    if not str(parts["resourcePath"]).startswith("/"):
        raise invalid("The path at '$[resourcePath]' does not begin with '/'.")
    params = elements(parts.get("params") or {}, "$[params]", [], ["query", "headers", "body"])
    if params.get("query"):
        raise invalid("The local AppSync does not do '$[params][query]'.")
    return HttpRequest(
        parts["method"], parts["resourcePath"], _headers(params.get("headers") or {}), _body(params.get("body"))
    )


def _headers(given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise invalid("Expected texts at '$[params][headers]'.")
    headers = {name.lower(): value for name, value in given.items()}
    if own := sorted(_OWN_HEADERS & headers.keys()):
        raise invalid(f"The headers {', '.join(own)} at '$[params][headers]' cannot be passed.")
    return headers


def _body(given: Any) -> bytes:
    """A text as it is, anything else as JSON."""
    if given is None:
        return b""
    return (given if isinstance(given, str) else json.dumps(given)).encode()
