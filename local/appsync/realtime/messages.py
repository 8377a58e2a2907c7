"""The real-time protocol's texts: what a client sends to connect and to subscribe, and what it is answered.

Source: AWS AppSync Developer Guide, "Building a real-time WebSocket client".
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local.appsync.errors import RequestRefusedError, malformed, unauthorized
from local.appsync.execution import Operation

SUBPROTOCOL = "graphql-ws"
_HEADER_SUBPROTOCOL = "header-"

Message = dict[str, Any]


def connecting(query: Mapping[str, str], subprotocols: Iterable[str]) -> dict[str, str]:
    """The authorization headers of a connection, names in lower case; RequestRefusedError when it cannot be made.

    They come as the parameter `header`, base64 of a JSON object, with a parameter `payload`, base64 of `{}`; or as a
    second sub-protocol, `header-` and base64url of the same object.
    """
    offered = list(subprotocols)
    if SUBPROTOCOL not in offered:
        raise RequestRefusedError(400, "SubProtocolNotSupportedError", f"The sub-protocol must be {SUBPROTOCOL}.")
    encoded = next((each for each in offered if each.startswith(_HEADER_SUBPROTOCOL)), None)
    if encoded is not None:
        return _headers(_decoded(encoded.removeprefix(_HEADER_SUBPROTOCOL), "the sub-protocol header-…"))
    if "header" not in query or "payload" not in query:
        raise malformed("The parameters header and payload are required.")
    if _decoded(query["payload"], "payload") != {}:
        raise malformed("The parameter payload must be {} in base64.")
    return _headers(_decoded(query["header"], "header"))


def _decoded(text: str, what: str) -> Any:
    """Base64 of either alphabet, with or without its padding."""
    try:
        padded = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
        return json.loads(base64.b64decode(padded, validate=True))
    except (binascii.Error, ValueError) as error:
        raise malformed(f"{what} is not JSON in base64.") from error


def _headers(given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise unauthorized("The authorization must be an object of texts.")
    return {name.lower(): value for name, value in given.items()}


@dataclass(frozen=True)
class Start:
    """A client's `start`. `data` is the text that an IAM signature covers."""

    id: str
    data: str
    operation: Operation
    headers: dict[str, str]


def starting(message: Message) -> Start:
    """RequestRefusedError for a message that does not say what to subscribe to."""
    match message:
        case {"payload": {"data": str(data), "extensions": {"authorization": authorization}}}:
            headers = _headers(authorization)
        case {"payload": {"data": str()}}:
            raise unauthorized("Required headers are missing.")
        case _:
            raise malformed("A start message needs payload.data and payload.extensions.authorization.")
    try:
        sent = json.loads(data)
    except ValueError as error:
        raise malformed("payload.data is not JSON.") from error
    match sent:
        case {"query": str(query), **rest}:
            variables, name = rest.get("variables") or {}, rest.get("operationName") or None
        case _:
            raise malformed("No GraphQL query found in payload.data.")
    if not isinstance(variables, dict) or not isinstance(name, str | None):
        raise malformed("Invalid variables or operationName in payload.data.")
    visible = {name: value for name, value in headers.items() if name != "authorization"}
    return Start(str(message["id"]), data, Operation(query, variables, name, visible), headers)


def connection_ack(timeout_ms: int) -> Message:
    return {"type": "connection_ack", "payload": {"connectionTimeoutMs": timeout_ms}}


def connection_error(refusal: RequestRefusedError) -> Message:
    return {"type": "connection_error", "payload": {"errors": [_error(refusal)]}}


def refused(refusal: RequestRefusedError, id: str | None = None) -> Message:  # noqa: A002 - the protocol's name
    return failed([_error(refusal)], id)


def failed(errors: list[dict[str, Any]], id: str | None = None) -> Message:  # noqa: A002
    message: Message = {"type": "error", "payload": {"errors": errors}}
    return message if id is None else {"id": id, **message}


def _error(refusal: RequestRefusedError) -> dict[str, Any]:
    return {"errorType": refusal.error_type, "message": refusal.message, "errorCode": refusal.status}
