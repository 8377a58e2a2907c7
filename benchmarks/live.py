"""From a driver's report to a subscriber's screen: `python -m benchmarks.live [--reports N] [--every S] [--json]`.

One order is carried on the running platform; its driver reports a position again and again, while an operator watches.
Prints p50 and p95 of the whole way and of each hop:
  write      the driver's call of reportLocations: the resolver's one conditional write, and the answer
  outbox     from there until the outbox begins to tell subscribers: the stream, and the function's start
  events     of that, PutEvents, for the reports that made an event (a new zone, or an interval)
  publish    the outbox's signed call of publishDriverMovement, in which the gateway hands messages to connections
  socket     from then until the subscriber has the message; below zero when it was there before the call's answer
Needs a platform that nobody else uses: `delivery up`.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from benchmarks.real_time import Told, subscribed
from infra import names
from local.environment import running
from local.platform import Platform
from local.simulator.api import OfferView
from local.simulator.city import ORIGIN, City, Contact, Customer, Driver, Item, Merchant, Order
from local.simulator.geometry import offset
from local.simulator.phone import Fix
from local.simulator.seed import Seeded, seed
from local.simulator.session import CallLog, HttpSession
from local.trace import log_lines

WATCH = "subscription($id: ID!) { onDriverMoved(orderId: $id) { at sequence position { lat lng } } }"
PATIENCE = 60.0
HOPS = ("write", "outbox", "events", "publish", "socket", "all")
ORDER = Order(
    "live-customer",
    "live-merchant",
    offset(ORIGIN, east=3_000, north=0),
    placed=0,
    ready=60,
    items=(Item("Soup", 1, 500),),
)
CITY = City(
    name="one street",
    seed=1,
    merchants=(Merchant("live-merchant", ORIGIN),),
    drivers=(Driver("live-driver", Contact("+12025550121"), ORIGIN, on=0, off=3_600),),
    customers=(Customer("live-customer", Contact("+12025550122")),),
    orders=(ORDER,),
    speed=5,
    pickup_service=0,
    dropoff_service=0,
)


@dataclass(frozen=True)
class Report:
    """Seconds since 1970: when the driver's call began, and when it was answered."""

    began: float
    answered: float


async def measure(platform: Platform, reports: int, every_s: float) -> dict[str, Any]:
    order_id, since = str(uuid4()), time.time()
    async with httpx.AsyncClient(timeout=30) as http:
        people = await seed(CITY, platform, http, CallLog())
        session = people.operator.session
        assert isinstance(session, HttpSession)
        await picked_up(people, order_id)
        async with subscribed(platform.graphql_url, session.token, WATCH, id=order_id) as watching:
            await asyncio.sleep(1.0)  # tracking notes that somebody watches
            sent = await drive(people, reports, every_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    while len(watching.told) < reports:
                        await asyncio.sleep(0.1)
        driver = people.cast.drivers["live-driver"]
        await driver.deliver(order_id, "HANDED_OVER")
        await driver.go_off_duty()
    await asyncio.sleep(1.0)  # the last lines of the log
    return figures(sent, watching.told, list(log(platform, since)))


async def picked_up(people: Seeded, order_id: str) -> None:
    cast = people.cast
    driver, merchant = cast.drivers["live-driver"], cast.merchants["live-merchant"]
    await driver.go_on_duty(ORIGIN)
    await cast.customers["live-customer"].create_order(order_id, ORDER, CITY.currency)
    async with asyncio.timeout(PATIENCE):
        while order_id not in await merchant.orders():
            await asyncio.sleep(0.1)
        await merchant.confirm(order_id, datetime.now(UTC) + timedelta(seconds=2))
        offers: list[OfferView] = []
        while not (offers := [each for each in await driver.offers() if order_id in each.delivery_ids]):
            await asyncio.sleep(0.1)
    await driver.accept(offers[0])
    await driver.pick_up(order_id)
    await asyncio.sleep(2.0)  # tracking learns of it by an event


async def drive(people: Seeded, reports: int, every_s: float) -> dict[str, Report]:
    """Reports by the moment that each was measured."""
    driver, sent = people.cast.drivers["live-driver"], {}
    for number in range(1, reports + 1):
        at, began = datetime.now(UTC), time.time()
        await driver.report([Fix(at, offset(ORIGIN, east=20.0 * number, north=0), 90.0, 5.0)])
        sent[at.isoformat(timespec="milliseconds").replace("+00:00", "Z")] = Report(began, time.time())
        await asyncio.sleep(every_s)
    return sent


def log(platform: Platform, since: float) -> list[tuple[float, Mapping[str, Any]]]:
    group = names.log_group(names.of("tracking", "outbox"))
    return list(log_lines.read(platform.aws.client("logs"), group, "", since))


def figures(
    sent: Mapping[str, Report], told: list[Told], lines: list[tuple[float, Mapping[str, Any]]]
) -> dict[str, Any]:
    """Milliseconds of each hop, over the reports whose message came."""
    pushed = {
        line["sequence"]: (_moment(line) - line["took_ms"] / 1000, _moment(line))
        for _, line in lines
        if line.get("message") == "pushed" and line.get("mutation") == "publishDriverMovement"
    }
    events = [line["took_ms"] for _, line in lines if line.get("message") == "event published" and "took_ms" in line]
    hops: dict[str, list[float]] = {name: [] for name in HOPS}
    hops["events"] = events
    for came, value in told:
        report, push = sent.get(value["at"]), pushed.get(value["sequence"])
        if report is None or push is None:
            continue
        hops["write"].append((report.answered - report.began) * 1000)
        hops["outbox"].append((push[0] - report.answered) * 1000)
        hops["publish"].append((push[1] - push[0]) * 1000)
        hops["socket"].append((came - push[1]) * 1000)
        hops["all"].append((came - report.began) * 1000)
    return {
        "reports": len(sent),
        "messages": len(told),
        "in_order": [value["sequence"] for _, value in told] == sorted(value["sequence"] for _, value in told),
        **{name: _cuts(values) for name, values in hops.items()},
    }


def _moment(line: Mapping[str, Any]) -> float:
    """A log line's own time, such as 2026-01-05 18:30:00,123+0000."""
    return datetime.strptime(str(line["timestamp"]), "%Y-%m-%d %H:%M:%S,%f%z").timestamp()


def _cuts(values: list[float]) -> dict[str, float]:
    if len(values) < 2:
        return {"n": len(values)}
    cuts = statistics.quantiles(values, n=20)
    return {"n": len(values), "p50_ms": round(cuts[9], 1), "p95_ms": round(cuts[18], 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=60)
    parser.add_argument("--every", type=float, default=1.6, metavar="S", help="seconds between two reports")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = asyncio.run(measure(running.find(), asked.reports, asked.every))
    if asked.json:
        print(json.dumps(found))
    else:
        print(f"{found['reports']} reports, {found['messages']} messages, in order: {found['in_order']}")
        for name in HOPS:
            print(f"{name:>8}  " + "  ".join(f"{key} {value:g}" for key, value in found[name].items()))
    raise SystemExit(found["messages"] < found["reports"] or not found["in_order"])


if __name__ == "__main__":
    main()
