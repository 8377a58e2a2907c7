"""Pagination tokens: encrypted, so that no key leaks to a caller, and bound to the resolver that gave them.

Source: "Query", on nextToken: AppSync encrypts the token and it cannot be used with another resolver. The key lives
as long as this process.
"""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from local.appsync.dynamodb.values import Wire, to_plain, to_wire_map
from local.appsync.errors import FieldError, FieldFailedError

_fernet = Fernet(Fernet.generate_key())


def seal(resolver: str, last_key: dict[str, Wire] | None) -> str | None:
    """The token for the next page, or None after the last one."""
    if not last_key:
        return None
    key = {name: _json(value) for name, value in last_key.items()}
    return _fernet.encrypt(json.dumps([resolver, key]).encode()).decode()


def unseal(resolver: str, token: Any) -> dict[str, Wire]:
    """The key behind a token, or an error on the field when it is forged or another resolver's."""
    try:
        owner, key = json.loads(_fernet.decrypt(str(token).encode()))
    except InvalidToken:
        owner, key = None, {}
    if owner != resolver:
        raise FieldFailedError(FieldError("Invalid pagination token given.", "BadRequestException"))
    return to_wire_map(key, "$[nextToken]")


def _json(value: Wire) -> dict[str, Any]:
    """A key attribute (S, N or B) in the form resolvers write."""
    tag = next(iter(value))
    return {tag: value[tag] if tag == "N" else to_plain(value)}
