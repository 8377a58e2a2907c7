"""Who signed a request that another process received, and what they may do: for the gateway of the GraphQL API.

POST /_ministack/signatures takes a JSON body {"method", "path", "query", "headers": {name in lower case: value},
"body": base64, "action", "resources": [what follows `arn:aws:<service>:<region>:<account>:`]}. It answers {"account",
"arn", "user_id", "access_key", "allowed": [whether the policies allow the action on each resource]}, or 403 {"code",
"message"}. AWS has nothing like it: there each service does this itself. MiniStack checks signatures (Signature Version
4) and policies of the requests that it serves; these are its own functions. Replaces nothing.
"""

import base64
import json
from typing import Any

from ministack.core import iam_evaluator, sigv4

from local.cloud import patch
from local.cloud.api import JsonObject
from local.cloud.settings import ACCOUNT, REGION
from local.cloud.transport import Application, Scope

PATH = "/_ministack/signatures"

_NEEDED = {
    iam_evaluator: ("resolve_credential", "resolve_principal", "evaluate", "EvalContext"),
    sigv4: ("parse_header_signature", "request_time_failure", "header_signature_failure"),
}


class RefusedSignatureError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def install() -> None:
    """Checks that MiniStack has what is used."""
    for module, names in _NEEDED.items():
        patch.require(module, *names)


def answering(application: Application) -> Application:
    """`application`, with the question answered beside it."""

    async def served(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await application(scope, receive, send)
            return
        try:
            status, answer = 200, judged(json.loads(await _body(receive)))
        except RefusedSignatureError as error:
            status, answer = 403, {"code": error.code, "message": str(error)}
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

    return served


async def _body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


def judged(request: JsonObject) -> JsonObject:
    """Raises RefusedSignatureError for a signature that is not good."""
    headers: dict[str, str] = request["headers"]
    signature = sigv4.parse_header_signature(headers)
    if isinstance(signature, tuple):
        raise RefusedSignatureError(*signature)
    if late := sigv4.request_time_failure(signature):
        raise RefusedSignatureError(*late)
    token = headers.get("x-amz-security-token", "")
    credential = iam_evaluator.resolve_credential(signature.access_key_id, ACCOUNT, token)
    if isinstance(credential, iam_evaluator.CredentialResolutionError):
        raise RefusedSignatureError(credential.code, credential.message)
    body = base64.b64decode(request["body"])
    if wrong := sigv4.header_signature_failure(
        signature, credential.secret_access_key, request["method"], request["path"], _query(request), headers, body
    ):
        raise RefusedSignatureError(*wrong)
    return _allowed(request, signature, credential)


def _query(request: JsonObject) -> dict[str, list[str]]:
    return {name: [value] for name, value in (request.get("query") or {}).items()}


def _allowed(request: JsonObject, signature: Any, credential: Any) -> JsonObject:
    principal = iam_evaluator.resolve_principal(signature.access_key_id, ACCOUNT, credential)
    if isinstance(principal, iam_evaluator.AuthError):
        raise RefusedSignatureError(principal.code, principal.message)
    prefix = f"arn:aws:{signature.service}:{REGION}:{principal.account}:"
    return {
        "account": principal.account,
        "arn": principal.arn,
        "user_id": credential.principal_id,
        "access_key": signature.access_key_id,
        "allowed": [_allows(principal, request["action"], prefix + each) for each in request["resources"]],
    }


def _allows(principal: Any, action: str, resource: str) -> bool:
    if principal.policies is None:  # the account's root
        return True
    context = iam_evaluator.EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.type,
        principal_account=principal.account,
        action=action,
        resource_arn=resource,
        region=REGION,
        principal_keys=principal.keys,
    )
    decision: str = iam_evaluator.evaluate(context, principal.policies, *principal.limits).decision
    return decision == "Allow"
