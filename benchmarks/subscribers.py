"""Many subscribers at once on the running platform: `python -m benchmarks.subscribers [--orders N] [--each N]`.

Orders are placed, confirmed, made ready and cancelled, all at the same time, while customers, merchants and operators
watch them, each on a connection of its own. Prints how many messages came and how long they took from the change's own
time to the subscriber; exits with 1 if a subscriber missed a change of an order it watched, or was told one twice.
Needs a platform that nobody else uses: `delivery up`.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx

from benchmarks.real_time import Subscription, subscribed
from local.environment import running
from local.platform import Platform
from local.simulator.api import CustomerApi, MerchantApi
from local.simulator.city import ORIGIN, City, Contact, Customer, Item, Merchant, Order
from local.simulator.geometry import offset
from local.simulator.seed import Seeded, seed
from local.simulator.session import CallLog, HttpSession, Operation, Session, insist

WATCH = "subscription($id: ID!) { onOrderStatusChanged(orderId: $id) { orderId status sequence at } }"
WATCH_MERCHANT = "subscription($id: ID!) { onOrderStatusChanged(merchantId: $id) { orderId status sequence at } }"
PATIENCE = 120.0  # seconds for everything to have come
CONTACT = Contact("+12025550123")
AT_ONCE = 20  # calls and handshakes under way


@dataclass(frozen=True)
class Figures:
    subscribers: int
    orders: int
    changes: int
    messages: int
    lost: int
    twice: int
    p50_ms: float
    p95_ms: float
    seconds: float


@dataclass
class Watcher:
    """A subscription, and the orders that it is to hear of."""

    subscription: Subscription
    orders: frozenset[str]


def city_of(orders: int, merchants: int = 5) -> City:
    kitchens = tuple(Merchant(f"bench-merchant-{n}", offset(ORIGIN, east=100 * n, north=0)) for n in range(merchants))
    customers = tuple(Customer(f"bench-customer-{n:03}", CONTACT) for n in range(orders))
    home = offset(ORIGIN, east=500, north=500)
    placed = tuple(
        Order(customer.key, kitchens[n % merchants].key, home, placed=0, ready=60, items=(Item("Soup", 1, 500),))
        for n, customer in enumerate(customers)
    )
    return City("many watch", 1, kitchens, (), customers, placed, speed=5, pickup_service=0, dropoff_service=0)


async def measure(platform: Platform, orders: int, each: int) -> Figures:
    city = city_of(orders)
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(timeout=60, limits=limits) as http, AsyncExitStack() as stack:
        people = await seed(city, platform, http, CallLog())
        ids = {order.customer: str(uuid4()) for order in city.orders}
        await at_once(people.cast.customers[o.customer].create_order(ids[o.customer], o, "USD") for o in city.orders)
        watchers = await watch(platform, city, people, ids, each, stack)
        began = time.time()
        await at_once(live(people, order, ids[order.customer]) for order in city.orders)
        final = await settled(people, ids)
        await complete(watchers, final)
        return judged(watchers, final, time.time() - began)


async def at_once(calls: Iterable[Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(call: Awaitable[None]) -> None:
        async with gate:
            await call

    await asyncio.gather(*(one(call) for call in calls))


async def watch(
    platform: Platform, city: City, people: Seeded, ids: dict[str, str], each: int, stack: AsyncExitStack
) -> list[Watcher]:
    """`each` watchers of every order: one by its merchant, which hears of all of it, the others by the order."""
    watchers: list[Watcher] = []

    async def one(session: Session, document: str, id_: str, orders: frozenset[str]) -> None:
        assert isinstance(session, HttpSession)
        opened = subscribed(platform.graphql_url, session.token, document, id=id_)
        watchers.append(Watcher(await stack.enter_async_context(opened), orders))

    calls = []
    for order in city.orders:
        id_ = ids[order.customer]
        customer, merchant = people.cast.customers[order.customer], people.cast.merchants[order.merchant]
        sessions = [customer.session, merchant.session, people.operator.session]
        calls += [one(sessions[n % 3], WATCH, id_, frozenset({id_})) for n in range(each - 1)]
        all_of_merchant = frozenset(ids[o.customer] for o in city.orders if o.merchant == order.merchant)
        calls.append(one(merchant.session, WATCH_MERCHANT, order.merchant, all_of_merchant))
    await until_admitted(people, city, ids)
    await at_once(calls)
    return watchers


async def until_admitted(people: Seeded, city: City, ids: dict[str, str]) -> None:
    """Merchants get their orders a moment after these were placed."""
    for merchant in city.merchants:
        wanted = {ids[order.customer] for order in city.orders if order.merchant == merchant.key}
        async with asyncio.timeout(PATIENCE):
            while not wanted <= set(await people.cast.merchants[merchant.key].orders()):
                await asyncio.sleep(0.2)


async def live(people: Seeded, order: Order, order_id: str) -> None:
    merchant: MerchantApi = people.cast.merchants[order.merchant]
    customer: CustomerApi = people.cast.customers[order.customer]
    ready_at = datetime.now(UTC) + timedelta(minutes=10)
    for step in (
        lambda: merchant.confirm(order_id, ready_at),
        lambda: merchant.mark_ready(order_id),
        lambda: customer.cancel_order(order_id),
    ):
        if not await insist(step):
            raise RuntimeError(f"{order_id} did not go on")


ORDER = Operation("order", "query($id: ID!) { order(id: $id) { status sequence } }")


async def settled(people: Seeded, ids: dict[str, str]) -> dict[str, int]:
    """Each order's last sequence, once all have ended."""
    final: dict[str, int] = {}
    async with asyncio.timeout(PATIENCE):
        while len(final) < len(ids):
            for customer, id_ in ids.items():
                if id_ not in final:
                    seen = await people.cast.customers[customer].session.run(ORDER, id=id_)
                    if seen["status"] == "CANCELLED":
                        final[id_] = seen["sequence"]
            await asyncio.sleep(0.2)
    return final


def expected(watcher: Watcher, final: dict[str, int]) -> set[tuple[str, int]]:
    """The changes since it subscribed: the first, placing, came before."""
    return {(id_, sequence) for id_ in watcher.orders for sequence in range(2, final[id_] + 1)}


def heard(watcher: Watcher) -> list[tuple[str, int]]:
    return [(value["orderId"], value["sequence"]) for _, value in watcher.subscription.told if value["sequence"] > 1]


async def complete(watchers: list[Watcher], final: dict[str, int]) -> None:
    """Wait until all have come, or nothing has come for a while."""
    deadline, before = time.monotonic() + PATIENCE, -1
    while time.monotonic() < deadline:
        now = sum(len(heard(each)) for each in watchers)
        if now == before and (all(expected(w, final) <= set(heard(w)) for w in watchers) or now == 0):
            return
        before = now
        await asyncio.sleep(1.0)


def judged(watchers: list[Watcher], final: dict[str, int], seconds: float) -> Figures:
    messages = [message for watcher in watchers for message in heard(watcher)]
    lost = sum(len(expected(watcher, final) - set(heard(watcher))) for watcher in watchers)
    twice = sum(len(heard(watcher)) - len(set(heard(watcher))) for watcher in watchers)
    took = [
        (came - datetime.fromisoformat(value["at"]).timestamp()) * 1000
        for watcher in watchers
        for came, value in watcher.subscription.told
        if value["sequence"] > 1
    ]
    cuts = statistics.quantiles(took, n=20) if len(took) > 1 else [0.0] * 19
    changes = sum(final.values()) - len(final)
    return Figures(
        len(watchers), len(final), changes, len(messages), lost, twice, round(cuts[9], 1), round(cuts[18], 1),
        round(seconds, 1),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=50)
    parser.add_argument("--each", type=int, default=10, help="subscribers of each order")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = asyncio.run(measure(running.find(), asked.orders, asked.each))
    if asked.json:
        print(json.dumps(asdict(figures)))
    else:
        print(
            f"{figures.subscribers} subscribers of {figures.orders} orders: {figures.changes} changes, "
            f"{figures.messages} messages, {figures.lost} lost, {figures.twice} twice; from change to subscriber "
            f"p50 {figures.p50_ms:.0f} ms, p95 {figures.p95_ms:.0f} ms"
        )
    sys.exit(bool(figures.lost or figures.twice))


if __name__ == "__main__":
    main()
