"""Merchants for the pages' tests: they are there to be ordered from, and do as a test says."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from delivery_events.envelope import rfc3339

from local.platform import Platform
from local.simulator import operations as op
from local.simulator.accounts import Accounts, Wanted
from local.simulator.api import MerchantApi
from local.simulator.city import Merchant
from local.simulator.geometry import Point
from local.simulator.session import CallLog, HttpSession

PLACES = {
    "merchant-901": Point(40.4432, -79.9843),
    "merchant-902": Point(40.4365, -79.9770),
    "merchant-903": Point(40.4395, -79.9892),
}
RADIUS_M = 6_000


@dataclass(frozen=True)
class Kitchen:
    """One merchant's staff. Every method waits for the platform's answer, which it raises when that is a refusal."""

    platform: Platform
    token: str

    def confirm(self, order_id: str, *, ready_in_s: float = 20, promised_in_s: float = 1800) -> None:
        ready, promised = (rfc3339(datetime.now(UTC) + timedelta(seconds=each)) for each in (ready_in_s, promised_in_s))
        self.run(op.CONFIRM_ORDER.document, id=order_id, ready=ready, promised=promised)

    def ready(self, order_id: str) -> None:
        self.run(op.MARK_ORDER_READY.document, id=order_id)

    def pending(self) -> list[str]:
        edges = self.run(op.MY_MERCHANT_ORDERS.document)["myMerchantOrders"]["edges"]
        return [edge["node"]["id"] for edge in edges if edge["node"]["status"] == "PENDING"]

    def run(self, document: str, **variables: Any) -> dict[str, Any]:
        return call(self.platform, self.token, document, **variables)


def call(platform: Platform, token: str, document: str, **variables: Any) -> dict[str, Any]:
    """The answer's data. Raises AssertionError with the refusal."""
    body = {"query": document, "variables": variables}
    answer = httpx.post(platform.graphql_url, json=body, headers={"Authorization": token}, timeout=20).json()
    assert not answer.get("errors"), answer["errors"]
    data: dict[str, Any] = answer["data"]
    return data


def opened(platform: Platform) -> dict[str, Kitchen]:
    """The merchants, by id, each with a profile."""
    cognito = platform.aws.client("cognito-idp")
    accounts = Accounts(cognito, user_pool_id=platform.user_pool_id, client_id=platform.client_id)
    signed_in = accounts.ensure([Wanted(key, "merchant", merchant_id=key) for key in PLACES])
    asyncio.run(_profiles(platform, {key: account.token for key, account in signed_in.items()}))
    return {key: Kitchen(platform, account.token) for key, account in signed_in.items()}


async def _profiles(platform: Platform, tokens: dict[str, str]) -> None:
    async with httpx.AsyncClient(timeout=20) as http:
        for key, place in PLACES.items():
            session = HttpSession(http, platform.graphql_url, tokens[key], CallLog())
            await MerchantApi(session).put_merchant(Merchant(key, place), "USD", RADIUS_M)
