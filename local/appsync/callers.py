"""Who calls: one verified caller per request, or the refusal that AppSync answers with.

AppSync tells the mode by the credentials: `x-api-key` is an API key, an `Authorization` that starts with
`AWS4-HMAC-SHA256` is a SigV4 signature, anything else in it is a token.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from local.appsync.cognito import Tokens
from local.appsync.definition import API_KEY, IAM, USER_POOLS, Definition
from local.appsync.errors import unauthorized
from local.appsync.iam import Field, Signatures, SignedRequest, nobody


@dataclass(frozen=True)
class Caller:
    """`identity` is what resolvers read as `ctx.identity`; None for an API key. `permitted`: the fields of Query,
    Mutation and Subscription that an IAM caller's policies allow, None for any other."""

    mode: str
    identity: dict[str, Any] | None = None
    groups: frozenset[str] = field(default=frozenset())
    permitted: frozenset[Field] | None = None


@dataclass(frozen=True)
class Authentication:
    """How credentials are checked."""

    tokens: Tokens
    signatures: Signatures = nobody

    def caller(
        self, definition: Definition, request: SignedRequest, source_ip: list[str], iam_fields: list[Field]
    ) -> Caller:
        """The caller, or RequestRefusedError (401). `iam_fields`: those that the schema opens to IAM callers."""
        headers = request.headers
        credential = headers.get("authorization", "")
        if credential.startswith("AWS4-HMAC-SHA256"):
            if IAM not in definition.modes:
                raise unauthorized("You are not authorized to make this call.")
            return self._signer(definition, request, source_ip, iam_fields)
        if credential and USER_POOLS in definition.modes:
            return cognito_caller(self.tokens.verify(credential, definition.user_pools), source_ip)
        if "x-api-key" in headers and API_KEY in definition.modes:
            if definition.api_keys.get(headers["x-api-key"], 0) <= time.time():
                raise unauthorized("You are not authorized to make this call.")
            return Caller(API_KEY)
        raise unauthorized("Valid authorization header not provided.")

    def _signer(
        self, definition: Definition, request: SignedRequest, source_ip: list[str], iam_fields: list[Field]
    ) -> Caller:
        """Source: AWS AppSync Developer Guide, "JavaScript resolver context object reference", on AWS_IAM."""
        signer = self.signatures(request, definition.api_id, iam_fields)
        identity = {
            "accountId": signer.account,
            "cognitoIdentityPoolId": None,
            "cognitoIdentityId": None,
            "cognitoIdentityAuthType": None,
            "cognitoIdentityAuthProvider": None,
            "sourceIp": source_ip,
            "username": signer.user_id,
            "userArn": signer.arn,
        }
        return Caller(IAM, identity, permitted=signer.permitted)


def cognito_caller(claims: dict[str, Any], source_ip: list[str]) -> Caller:
    """Source: AWS AppSync Developer Guide, "JavaScript resolver context object reference", on Identity.

    An access token carries its user's name as `username`, an ID token as `cognito:username`.
    """
    groups = claims.get("cognito:groups")
    identity = {
        "sub": claims["sub"],
        "issuer": claims["iss"],
        "username": claims.get("cognito:username") or claims.get("username"),
        "claims": claims,
        "sourceIp": source_ip,
        "defaultAuthStrategy": "ALLOW",
        "groups": groups,
    }
    return Caller(USER_POOLS, identity, frozenset(groups or ()))
