"""What one delivered order costs in requests: `python -m benchmarks.requests [--orders N] [--report FILE]`.

A generated city lives on the running platform through the public API, as `delivery simulate` has it. What it did is
counted from its own traces, each divided by the orders that were delivered: so that offers declined, orders cancelled,
and drivers who ride about in wait for an order are paid for by those that arrived. Printed with what AWS lists for it
in us-east-1, for 100,000 orders, without free tiers, SMS, data transfer, and what runs without orders (see README).

  calls      mutations that people made. What they read is not in it: the simulation polls, where pages are told
  pushes     mutations by the outboxes, for subscribers; a message to one subscriber is reckoned for each
  writes     of tables, counted in their streams; a write's units include those of its indexes, and the table's own
             count double in a transaction. What is read of tables is not in it
  messages   in queues; three requests each: sent, received, deleted
  log        as stage prod writes it: without Lambda's lines on each call, and without those for measuring
Needs a platform that nobody else uses: `delivery up`.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.usage import Usage, usage
from local.console import err
from local.environment import running
from local.platform import Platform
from local.simulator import operations
from local.simulator.city import generate
from local.simulator.report import Report
from local.simulator.run import run
from local.simulator.session import Operation

ORDERS = 100_000
MERCHANTS = 6
MILLION = 1_000_000
# US dollars, as AWS lists them for us-east-1.
OPERATION = 4.00 / MILLION  # AppSync, a query or mutation
UPDATE = 2.00 / MILLION  # AppSync, a message to a subscriber
WRITE_UNIT = 0.625 / MILLION  # DynamoDB, on demand
EVENT = 1.00 / MILLION  # EventBridge, published
QUEUE_REQUEST = 0.40 / MILLION  # SQS
INVOCATION = 0.20 / MILLION  # Lambda
GB_SECOND = 0.0000133334  # Lambda on arm64
LOG_GB = 0.50  # CloudWatch Logs, taken in
NOTIFICATION = 0.50 / MILLION  # SNS, a mobile push


@dataclass(frozen=True)
class Line:
    """Of one delivered order. per_100k: US dollars for 100,000 of them."""

    what: str
    number: float
    per_100k: float
    of: Mapping[str, float]


def counted(report: Report, used: Usage) -> list[Line]:
    orders = report.orders_delivered

    def line(what: str, of: Mapping[str, float], dollars: float) -> Line:
        each = {name: round(number / orders, 2) for name, number in sorted(of.items(), key=lambda item: -item[1])}
        return Line(what, round(sum(of.values()) / orders, 1), round(dollars / orders * ORDERS, 2), each)

    calls = {name: figures["count"] for name, figures in report.api_latency_ms.items() if name in mutations()}
    pushes, messages = sum(used.pushes.values()), sum(used.messages.values())
    invocations = sum(used.invocations.values())
    sent = {"push": used.messages["notifications-push"]}
    return [
        line("calls", calls, sum(calls.values()) * OPERATION),
        line("pushes", used.pushes, pushes * OPERATION),
        line("told", {"one subscriber each": pushes}, pushes * UPDATE),
        line("writes", used.writes, 0.0),
        line("write units", used.write_units, sum(used.write_units.values()) * WRITE_UNIT),
        line("events", used.events, sum(used.events.values()) * EVENT),
        line("messages", used.messages, messages * 3 * QUEUE_REQUEST),
        line("invocations", used.invocations, invocations * INVOCATION),
        line("GB-seconds", {"all functions": used.gb_seconds}, used.gb_seconds * GB_SECOND),
        line("log, KB", {"all functions and the event log": used.log_bytes / 1000}, used.log_bytes / 1e9 * LOG_GB),
        line("notifications", sent, sent["push"] * NOTIFICATION),
    ]


def mutations() -> set[str]:
    found = (each for each in vars(operations).values() if isinstance(each, Operation))
    return {each.field for each in found if each.document.lstrip().startswith("mutation")}


def table(lines: list[Line]) -> str:
    parts = [", ".join(f"{name} {number:g}" for name, number in each.of.items()) for each in lines]
    rows = [
        f"| {each.what} | {each.number:g} | {each.per_100k:.2f} | {of} |" for each, of in zip(lines, parts, strict=True)
    ]
    total = f"| all | | {sum(each.per_100k for each in lines):.2f} | |"
    return "\n".join(["| of one order | number | $ per 100,000 | of these |", "|---|---|---|---|", *rows, total])


def measure(platform: Platform, orders: int, drivers: int, seed: int) -> tuple[Report, Usage]:
    city = generate(orders=orders, drivers=drivers, merchants=MERCHANTS, seed=seed)
    began = datetime.now(UTC)
    report = run(city, platform, console=err)
    return report, usage(platform, began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=30)
    parser.add_argument("--drivers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1, help="of the city")
    parser.add_argument("--report", type=Path, metavar="FILE", help="the figures as JSON")
    asked = parser.parse_args()
    report, used = measure(running.find(), asked.orders, asked.drivers, asked.seed)
    if not report.orders_delivered:
        parser.exit(1, "no order was delivered\n")
    lines = counted(report, used)
    print(f"{report.orders_delivered} of {report.orders_placed} orders delivered by {asked.drivers} drivers")
    print(table(lines))
    if asked.report:
        content: dict[str, Any] = {"delivered": report.orders_delivered, "lines": [asdict(each) for each in lines]}
        asked.report.parent.mkdir(parents=True, exist_ok=True)
        asked.report.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
