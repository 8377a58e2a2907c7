"""Signatures as Standard Webhooks 1.0 defines them: `v1` by a shared secret (HMAC-SHA256), `v1a` by ed25519.

Source: standardwebhooks.com, "Signature scheme" and "Secret serialization".
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from hashlib import sha256

from nacl.signing import SigningKey

SECRET, PRIVATE = "whsec_", "whsk_"


class BadKey(ValueError):  # noqa: N818 - it names what it is
    """A key that cannot be used. The text never quotes it."""


def sign(message_id: str, timestamp: int, body: bytes, keys: Sequence[str]) -> str:
    """The header `webhook-signature`: one signature for each key, by whichever of them the receiver knows."""
    content = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(_signature(content, key) for key in keys)


def _signature(content: bytes, key: str) -> str:
    if key.startswith(SECRET):
        return f"v1,{b64encode(hmac.new(_bytes(key, SECRET), content, sha256).digest()).decode()}"
    if key.startswith(PRIVATE):
        # The seed alone, or with the public key behind it, as libsodium writes a secret key.
        seed = _bytes(key, PRIVATE)[:32]
        return f"v1a,{b64encode(SigningKey(seed).sign(content).signature).decode()}"
    raise BadKey(f"a key begins with {SECRET} or {PRIVATE}")


def _bytes(key: str, prefix: str) -> bytes:
    try:
        content = b64decode(key.removeprefix(prefix), validate=True)
    except Base64Error:
        raise BadKey(f"a key that begins with {prefix} is not base64") from None
    if not 24 <= len(content) <= 64 or (prefix == PRIVATE and len(content) not in (32, 64)):
        raise BadKey(f"a key that begins with {prefix} has {len(content)} bytes")
    return content
