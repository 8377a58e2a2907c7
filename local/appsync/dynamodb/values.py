"""Typed values, between the three forms they have.

A resolver writes `{"S": "x"}`, `{"N": 12}`, `{"B": "<base64>"}`, `{"NULL": null}`; boto3 wants N as text, B as bytes
and NULL as true; a resolver's result holds plain JSON, with sets as lists and binary as base64.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from local.appsync.errors import FieldError, FieldFailedError

Wire = dict[str, Any]


def invalid(message: str) -> FieldFailedError:
    """A request object that AppSync would not send to DynamoDB."""
    return FieldFailedError(FieldError(message, "MappingTemplate"))


def to_wire(value: Any, path: str) -> Wire:
    """One typed value for boto3; `path` says where it is, as AppSync does: `$[key][id]`."""
    if not isinstance(value, dict) or len(value) != 1:
        raise invalid(f'Expected a typed DynamoDB value at \'{path}\', for example {{"S": "text"}}.')
    tag, content = next(iter(value.items()))
    match tag, content:
        case "S", str():
            return {"S": content}
        case "N", _:
            return {"N": _number(content, path)}
        case "BOOL", bool():
            return {"BOOL": content}
        case "NULL", None | True:
            return {"NULL": True}
        case "B", str():
            return {"B": _binary(content, path)}
        case "M", dict():
            return {"M": to_wire_map(content, f"{path}[M]")}
        case "L", list():
            return {"L": [to_wire(item, f"{path}[L][{index}]") for index, item in enumerate(content)]}
        case "SS", list() if all(isinstance(item, str) for item in content):
            return {"SS": content}
        case "NS", list():
            return {"NS": [_number(item, path) for item in content]}
        case "BS", list():
            return {"BS": [_binary(item, path) for item in content]}
    raise invalid(f"Unsupported DynamoDB value of type '{tag}' at '{path}'.")


def to_wire_map(values: Any, path: str) -> dict[str, Wire]:
    if not isinstance(values, dict):
        raise invalid(f"Expected an object of typed DynamoDB values at '{path}'.")
    return {name: to_wire(value, f"{path}[{name}]") for name, value in values.items()}


def to_plain(value: Mapping[str, Any]) -> Any:
    """Source: "Type system (response mapping)". A number becomes a JSON number, whatever digits JavaScript keeps."""
    tag, content = next(iter(value.items()))
    match tag:
        case "N":
            return _plain_number(content)
        case "NS":
            return [_plain_number(item) for item in content]
        case "B":
            return base64.b64encode(content).decode()
        case "BS":
            return [base64.b64encode(item).decode() for item in content]
        case "NULL":
            return None
        case "M":
            return to_plain_map(content)
        case "L":
            return [to_plain(item) for item in content]
    return content


def to_plain_map(values: Mapping[str, Any]) -> dict[str, Any]:
    """A whole item or key, as DynamoDB gives it."""
    return {name: to_plain(value) for name, value in values.items()}


def _number(content: Any, path: str) -> str:
    if isinstance(content, bool) or not isinstance(content, int | float | str):
        raise invalid(f"Expected a number at '{path}[N]'.")
    return str(content)


def _plain_number(content: str) -> int | float:
    return int(content) if content.lstrip("-").isdigit() else float(content)


def _binary(content: Any, path: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (TypeError, binascii.Error) as error:
        raise invalid(f"Expected base64 at '{path}[B]'.") from error
