"""Verification of requests signed with AWS credentials (Signature Version 4), and what their signer may ask.

Source: AWS AppSync Developer Guide, "Configuring authorization and authentication", on AWS_IAM: a policy allows
`appsync:GraphQL` on `apis/<id>/types/<Type>/fields/<field>`. The local cloud knows keys and policies, so it judges.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from local.appsync.errors import RequestRefusedError, unauthorized

ACTION = "appsync:GraphQL"

Field = tuple[str, str]  # type and name


@dataclass(frozen=True)
class SignedRequest:
    """What a signature covers. Header names are lower case."""

    headers: Mapping[str, str]
    path: str
    body: bytes
    method: str = "POST"
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Signer:
    """Whose signature it is. `permitted`: the fields that the signer's policies allow."""

    account: str
    arn: str
    user_id: str
    access_key: str
    permitted: frozenset[Field]


Signatures = Callable[[SignedRequest, str, list[Field]], Signer]


def signatures_of(client: httpx.Client) -> Signatures:
    """Has the local cloud judge, which `client` asks. A call raises RequestRefusedError: 401 for a bad signature, 503
    without an answer."""

    def judge(request: SignedRequest, api_id: str, fields: list[Field]) -> Signer:
        try:
            answer = client.post("/_ministack/signatures", json=_question(request, api_id, fields))
        except httpx.HTTPError as error:
            raise RequestRefusedError(503, "ServiceUnavailableException", f"IAM does not answer: {error}") from error
        if answer.status_code == 403:
            raise unauthorized(f"{answer.json()['code']}: {answer.json()['message']}")
        answer.raise_for_status()
        found = answer.json()
        permitted = frozenset(each for each, allowed in zip(fields, found["allowed"], strict=True) if allowed)
        return Signer(found["account"], found["arn"], found["user_id"], found["access_key"], permitted)

    return judge


def _question(request: SignedRequest, api_id: str, fields: list[Field]) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": request.path,
        "query": dict(request.query),
        "headers": dict(request.headers),
        "body": base64.b64encode(request.body).decode(),
        "action": ACTION,
        "resources": [f"apis/{api_id}/types/{type_name}/fields/{name}" for type_name, name in fields],
    }


def nobody(_request: SignedRequest, _api_id: str, _fields: list[Field]) -> Signer:
    """Refuses every signature: for an API served without a cloud."""
    raise unauthorized("The security token included in the request is invalid.")
