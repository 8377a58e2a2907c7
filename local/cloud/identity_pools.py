"""Whose credentials an identity pool gives out.

AWS: a pool's role mappings of type Rules choose the role by a claim of the caller's token; with `Deny`, a caller whom
no rule fits gets none (Amazon Cognito Developer Guide, "Using role-based access control"). In a role's policy,
`${cognito-identity.amazonaws.com:sub}` stands for the caller's identity ("IAM roles", same guide). MiniStack keeps the
mappings and gives everybody the pool's default role, and leaves the variable as it stands: nothing matches it.

Replaced: `ministack.services.cognito._get_credentials_for_identity`, which answers GetCredentialsForIdentity, and
`ministack.core.iam_evaluator.resolve_principal`, which finds a caller's policies. Refused: mappings of type Token.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import jwt
from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json
from ministack.services import cognito, sts

from local.cloud import patch

_VARIABLE = "${cognito-identity.amazonaws.com:sub}"

Answer = tuple[int, Any, bytes]


def install() -> None:
    """Lets rules choose roles, and identities stand in policies."""
    patch.require(cognito, "_identity_pools")
    patch.require(sts, "_sessions")

    def by_rule(original: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
        def credentials(request: dict[str, Any]) -> Answer:
            answer = original(request)
            return answer if answer[0] >= 400 else _with_role(request, answer)

        return credentials

    patch.replace(cognito, "_get_credentials_for_identity", by_rule)

    def with_identity(original: Callable[..., Any]) -> Callable[..., Any]:
        def principal(access_key_id: str, *args: Any, **kwargs: Any) -> Any:
            found = original(access_key_id, *args, **kwargs)
            identity = (sts._sessions.get(access_key_id) or {}).get("_identity_id")
            policies = getattr(found, "policies", None)
            if not identity or policies is None:
                return found
            return replace(found, policies=[[_for(identity, each) for each in policy] for policy in policies])

        return principal

    patch.replace(iam_evaluator, "resolve_principal", with_identity)


def chosen_role(mappings: Mapping[str, Any], claims: Mapping[str, Any]) -> str | None:
    """The role that the first fitting rule gives, None if none fits. Raises ValueError for what is not known here."""
    for mapping in mappings.values():
        if mapping.get("Type") != "Rules" or mapping.get("AmbiguousRoleResolution") != "Deny":
            raise ValueError("only role mappings of type Rules with AmbiguousRoleResolution Deny are known here")
        for rule in mapping["RulesConfiguration"]["Rules"]:
            if _fits(rule, claims.get(rule["Claim"])):
                return str(rule["RoleARN"])
    return None


def _fits(rule: Mapping[str, Any], claim: Any) -> bool:
    values = [str(each) for each in (claim if isinstance(claim, list) else [] if claim is None else [claim])]
    wanted = rule["Value"]
    match rule["MatchType"]:
        case "Equals":
            return wanted in values
        case "Contains":
            return any(wanted in value for value in values)
        case unknown:
            raise ValueError(f"the match type {unknown} is not known here")


def _with_role(request: Mapping[str, Any], answer: Answer) -> Answer:
    session = sts._sessions[json.loads(answer[2])["Credentials"]["AccessKeyId"]]
    mappings = (cognito._identity_pools.get(session["_identity_pool_id"]) or {}).get("_role_mappings")
    if not mappings:
        return answer
    claims: dict[str, Any] = {}
    for token in (request.get("Logins") or {}).values():  # the pool has checked them before it gave anything out
        claims |= jwt.decode(token, options={"verify_signature": False})
    try:
        role = chosen_role(mappings, claims)
    except ValueError as problem:
        return _refused("InvalidIdentityPoolConfigurationException", str(problem))
    if role is None:
        return _refused("NotAuthorizedException", "Token is not from a supported provider of this identity pool.")
    account, name = role.split(":")[4], role.rpartition("/")[2]
    session["Arn"] = f"arn:aws:sts::{account}:assumed-role/{name}/CognitoIdentityCredentials"
    return answer


def _refused(code: str, message: str) -> Answer:
    refusal: Answer = error_response_json(code, message, 400)
    return refusal


def _for(identity: str, statement: Any) -> Any:
    return replace(statement, resources=[each.replace(_VARIABLE, identity) for each in statement.resources])
