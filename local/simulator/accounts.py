"""Accounts in the platform's user pool: made if they are not there yet, signed in, told apart by name."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

# Every simulated account has it. It protects nothing: the local cloud answers on this machine only.
PASSWORD = "Simulated-user-1!"  # noqa: S105
_THREADS = 6


@dataclass(frozen=True)
class Wanted:
    """An account to have. name: the user name; merchant_id: whose orders it may see, of a merchant's account;
    partner_id: whose deliveries, of a partner's."""

    name: str
    group: str
    merchant_id: str | None = None
    partner_id: str | None = None

    @property
    def claims(self) -> dict[str, str]:
        """What only an administrator can say of an account."""
        given = {"custom:merchant_id": self.merchant_id, "custom:partner_id": self.partner_id}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Account:
    """id: the token's `sub`, by which the platform knows the account."""

    name: str
    id: str
    token: str


class Accounts:
    def __init__(self, cognito: "CognitoIdentityProviderClient", *, user_pool_id: str, client_id: str) -> None:
        self._cognito = cognito
        self._pool = user_pool_id
        self._client = client_id

    def ensure(self, wanted: list[Wanted]) -> dict[str, Account]:
        """All accounts signed in, by name. Those that are there already are used again."""
        with ThreadPoolExecutor(_THREADS) as threads:
            return {account.name: account for account in threads.map(self._ensure, wanted)}

    def sign_in(self, name: str) -> Account | None:
        """None if there is no such account with the simulation's password."""
        try:
            answer = self._cognito.initiate_auth(
                ClientId=self._client,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
            )
        except (self._cognito.exceptions.NotAuthorizedException, self._cognito.exceptions.UserNotFoundException):
            return None
        token = answer["AuthenticationResult"]["IdToken"]
        return Account(name, claims(token)["sub"], token)

    def find(self, ids: set[str]) -> list[Account]:
        """Those of the accounts with these ids that the simulation made, signed in."""
        pages = self._cognito.get_paginator("list_users").paginate(UserPoolId=self._pool)
        names = [u["Username"] for page in pages for u in page["Users"] if _sub(u["Attributes"]) in ids]
        return [account for account in map(self.sign_in, names) if account]

    def _ensure(self, wanted: Wanted) -> Account:
        account = self.sign_in(wanted.name)
        if account and _as_wanted(claims(account.token), wanted):
            return account
        self._create(wanted)
        account = self.sign_in(wanted.name)
        if account is None:
            raise RuntimeError(f"the account {wanted.name} was made but cannot sign in")
        return account

    def _create(self, wanted: Wanted) -> None:
        attributes: list[AttributeTypeTypeDef] = [
            {"Name": "email", "Value": f"{wanted.name}@example.invalid"},
            {"Name": "email_verified", "Value": "true"},
        ]
        attributes += [{"Name": name, "Value": value} for name, value in wanted.claims.items()]
        user: dict[str, Any] = {"UserPoolId": self._pool, "Username": wanted.name}
        try:
            self._cognito.admin_create_user(**user, UserAttributes=attributes, MessageAction="SUPPRESS")
        except self._cognito.exceptions.UsernameExistsException:
            self._cognito.admin_update_user_attributes(**user, UserAttributes=attributes)
        self._cognito.admin_set_user_password(**user, Password=PASSWORD, Permanent=True)
        self._cognito.admin_add_user_to_group(**user, GroupName=wanted.group)


def claims(token: str) -> dict[str, Any]:
    """What the token says. Not verified: it came from the user pool itself a moment ago."""
    content: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return content


def _sub(attributes: "Sequence[AttributeTypeTypeDef]") -> str | None:
    return next((a.get("Value") for a in attributes if a["Name"] == "sub"), None)


def _as_wanted(content: dict[str, Any], wanted: Wanted) -> bool:
    said = {name: value for name, value in content.items() if name.startswith("custom:")}
    return wanted.group in content.get("cognito:groups", []) and said == wanted.claims
