"""Verification of Cognito user pool tokens against the pools' published keys.

The issuer in a token is the real AWS URL even on a local cloud, so where keys are fetched is configured, not derived.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import httpx
import jwt

from local.appsync.definition import UserPool
from local.appsync.errors import unauthorized

KeySet = dict[str, jwt.PyJWK]

_REMEMBERED = 4096  # verified tokens
_REFETCH_AFTER = 5.0  # seconds between two fetches of one pool's keys that an unknown key id may cause


def fetch_keys(cloud: str) -> Callable[[UserPool], KeySet]:
    """Keys from a local cloud's `/{poolId}/.well-known/jwks.json`; raises httpx.HTTPError."""

    def fetch(pool: UserPool) -> KeySet:
        answer = httpx.get(f"{cloud}/{pool.pool_id}/.well-known/jwks.json", timeout=5)
        answer.raise_for_status()
        return {key["kid"]: jwt.PyJWK(key, algorithm="RS256") for key in answer.json()["keys"]}

    return fetch


class Tokens:
    """Verifies tokens. A token's signature is checked once, its expiry every time; safe across threads."""

    def __init__(self, fetch: Callable[[UserPool], KeySet], now: Callable[[], float] = time.time) -> None:
        self._fetch = fetch
        self._now = now
        self._lock = threading.Lock()
        self._verified: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._keys: dict[UserPool, tuple[float, KeySet]] = {}

    def forget(self) -> None:
        """Drop what was verified and fetched: after a new deployment pools and keys may be others."""
        with self._lock:
            self._verified.clear()
            self._keys.clear()

    def verify(self, token: str, pools: tuple[UserPool, ...]) -> dict[str, Any]:
        """The claims of an ID or access token of one of `pools`, or RequestRefusedError (401)."""
        with self._lock:
            claims = self._verified.get(token)
        if claims is None:
            claims = self._check(token, pools)
            with self._lock:
                self._verified[token] = claims
                if len(self._verified) > _REMEMBERED:
                    self._verified.popitem(last=False)
        if claims["exp"] <= self._now():
            raise unauthorized("Token has expired.")
        return claims

    def _check(self, token: str, pools: tuple[UserPool, ...]) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except jwt.InvalidTokenError as error:
            raise unauthorized("Unable to parse JWT token.") from error
        pool = next((pool for pool in pools if pool.issuer == issuer), None)
        key = None if pool is None else self._key(pool, str(header.get("kid")))
        if pool is None or key is None:
            raise unauthorized("Valid authorization header not provided.")
        try:
            # Expiry is checked by the caller, so that an expired token is told apart from a forged one.
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=pool.issuer,
                options={"require": ["exp", "iss", "sub", "token_use"], "verify_aud": False, "verify_exp": False},
            )
        except jwt.InvalidTokenError as error:
            raise unauthorized("Valid authorization header not provided.") from error
        if not _is_for(claims, pool):
            raise unauthorized("Valid authorization header not provided.")
        return claims

    def _key(self, pool: UserPool, key_id: str) -> jwt.PyJWK | None:
        fetched, keys = self._keys.get(pool, (-_REFETCH_AFTER, {}))
        if key_id not in keys and time.monotonic() - fetched >= _REFETCH_AFTER:
            try:
                keys = self._fetch(pool)
            except httpx.HTTPError as error:
                raise unauthorized(f"The keys of user pool {pool.pool_id} cannot be fetched: {error}") from error
            self._keys[pool] = (time.monotonic(), keys)
        return keys.get(key_id)


def _is_for(claims: dict[str, Any], pool: UserPool) -> bool:
    """Whether it is an ID or access token, issued to a client that the API lets in.

    An ID token names its client as `aud`, an access token as `client_id`.
    """
    client = {"id": claims.get("aud"), "access": claims.get("client_id")}.get(claims["token_use"])
    return isinstance(client, str) and (pool.client_ids is None or re.fullmatch(pool.client_ids, client) is not None)
