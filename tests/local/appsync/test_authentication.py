"""Who gets in: AWS AppSync Developer Guide, "Configuring authorization and authentication to secure your GraphQL APIs".

Each refusal is HTTP 401 with `UnauthorizedException`, before anything is executed.
"""

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from local.appsync.callers import Authentication
from local.appsync.cognito import KeySet, Tokens
from local.appsync.definition import API_KEY, USER_POOLS, UserPool
from local.appsync.errors import RequestRefusedError
from local.appsync.iam import SignedRequest
from tests.local.appsync.made import POOL, code, definition
from tests.local.appsync.served import Served, serve

KEY_ID, CLIENT = "key-1", "client-1"
SDL = "type Query { me: AWSJSON }"
ME = {"Query.me": code(response="return JSON.stringify(ctx.identity);")}
ONE_CLIENT = UserPool(POOL.pool_id, POOL.region, client_ids=f"^({CLIENT})$")


@cache
def signing_key(name: str = KEY_ID) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(_pool: UserPool) -> KeySet:
    key = jwt.algorithms.RSAAlgorithm.to_jwk(signing_key().public_key(), as_dict=True)
    return {KEY_ID: jwt.PyJWK({**key, "kid": KEY_ID}, algorithm="RS256")}


def claims(**changes: Any) -> dict[str, Any]:
    """An ID token's claims; a value of None removes one."""
    found = {
        "sub": "user-1",
        "iss": POOL.issuer,
        "aud": CLIENT,
        "token_use": "id",
        "exp": int(time.time()) + 600,
        "cognito:username": "someone",
        "cognito:groups": ["customer"],
    } | changes
    return {name: value for name, value in found.items() if value is not None}


def token(key: rsa.RSAPrivateKey | None = None, key_id: str = KEY_ID, **changes: Any) -> str:
    return jwt.encode(claims(**changes), key or signing_key(), algorithm="RS256", headers={"kid": key_id})


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(definition(SDL, ME, user_pools=(ONE_CLIENT,)), Tokens(published)) as served:
        yield served


def ask(served: Served, **headers: str) -> httpx.Response:
    return served.post({"query": "{ me }"}, **headers)


def test_an_id_token_is_let_in_as_the_identity_that_resolvers_see(served: Served) -> None:
    answer = ask(served, authorization=token(), **{"x-forwarded-for": "192.0.2.1"})
    assert answer.status_code == 200
    identity = json.loads(answer.json()["data"]["me"])
    assert identity.pop("claims")["aud"] == CLIENT
    assert identity == {
        "sub": "user-1",
        "issuer": POOL.issuer,
        "username": "someone",
        "sourceIp": ["192.0.2.1", "192.0.2.9"],
        "defaultAuthStrategy": "ALLOW",
        "groups": ["customer"],
    }


def test_an_access_token_is_let_in_by_its_client_id(served: Served) -> None:
    access: dict[str, Any] = {
        "token_use": "access",
        "aud": None,
        "client_id": CLIENT,
        "cognito:username": None,
        "username": "someone",
    }
    answer = ask(served, authorization=token(**access))
    assert json.loads(answer.json()["data"]["me"])["username"] == "someone"


def encoded(content: bytes | dict[str, Any]) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned() -> str:
    return f"{encoded({'alg': 'none', 'kid': KEY_ID})}.{encoded(claims())}."


def tampered() -> str:
    head, _, signature = token().split(".")
    return f"{head}.{encoded(claims(sub='somebody-else'))}.{signature}"


def signed_with_the_public_key() -> str:
    """PyJWT would not make such a token, so it is made by hand."""
    public = signing_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{encoded({'alg': 'HS256', 'kid': KEY_ID})}.{encoded(claims())}"
    return f"{signed}.{encoded(hmac.digest(public, signed.encode(), 'sha256'))}"


REFUSED: dict[str, Callable[[], str]] = {
    "claims that were tampered with": tampered,
    "another's signature": lambda: token(signing_key("another")),
    "no signature": unsigned,
    "the public key used as a secret": signed_with_the_public_key,
    "a key that the pool does not publish": lambda: token(key_id="key-2"),
    "another pool": lambda: token(iss=POOL.issuer + "2"),
    "another issuer": lambda: token(iss="https://example.invalid"),
    "another client": lambda: token(aud="client-2"),
    "a client whose name only begins so": lambda: token(aud=f"{CLIENT}2"),
    "an access token of another client": lambda: token(token_use="access", aud=CLIENT, client_id="client-2"),
    "a refresh token": lambda: token(token_use="refresh"),
    "no use": lambda: token(token_use=None),
    "no subject": lambda: token(sub=None),
    "no expiry": lambda: token(exp=None),
    "what is no token": lambda: "letmein",
    "a scheme before the token": lambda: f"Bearer {token()}",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_token_is_refused_for(served: Served, name: str) -> None:
    answer = ask(served, authorization=REFUSED[name]())
    assert answer.status_code == 401
    [error] = answer.json()["errors"]
    assert error["errorType"] == "UnauthorizedException"
    assert "data" not in answer.json()


def test_no_credentials_are_refused(served: Served) -> None:
    answer = ask(served)
    assert (answer.status_code, answer.json()) == (
        401,
        {"errors": [{"errorType": "UnauthorizedException", "message": "Valid authorization header not provided."}]},
    )


def test_a_token_that_was_let_in_is_refused_once_it_has_expired() -> None:
    clock = [time.time()]
    tokens, shown = Tokens(published, now=lambda: clock[0]), token()
    assert tokens.verify(shown, (POOL,))["sub"] == "user-1"
    clock[0] += 601
    with pytest.raises(RequestRefusedError, match="Token has expired") as refused:
        tokens.verify(shown, (POOL,))
    assert (refused.value.status, refused.value.error_type) == (401, "UnauthorizedException")


def test_without_a_client_expression_any_client_of_the_pool_is_let_in() -> None:
    assert Tokens(published).verify(token(aud="client-2"), (POOL,))["aud"] == "client-2"


def test_an_api_key_is_let_in_until_it_expires_and_a_token_is_not_where_it_is_no_mode() -> None:
    keys = {"good": int(time.time()) + 60, "old": int(time.time()) - 60}
    only_keys = definition(SDL, ME, default_mode=API_KEY, modes=frozenset({API_KEY}), user_pools=(), api_keys=keys)

    def enter(**headers: str) -> str:
        request = SignedRequest(headers, "/graphql", b"")
        return Authentication(Tokens(published)).caller(only_keys, request, [], []).mode

    assert enter(**{"x-api-key": "good"}) == API_KEY
    for headers in ({"x-api-key": "old"}, {"x-api-key": "none"}, {"authorization": token()}):
        with pytest.raises(RequestRefusedError) as refused:
            enter(**headers)
        assert refused.value.status == 401


def test_a_signed_request_is_refused_where_iam_is_no_mode() -> None:
    request = SignedRequest({"authorization": "AWS4-HMAC-SHA256 Credential=test"}, "/graphql", b"")
    deployed = definition(SDL, ME, modes=frozenset({USER_POOLS}))
    with pytest.raises(RequestRefusedError, match="not authorized"):
        Authentication(Tokens(published)).caller(deployed, request, [], [])


def test_unknown_key_ids_do_not_make_the_pool_publish_its_keys_again_and_again() -> None:
    fetched: list[str] = []

    def fetch(pool: UserPool) -> KeySet:
        fetched.append(pool.pool_id)
        return published(pool)

    tokens = Tokens(fetch)
    for number in range(5):
        with pytest.raises(RequestRefusedError):
            tokens.verify(token(key_id=f"unknown-{number}"), (POOL,))
    assert tokens.verify(token(), (POOL,))["sub"] == "user-1"
    assert fetched == [POOL.pool_id]
