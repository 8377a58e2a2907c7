"""The scalars AppSync defines, with the checks it documents on input.

Source: AWS AppSync Developer Guide, "Scalar types in GraphQL". Values are handed on as the client sent them.
"""

import ipaddress
import json
import re
from collections.abc import Callable
from datetime import date
from datetime import time as clock
from typing import Any
from urllib.parse import urlsplit

from graphql import GraphQLScalarType, StringValueNode, ValueNode, value_from_ast_untyped

_OFFSET = r"(?:Z|[+-](?:0\d|1\d):[0-5]\d(?::[0-5]\d)?)"
_DATE = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"


def _match(pattern: str, value: str) -> re.Match[str]:
    matched = re.fullmatch(pattern, value, re.ASCII)
    if matched is None:
        raise ValueError
    return matched


def _date(value: str) -> None:
    date.fromisoformat(_match(rf"({_DATE}){_OFFSET}?", value)[1])


def _time(value: str) -> None:
    _clock(_match(rf"({_TIME}){_OFFSET}?", value)[1])


def _date_time(value: str) -> None:
    """A date-time needs its offset: without one it is no instant, and AppSync refuses it."""
    matched = _match(rf"({_DATE})T({_TIME}){_OFFSET}", value)
    date.fromisoformat(matched[1])
    _clock(matched[2])


def _clock(value: str) -> None:
    hours, minutes, *seconds = value.split(":")
    clock(int(hours), int(minutes), int(float(seconds[0])) if seconds else 0)


def _email(value: str) -> None:
    _match(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+", value)


def _phone(value: str) -> None:
    """Digits grouped by spaces or hyphens, with a country code or, without one, a North American number."""
    _match(r"\+?\d(?:[ -]?\d)*", value)
    digits = re.sub(r"\D", "", value)
    if not (7 <= len(digits) <= 15 if value.startswith("+") else len(digits) in (10, 11)):
        raise ValueError


def _url(value: str) -> None:
    """A URL has a schema, and no two slashes in its path."""
    parts = urlsplit(value)
    if not parts.scheme or not (parts.netloc or parts.path) or "//" in parts.path or re.search(r"\s", value):
        raise ValueError


def _ip_address(value: str) -> None:
    """An address or a subnet in CIDR notation."""
    if "/" in value:
        ipaddress.ip_network(value, strict=False)
    else:
        ipaddress.ip_address(value)


_TEXT_SCALARS: dict[str, Callable[[str], None]] = {
    "AWSDate": _date,
    "AWSTime": _time,
    "AWSDateTime": _date_time,
    "AWSEmail": _email,
    "AWSPhone": _phone,
    "AWSURL": _url,
    "AWSIPAddress": _ip_address,
}


def _invalid(name: str, value: Any) -> TypeError:
    return TypeError(f"{name} cannot represent {json.dumps(value, default=str)}")


def _text(name: str, check: Callable[[str], None]) -> Callable[[Any], Any]:
    def parse(value: Any) -> Any:
        try:
            if isinstance(value, str):
                check(value)
                return value
        except ValueError:
            pass  # refused below, like any other value
        raise _invalid(name, value)

    return parse


def _timestamp(value: Any) -> Any:
    """Whole seconds before or after 1970-01-01T00:00Z."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise _invalid("AWSTimestamp", value)
    return value


def _json_in(value: Any) -> Any:
    """The client sends JSON text; resolvers get the value it holds."""
    try:
        if isinstance(value, str):
            return json.loads(value)
    except ValueError:
        pass
    raise _invalid("AWSJSON", value)


def _json_out(value: Any) -> Any:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def install(scalar: GraphQLScalarType) -> None:
    """Give a scalar that the schema only names its AppSync meaning."""
    parse = _PARSERS[scalar.name]

    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
        return parse(node.value if isinstance(node, StringValueNode) else value_from_ast_untyped(node, variables))

    scalar.parse_value = parse  # type: ignore[method-assign,assignment]
    scalar.parse_literal = parse_literal  # type: ignore[method-assign]
    scalar.serialize = _json_out if scalar.name == "AWSJSON" else parse  # type: ignore[method-assign,assignment]


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "AWSTimestamp": _timestamp,
    "AWSJSON": _json_in,
    **{name: _text(name, check) for name, check in _TEXT_SCALARS.items()},
}
NAMES = tuple(_PARSERS)
