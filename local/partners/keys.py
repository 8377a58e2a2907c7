"""A partner's signing keys: made here, kept in an encrypted parameter of AWS Systems Manager, and shown once.

A parameter and not a secret of Secrets Manager: encrypted alike and free, where a secret costs $0.40 a month. The form
is that of Standard Webhooks.
"""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from delivery_events.envelope import rfc3339

from infra import names

Kind = Literal["v1", "v1a"]
_PREFIX = {"v1": "whsec_", "v1a": "whsk_"}


@dataclass(frozen=True)
class Rotated:
    """key: what the partner verifies with: a shared secret (v1), or the public key of a pair (v1a). old_until: when the
    keys that it replaces stop signing; None if there were none."""

    partner: str
    kind: Kind
    key: str
    old_until: str | None


def rotate(ssm: Any, partner: str, kind: Kind, *, keep: timedelta, now: datetime) -> Rotated:
    """Make a new key of a kind. Those of the same kind that sign now go on for `keep`; other kinds stay as they are."""
    ours, theirs = _pair() if kind == "v1a" else _secret()
    until = rfc3339(now + keep)
    kept = [each for each in read(ssm, partner) if "until" not in each or each["until"] > rfc3339(now)]
    replaced = [each for each in kept if each["key"].startswith(_PREFIX[kind])]
    for each in replaced:
        each["until"] = min(each.get("until", until), until)
    ssm.put_parameter(
        Name=names.partner_keys(partner),
        Value=json.dumps([{"key": ours}, *kept]),
        Type="SecureString",
        Overwrite=True,
    )
    return Rotated(partner, kind, theirs, until if replaced else None)


def read(ssm: Any, partner: str) -> list[dict[str, str]]:
    try:
        value = ssm.get_parameter(Name=names.partner_keys(partner), WithDecryption=True)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        return []
    found: list[dict[str, str]] = json.loads(value)
    return found


def exist(ssm: Any, partner: str) -> bool:
    """Whether a partner has keys, without reading them."""
    return bool(ssm.get_parameters(Names=[names.partner_keys(partner)], WithDecryption=False)["Parameters"])


def _secret() -> tuple[str, str]:
    secret = f"whsec_{b64encode(token_bytes(32)).decode()}"
    return secret, secret


def _pair() -> tuple[str, str]:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return (
        f"whsk_{b64encode(private.private_bytes_raw() + public).decode()}",
        f"whpk_{b64encode(public).decode()}",
    )
