"""One order on the deployed platform, step by step and by the public API alone: placed, carried, tracked, announced."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest

from local.platform import Platform
from local.simulator import operations as op
from local.simulator.api import CustomerApi, DriverApi, MerchantApi
from local.simulator.city import ORIGIN, City, Contact, Customer, Driver, Item, Merchant, Order
from local.simulator.geometry import offset
from local.simulator.records import RecordStore
from local.simulator.seed import seed
from local.simulator.session import CallLog, Operation, Refused, Session

pytestmark = pytest.mark.local_cloud

T = TypeVar("T")

PATIENCE = 30.0  # wall seconds for any step; each takes less than a second, a round up to two
TRACKING = Operation("tracking", "query($id: ID!) { tracking(orderId: $id) { status timeline { type } } }")

LAST = {"delivery.delivered", "order.completed"}  # they come by two ways, in either order

HOME = offset(ORIGIN, east=900, north=400)
ORDER = Order("flow-customer", "flow-merchant", HOME, placed=0, ready=60, items=(Item("Soup", 2, 650),))
CITY = City(
    name="one street",
    seed=1,
    merchants=(Merchant("flow-merchant", ORIGIN),),
    drivers=(Driver("flow-driver", Contact("+12025550198"), offset(ORIGIN, east=200, north=0), on=0, off=3_600),),
    customers=(Customer("flow-customer", Contact("+12025550199")),),
    orders=(ORDER,),
    speed=5,
    pickup_service=0,
    dropoff_service=0,
)


@dataclass(frozen=True)
class Cast:
    customer: CustomerApi
    merchant: MerchantApi
    driver: DriverApi
    watching: Session  # the customer's


async def until(ask: Callable[[], Awaitable[T]], wanted: Callable[[T], bool]) -> T:
    """What `ask` answers once it is `wanted`."""
    async with asyncio.timeout(PATIENCE):
        while not wanted(answer := await ask()):
            await asyncio.sleep(0.1)
    return answer


async def carry(order_id: str, cast: Cast) -> None:
    """The order's life, told by each side's own words to the API."""
    customer, merchant, driver = cast.customer, cast.merchant, cast.driver
    await driver.go_on_duty(CITY.drivers[0].start)
    await customer.create_order(order_id, ORDER, CITY.currency)
    await until(merchant.orders, lambda orders: orders.get(order_id) == "PENDING")
    await merchant.confirm(order_id, datetime.now(UTC) + timedelta(seconds=2))
    offers = await until(driver.offers, lambda offers: any(o.delivery_id == order_id for o in offers))
    await driver.accept(next(o for o in offers if o.delivery_id == order_id))
    await until(lambda: customer.order_status(order_id), lambda status: status == "ASSIGNED")
    await merchant.mark_ready(order_id)  # the driver is told, as orders knows by now who that is
    await driver.arrive(order_id, "PICKUP")
    await driver.pick_up(order_id)
    await driver.arrive(order_id, "DROPOFF")
    await driver.deliver(order_id, "HANDED_OVER")
    await driver.go_off_duty()
    await until(lambda: customer.order_status(order_id), lambda status: status == "DELIVERED")


async def watch(order_id: str, cast: Cast) -> dict[str, Any]:
    """What the order's customer sees at the end."""

    async def seen() -> dict[str, Any]:
        tracking: dict[str, Any] = await cast.watching.run(TRACKING, id=order_id)
        return tracking

    return await until(seen, lambda tracking: {entry["type"] for entry in tracking["timeline"]} >= LAST)


@asynccontextmanager
async def a_street(platform: Platform) -> AsyncIterator[Cast]:
    async with httpx.AsyncClient(timeout=30) as http:
        people = (await seed(CITY, platform, http, CallLog())).cast
        customer = people.customers["flow-customer"]
        yield Cast(customer, people.merchants["flow-merchant"], people.drivers["flow-driver"], customer.session)


async def live(order_id: str, platform: Platform) -> dict[str, Any]:
    async with a_street(platform) as cast:
        await carry(order_id, cast)
        return await watch(order_id, cast)


async def live_untracked(order_id: str, platform: Platform) -> None:
    """The same while nobody keeps track of it."""
    async with a_street(platform) as cast:
        await carry(order_id, cast)


def test_an_order_is_placed_carried_tracked_and_announced(platform: Platform) -> None:
    order_id, began = str(uuid4()), datetime.now(UTC)
    tracking = asyncio.run(live(order_id, platform))

    assert tracking["status"] == "DELIVERED"
    told = [entry["type"] for entry in tracking["timeline"]]
    assert set(told) >= {
        "order.placed", "order.confirmed", "order.ready", "delivery.assigned", "delivery.arrived_at_pickup",
        "delivery.picked_up", "delivery.arrived_at_dropoff", "delivery.delivered",
    }  # fmt: skip
    assert told.index("order.placed") == 0
    assert told.index("delivery.assigned") < told.index("delivery.picked_up") < told.index("delivery.delivered")

    messages = asyncio.run(until(lambda: announced(platform, order_id, began), lambda sent: len(sent) >= len(ALERTS)))
    assert messages == sorted(ALERTS)


ALERTS = [
    ("delivery.assigned", "PUSH"),
    ("delivery.arrived_at_dropoff", "PUSH"),
    ("delivery.offered", "PUSH"),
    ("delivery.offered", "SMS"),
    ("delivery.picked_up", "PUSH"),
    ("delivery.picked_up", "SMS"),
    ("order.completed", "PUSH"),
    ("order.confirmed", "PUSH"),
    ("order.ready", "PUSH"),
]


async def announced(platform: Platform, order_id: str, since: datetime) -> list[tuple[str, str]]:
    """What the providers took for this order: (type of the event, channel)."""
    records = await asyncio.to_thread(RecordStore(platform).load, since)
    types = {str(e.metadata.event_id): e.metadata.type for e in records.events if e.metadata.correlation_id == order_id}
    taken = set(records.messages)
    return sorted(
        (types[row.alert.event_id], row.alert.channel)
        for row in records.alerts
        if row.alert.event_id in types and row.message_id in taken
    )


def test_who_is_not_concerned_sees_nothing_of_an_order(platform: Platform) -> None:
    """Another customer's order answers like one that does not exist, and nothing can be done to it."""

    async def try_all() -> list[str]:
        async with httpx.AsyncClient(timeout=30) as http:
            people = (await seed(CITY, platform, http, CallLog())).cast
            order_id = str(uuid4())
            await people.customers["flow-customer"].create_order(order_id, ORDER, CITY.currency)
            stranger = (await seed(STRANGERS, platform, http, CallLog())).cast.customers["flow-stranger"].session
            documents = [
                (TRACKING, {"id": order_id}),
                (op.ORDER, {"id": order_id}),
                (op.CANCEL_ORDER, {"id": order_id}),
            ]
            return [await answer(stranger, document, variables) for document, variables in documents]

    assert asyncio.run(try_all()) == ["NotFound", "NotFound", "NotFound"]


STRANGERS = City(
    name="another street",
    seed=2,
    merchants=(Merchant("flow-merchant", ORIGIN),),
    drivers=(),
    customers=(Customer("flow-stranger", Contact("+12025550197")),),
    orders=(),
    speed=5,
    pickup_service=0,
    dropoff_service=0,
)


async def answer(session: Session, operation: Operation, variables: dict[str, Any]) -> str:
    try:
        await session.run(operation, **variables)
    except Refused as refused:
        return refused.kind
    return "answered"
