"""A dead and a slow partner beside a healthy one: `python -m benchmarks.partners [--events N] [--report FILE]`.

On a platform of its own, at real time scale, events of orders are published at a steady rate: first some that the
healthy partner alone gets, then N that all three get. Nobody listens where the dead partner should. The slow one takes
five seconds for each answer and refuses every tenth delivery. Counted is what the healthy partner got, how often and in
which order; and its delay, from an event's publication to its arrival, against the delay while it was alone.
Exits with 1 if a delivery to the healthy partner is missing, if a partner got an event again that it had taken, or if
the healthy one got an order's events out of their order.
"""

import argparse
import json
import math
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
from delivery_events.publish import Publisher

from infra import names
from local.environment import running, servers, toolchain
from local.environment.cdk import APP
from local.environment.down import down
from local.environment.up import up
from local.environment.workspace import ROOT, Workspace
from local.partners import keys, log
from local.platform import Platform
from tests.deployed import free_ports
from tests.events import samples
from tests.partners.listener import Webhook, listening

ALONE, SHARED = "merchant-of-one", "merchant-of-all"
NOBODY = "http://127.0.0.1:9/deliveries"
SLOW_S = 5.0
LIFE = ("order.placed.v1", "order.confirmed.v1", "order.ready.v1", "order.completed.v1")
SIDE_BY_SIDE = 50  # orders that live at the same time
PATIENCE_S = 180.0  # without a delivery, after which what is missing is missing


@dataclass(frozen=True)
class Arrival:
    """at: seconds since 1970."""

    event_id: str
    order_id: str
    sequence: int
    at: float


@dataclass
class Receiver:
    """A partner's. takes_s: for an answer. refuses_every: so many deliveries, or 0. refused: how often each event."""

    takes_s: float = 0.0
    refuses_every: int = 0
    got: list[Arrival] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def answer(self, webhook: Webhook) -> int:
        at, about = time.time(), json.loads(webhook.body)["metadata"]
        arrival = Arrival(about["event_id"], about["aggregate_id"], about["sequence"], at)
        self.got.append(arrival)
        refuses = self.refuses_every and len(self.got) % self.refuses_every == 0
        if refuses:
            self.refused[arrival.event_id] += 1
        time.sleep(self.takes_s)
        return 503 if refuses else 204

    @property
    def repeated(self) -> int:
        """Events that came again although they had been taken."""
        times = Counter(each.event_id for each in self.got)
        return sum(count > 1 + self.refused[event_id] for event_id, count in times.items())

    @property
    def out_of_order(self) -> int:
        latest: dict[str, int] = {}
        wrong = 0
        for each in self.got:
            wrong += each.sequence < latest.get(each.order_id, 0)
            latest[each.order_id] = max(each.sequence, latest.get(each.order_id, 0))
        return wrong


@dataclass(frozen=True)
class Flow:
    """sent: when each event was published, in seconds since 1970. came: its delay, in seconds, if the healthy partner
    got it. busy_percent: of the machine's processors while they were published."""

    sent: Mapping[str, float]
    came: Mapping[str, float]
    per_second: float
    busy_percent: float

    def figures(self) -> dict[str, Any]:
        cuts = statistics.quantiles(self.came.values(), n=20) if len(self.came) > 1 else [math.inf] * 19
        return {
            "events": len(self.sent),
            "came": len(self.came),
            "per_second": round(self.per_second, 1),
            "delay_p50_s": round(cuts[9], 2),
            "delay_p95_s": round(cuts[18], 2),
            "processors_busy_percent": round(self.busy_percent),
        }


def lives(count: int) -> Iterator[tuple[str, int, str]]:
    """Order, sequence and type of `count` events: of orders that live side by side."""

    def endless() -> Iterator[tuple[str, int, str]]:
        while True:
            orders = [str(uuid4()) for _ in range(SIDE_BY_SIDE)]
            for sequence, detail_type in enumerate(LIFE, 1):
                for order in orders:
                    yield order, sequence, detail_type

    return islice(endless(), count)


def flow(platform: Platform, healthy: Receiver, merchant: str, count: int, per_second: float) -> Flow:
    """Publish, and wait until the healthy partner has everything or nothing more comes to it."""
    publisher = Publisher(platform.aws.client("events"), bus=names.BUS, source="delivery.orders")
    sent: dict[str, float] = {}
    before, began = len(healthy.got), time.monotonic()
    psutil.cpu_percent()
    for number, (order, sequence, detail_type) in enumerate(lives(count)):
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        about: dict[str, Any] = {"order_id": order, "merchant_id": merchant}
        event = samples.event(detail_type, sequence=sequence, occurred_at=datetime.now(UTC), **about)
        sent[str(event.metadata.event_id)] = time.time()
        publisher.publish([event])
        if number % max(1, count // 20) == 0:
            tell(f"{merchant}: {number} of {count} published, {len(healthy.got) - before} came to the healthy partner")
    rate, busy = count / (time.monotonic() - began), psutil.cpu_percent()
    _await(healthy, before + count)
    came: dict[str, float] = {}
    for each in healthy.got[before:]:
        came.setdefault(each.event_id, each.at - sent[each.event_id])
    return Flow(sent, came, rate, busy)


def _await(receiver: Receiver, count: int) -> None:
    """Until it has so many deliveries, or nothing has come to it for PATIENCE_S."""
    seen, since = len(receiver.got), time.monotonic()
    while len(receiver.got) < count and time.monotonic() - since < PATIENCE_S:
        time.sleep(0.5)
        if len(receiver.got) > seen:
            seen, since = len(receiver.got), time.monotonic()


def declaration(url: str, *merchants: str) -> str:
    types = "".join(f"  {each}: all\n" for each in LIFE)
    listed = ", ".join(merchants)
    return f"stages: [local]\nmerchants: [{listed}]\nevents:\n{types}max_per_second: 100\nwebhook: {url}\n"


@contextmanager
def a_platform(folder: Path, partners: Mapping[str, str]) -> Iterator[Platform]:
    """With the partners of these declarations, by name, instead of those in infra/partners."""
    workspace = Workspace(ROOT, folder / "platform")
    (files := folder / "partners").mkdir()
    for name, text in partners.items():
        (files / f"{name}.yaml").write_text(text)
    up(workspace, free_ports(), 1.0, tell)
    try:
        platform = running.find(workspace)
        tell("delivery-partners: deploying with the benchmark's partners")
        _deploy(workspace, platform, files)
        _leave_to_partners(platform)
        for name in partners:
            keys.rotate(platform.aws.client("ssm"), name, "v1", keep=timedelta(), now=datetime.now(UTC))
        yield platform
    finally:
        down(workspace, purge=True)


def _deploy(workspace: Workspace, platform: Platform, partners: Path) -> None:
    context = ("stage=local", "time-scale=1", "service=partners", f"partners={partners}")
    done = subprocess.run(
        [
            *toolchain.check(workspace), "deploy", names.of("partners"), "--require-approval", "never", "--no-notices",
            "--app", shlex.join([sys.executable, *APP]), "--output", str(partners.parent / "cdk.out"),
            *(part for each in context for part in ("--context", each)),
        ],
        cwd=ROOT,
        env=servers.environment(int(platform.cloud_url.rpartition(":")[2])) | {"CDK_DISABLE_CLI_TELEMETRY": "true"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"The partners cannot be deployed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _leave_to_partners(platform: Platform) -> None:
    """The other services are sent nothing: each event would set off many calls more on the same few processors."""
    client, ours = platform.aws.client("events"), f"{names.of('partners')}-"
    for page in client.get_paginator("list_rules").paginate(EventBusName=names.BUS):
        for rule in page["Rules"]:
            if not rule["Name"].startswith(ours):
                client.disable_rule(Name=rule["Name"], EventBusName=names.BUS)


def measure(events: int, alone: int, per_second: float) -> dict[str, Any]:
    receivers = {"healthy": Receiver(), "slow": Receiver(takes_s=SLOW_S, refuses_every=10)}
    healthy, slow = receivers["healthy"], receivers["slow"]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {"dead": NOBODY}
        for name, receiver in receivers.items():
            listener = stack.enter_context(listening())
            listener.answer, urls[name] = receiver.answer, listener.url
        declared = {name: declaration(url, SHARED) for name, url in urls.items()}
        declared["healthy"] = declaration(urls["healthy"], ALONE, SHARED)
        platform = stack.enter_context(a_platform(folder, declared))
        flow(platform, healthy, ALONE, 20, 2.0)  # the functions start
        by_itself = flow(platform, healthy, ALONE, alone, per_second)
        beside = flow(platform, healthy, SHARED, events, per_second)
        time.sleep(10.0)  # what would come in error would come about now
        states = {name: Counter(each.state for each in log.latest(platform.aws, name, 2 * events)) for name in declared}
    return {
        "alone": by_itself.figures(),
        "beside": beside.figures(),
        "p95_ratio": round(beside.figures()["delay_p95_s"] / by_itself.figures()["delay_p95_s"], 2),
        "healthy": {"missing": len(beside.sent) - len(beside.came), "repeated": healthy.repeated}
        | {"out_of_order": healthy.out_of_order, **states["healthy"]},
        "slow": {"attempts": len(slow.got), "refused": slow.refused.total(), "repeated": slow.repeated}
        | {"out_of_order": slow.out_of_order, **states["slow"]},
        "dead": dict(states["dead"]),
    }


def tell(line: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)  # noqa: DTZ005 - for whoever waits


def failed(found: Mapping[str, Any]) -> bool:
    healthy = found["healthy"]
    return any(healthy[each] for each in ("missing", "repeated", "out_of_order")) or found["slow"]["repeated"] > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000, help="that all three partners get; default 10,000")
    parser.add_argument("--alone", type=int, help="events that the healthy one gets before; default a tenth of them")
    parser.add_argument("--per-second", type=float, default=5.0, help="events published; default 5")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the figures there as JSON")
    asked = parser.parse_args()
    found = measure(asked.events, asked.alone or max(40, asked.events // 10), asked.per_second)
    if asked.report:
        asked.report.parent.mkdir(parents=True, exist_ok=True)
        asked.report.write_text(json.dumps(found, indent=2) + "\n")
    for name, figures in found.items():
        items = figures.items() if isinstance(figures, dict) else [("", figures)]
        print(f"{name:10}", "  ".join(f"{key} {value}" for key, value in items))
    raise SystemExit(failed(found))


if __name__ == "__main__":
    main()
