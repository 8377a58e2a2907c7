"""One order on the deployed platform, watched by everybody it concerns, with a client that is not ours: gql's AppSync
transport."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from botocore.credentials import Credentials
from gql import Client, gql
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncIAMAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import TransportQueryError

from infra import names
from local.platform import Platform
from local.simulator.api import CustomerApi
from local.simulator.geometry import offset
from local.simulator.phone import Fix
from local.simulator.seed import Seeded, seed
from local.simulator.session import CallLog, HttpSession, Operation, Refused
from tests.flow.test_one_order import CITY, HOME, ORDER, PATIENCE, TRACKING, until

pytestmark = pytest.mark.local_cloud

STATUS = "subscription($id: ID!) { onOrderStatusChanged(orderId: $id) { status driverId sequence } }"
OFFERS = "subscription($id: ID!) { onDeliveryOffered(driverId: $id) { deliveryId kind expiresAt sequence } }"
MOVES = "subscription($id: ID!) { onDriverMoved(orderId: $id) { position { lat lng } expectedArrivalAt sequence } }"
FLEET = "subscription { onFleetChanged { zone driver { id state } delivery { id state } } }"
SHARED = "subscription($id: ID!) { onSharedTrackingChanged(token: $id) { status position { lat lng } } }"
SHARE = Operation("shareTracking", "mutation($id: ID!) { shareTracking(orderId: $id) { token } }")
LOOK = "query($token: ID!) { sharedTracking(token: $token) { status position { lat } timeline { type } } }"
PIN = Operation("order", "query($id: ID!) { order(id: $id) { handoverPin } }")
DELIVER = Operation(
    "deliver", "mutation($id: ID!, $proof: ProofInput!) { deliver(deliveryId: $id, proof: $proof) { deliveryId } }"
)


@dataclass
class Watching:
    """What one subscription was told. `ended`: the platform ended it."""

    told: list[dict[str, Any]] = field(default_factory=list)
    ended: bool = False

    def values(self, name: str) -> list[Any]:
        return [message[name] for message in self.told]

    async def until(self, wanted: Callable[["Watching"], bool]) -> None:
        async def itself() -> Watching:
            return self

        await until(itself, wanted)


@dataclass
class Everybody:
    """Subscribes through the real-time endpoint of a platform."""

    platform: Platform
    http: httpx.AsyncClient
    stack: AsyncExitStack

    @property
    def host(self) -> str:
        return urlsplit(self.platform.graphql_url).netloc

    def token(self, session: Any) -> AppSyncAuthentication:
        assert isinstance(session, HttpSession)
        return AppSyncJWTAuthentication(self.host, session.token)

    def key(self) -> str:
        ssm = self.platform.aws.client("ssm")
        return str(ssm.get_parameter(Name=names.API_KEY)["Parameter"]["Value"])

    async def watch(self, document: str, auth: AppSyncAuthentication, **variables: str) -> Watching:
        """Returns once the subscription stands."""
        before, watching = await self._standing(), Watching()
        task = asyncio.create_task(self._listen(document, auth, variables, watching))
        self.stack.push_async_callback(ended, task)

        async def standing() -> int:
            if task.done():
                await task  # raises what went wrong
            return await self._standing()

        await until(standing, lambda number: number > before)
        return watching

    async def _standing(self) -> int:
        health = (await self.http.get(self.platform.graphql_url.replace("/graphql", "/health"))).json()
        return int(health["subscriptions"])

    async def _listen(
        self, document: str, auth: AppSyncAuthentication, variables: dict[str, str], watching: Watching
    ) -> None:
        async with connected(self.host, auth) as session:
            request = gql(document)
            request.variable_values = variables
            async for result in session.subscribe(request):
                [value] = result.values()
                watching.told.append(value)
        watching.ended = True


async def ended(task: "asyncio.Task[None]") -> None:
    """Ends a subscription, and waits until its connection is closed."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def connected(host: str, auth: AppSyncAuthentication) -> AsyncIterator[Any]:
    transport = AppSyncWebsocketsTransport(url=f"ws://{host}/graphql/realtime", auth=auth)
    try:
        async with Client(transport=transport, fetch_schema_from_transport=False) as session:
            yield session
    finally:
        await asyncio.sleep(0.1)  # the library closes its socket after it has said so


@dataclass
class Seen:
    """By everybody, of one order."""

    customer: Watching
    driver: Watching
    offers: Watching
    way: Watching
    fleet: Watching
    shared: Watching
    link: dict[str, Any]


async def watched(order_id: str, platform: Platform) -> Seen:
    async with httpx.AsyncClient(timeout=30) as http, AsyncExitStack() as stack:
        people = await seed(CITY, platform, http, CallLog())
        everybody = Everybody(platform, http, stack)
        return await carry(order_id, people, everybody)


async def known(customer: CustomerApi, order_id: str) -> bool:
    """Whether tracking has heard of the order: it learns of it from an event."""
    try:
        await customer.session.run(TRACKING, id=order_id)
    except Refused:
        return False
    return True


async def carry(order_id: str, people: Seeded, everybody: Everybody) -> Seen:
    cast = people.cast
    customer, merchant = cast.customers["flow-customer"], cast.merchants["flow-merchant"]
    driver, driver_id = cast.drivers["flow-driver"], cast.driver_ids["flow-driver"]
    as_customer, as_driver = everybody.token(customer.session), everybody.token(driver.session)

    offers = await everybody.watch(OFFERS, as_driver, id=driver_id)
    fleet = await everybody.watch(FLEET, everybody.token(people.operator.session))
    await driver.go_on_duty(CITY.drivers[0].start)
    await customer.create_order(order_id, ORDER, CITY.currency)
    await until(merchant.orders, lambda orders: orders.get(order_id) == "PENDING")
    status = await everybody.watch(STATUS, as_customer, id=order_id)
    await until(partial(known, customer, order_id), bool)
    way = await everybody.watch(MOVES, as_customer, id=order_id)
    token = (await customer.session.run(SHARE, id=order_id))["token"]
    shared = await everybody.watch(SHARED, AppSyncApiKeyAuthentication(everybody.host, everybody.key()), id=token)

    await merchant.confirm(order_id, datetime.now(UTC) + timedelta(seconds=2))
    await offers.until(lambda seen: order_id in seen.values("deliveryId"))
    offer = next(each for each in await driver.offers() if order_id in each.delivery_ids)
    await driver.accept(offer)
    await status.until(lambda seen: "ASSIGNED" in seen.values("status"))
    for_driver = await everybody.watch(STATUS, as_driver, id=order_id)
    await driver.pick_up(order_id)
    await status.until(lambda seen: "PICKED_UP" in seen.values("status"))
    for number in range(1, 4):
        here = offset(HOME, east=-100.0 * number, north=0)
        await driver.report([Fix(datetime.now(UTC), here, 90.0, 5.0)])
        await way.until(lambda seen, number=number: len(seen.told) >= number)  # type: ignore[misc]
        await asyncio.sleep(1.5)  # no report is taken sooner
    pin = (await customer.session.run(PIN, id=order_id))["handoverPin"]
    await driver.session.run(DELIVER, id=order_id, proof={"kind": "PIN", "pin": pin})
    await driver.go_off_duty()
    await status.until(lambda seen: "DELIVERED" in seen.values("status"))
    await way.until(lambda seen: seen.ended)
    await shared.until(lambda seen: seen.ended)
    await for_driver.until(lambda seen: "DELIVERED" in seen.values("status"))
    body = {"query": LOOK, "variables": {"token": token}}
    answer = await everybody.http.post(
        everybody.platform.graphql_url, json=body, headers={"x-api-key": everybody.key()}
    )
    return Seen(status, for_driver, offers, way, fleet, shared, answer.json()["data"]["sharedTracking"])


def test_everybody_whom_an_order_concerns_is_told_as_it_happens(platform: Platform) -> None:
    order_id = str(uuid4())
    seen = asyncio.run(watched(order_id, platform))

    since = [status for status in seen.customer.values("status") if status != "PENDING"]  # told before, or just after
    assert since == ["CONFIRMED", "ASSIGNED", "PICKED_UP", "DELIVERED"]
    sequences = seen.customer.values("sequence")
    assert sequences == sorted(set(sequences))
    assert seen.driver.values("status") == ["PICKED_UP", "DELIVERED"]
    kinds = [each["kind"] for each in seen.offers.told if each["deliveryId"] == order_id]
    assert kinds[0] == "OFFERED"
    assert kinds[-1] == "ACCEPTED"
    reached = [each["delivery"]["state"] for each in seen.fleet.told if (each["delivery"] or {}).get("id") == order_id]
    assert reached[0] == "SEARCHING"
    assert reached[-1] == "DELIVERED"

    places = [each["position"]["lng"] for each in seen.way.told]
    assert len(places) == 3
    assert places == sorted(places, reverse=True)
    assert "DELIVERED" in seen.shared.values("status")
    assert any(each["position"] for each in seen.shared.told)
    assert (seen.link["status"], seen.link["position"]) == ("DELIVERED", None)
    assert "order.placed" in {entry["type"] for entry in seen.link["timeline"]}


async def refusal(platform: Platform, document: str, **variables: str) -> list[dict[str, Any]]:
    """What another customer gets for it."""
    async with httpx.AsyncClient(timeout=30) as http, AsyncExitStack() as stack:
        people = await seed(CITY, platform, http, CallLog())
        everybody = Everybody(platform, http, stack)
        auth = everybody.token(people.cast.customers["flow-customer"].session)
        with pytest.raises(TransportQueryError) as refused:
            async with asyncio.timeout(PATIENCE):
                await everybody.watch(document, auth, **variables)
        [payload] = refused.value.errors or []
        errors: list[dict[str, Any]] = payload["errors"]
        return errors


@pytest.mark.parametrize(("document", "error"), [(STATUS, "NotFound"), (MOVES, "NotFound"), (OFFERS, "Unauthorized")])
def test_who_may_not_watch_gets_the_reason_and_nothing_else(platform: Platform, document: str, error: str) -> None:
    [told] = asyncio.run(refusal(platform, document, id=str(uuid4())))
    assert told["errorType"] == error


def test_iam_credentials_open_a_connection_and_no_customers_subscription(platform: Platform) -> None:
    """The root of the local account: its signature is good, and the fields are not open to IAM."""
    host = urlsplit(platform.graphql_url).netloc
    good = AppSyncIAMAuthentication(host, platform.region, credentials=Credentials("test", "test"))
    bad = AppSyncIAMAuthentication(host, platform.region, credentials=Credentials("test", "wrong"))

    async def subscribe(auth: AppSyncAuthentication) -> None:
        async with connected(host, auth) as session:
            request = gql(STATUS)
            request.variable_values = {"id": str(uuid4())}
            async for _ in session.subscribe(request):
                raise AssertionError("nobody was to be told anything")

    with pytest.raises(TransportQueryError, match="Not Authorized to access onOrderStatusChanged"):
        asyncio.run(subscribe(good))
    with pytest.raises(Exception, match="SignatureDoesNotMatch"):
        asyncio.run(subscribe(bad))
