"""An order that stays open for as long as somebody looks at it: confirmed, and ready in an hour."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx

from local.platform import Platform
from local.simulator.city import ORIGIN, City, Contact, Customer, Item, Merchant, Order
from local.simulator.geometry import offset
from local.simulator.seed import Seeded, seed
from local.simulator.session import CallLog, Operation, insist

PATIENCE = 30.0  # seconds
SHARE = Operation("shareTracking", "mutation($id: ID!) { shareTracking(orderId: $id) { token } }")
ORDER = Order(
    "page-customer",
    "page-merchant",
    offset(ORIGIN, east=700, north=-500),
    placed=0,
    ready=3_600,
    items=(Item("Noodles", 1, 1100),),
)
CITY = City(
    name="one order",
    seed=1,
    merchants=(Merchant("page-merchant", ORIGIN),),
    drivers=(),
    customers=(Customer("page-customer", Contact("+12025550124")),),
    orders=(ORDER,),
    speed=5,
    pickup_service=0,
    dropoff_service=0,
)


@dataclass(frozen=True)
class OpenOrder:
    """token: of its tracking link."""

    id: str
    token: str


@contextmanager
def open_order(platform: Platform) -> Iterator[OpenOrder]:
    """Cancelled at the end."""
    order_id = str(uuid4())
    order = OpenOrder(order_id, asyncio.run(_placed(platform, order_id)))
    try:
        yield order
    finally:
        asyncio.run(_cancelled(platform, order_id))


async def _placed(platform: Platform, order_id: str) -> str:
    async with httpx.AsyncClient(timeout=30) as http:
        cast = (await _people(platform, http)).cast
        customer, merchant = cast.customers["page-customer"], cast.merchants["page-merchant"]
        await customer.create_order(order_id, ORDER, CITY.currency)
        async with asyncio.timeout(PATIENCE):
            while order_id not in await merchant.orders():
                await asyncio.sleep(0.1)
        await merchant.confirm(order_id, datetime.now(UTC) + timedelta(seconds=ORDER.ready))
        token: str = (await customer.session.run(SHARE, id=order_id))["token"]
        return token


async def _cancelled(platform: Platform, order_id: str) -> None:
    async with httpx.AsyncClient(timeout=30) as http:
        customer = (await _people(platform, http)).cast.customers["page-customer"]
        await insist(lambda: customer.cancel_order(order_id))


async def _people(platform: Platform, http: httpx.AsyncClient) -> Seeded:
    return await seed(CITY, platform, http, CallLog())
