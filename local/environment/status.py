"""`delivery status`: what runs, what is deployed, and what waits in the queues."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from infra import names
from local.aws import Aws
from local.environment import servers, stacks
from local.environment.deployed import Deployed
from local.environment.servers import SERVERS, Server
from local.environment.workspace import Workspace


@dataclass(frozen=True)
class ServerStatus:
    """url, pid and uptime_s are None when it does not run; ailment says why one that runs does not serve."""

    name: str
    running: bool
    url: str | None = None
    pid: int | None = None
    uptime_s: float | None = None
    ailment: str | None = None


@dataclass(frozen=True)
class QueueStatus:
    """Messages waiting, being handled, and held back by a delay. About that many: SQS counts approximately."""

    name: str
    waiting: int
    in_flight: int
    delayed: int

    @property
    def holds_failures(self) -> bool:
        return names.is_failure_queue(self.name)

    @property
    def has_a_consumer(self) -> bool:
        """Of the platform's own: neither a failure queue, nor one that a partner reads when it likes to."""
        return not self.holds_failures and not names.is_for_a_partner(self.name)


@dataclass(frozen=True)
class Status:
    """up: all servers serve and every stack is complete."""

    up: bool
    time_scale: float | None
    servers: tuple[ServerStatus, ...]
    stacks: tuple[stacks.Stack, ...]
    queues: tuple[QueueStatus, ...]


def status(workspace: Workspace) -> Status:
    found = tuple(_server(server, workspace) for server in SERVERS)
    known = Deployed.read(workspace)
    deployed = known if known and known.finished else None
    there: tuple[stacks.Stack, ...] = ()
    queues: tuple[QueueStatus, ...] = ()
    if found[0].url and not found[0].ailment:
        aws = Aws.local(found[0].url)
        there = tuple(stacks.list_stacks(aws.client("cloudformation")))
        queues = tuple(queue_depths(aws.client("sqs")))
    complete = {stack.name for stack in there if stack.complete}
    serving = all(server.running and not server.ailment for server in found)
    up = serving and deployed is not None and complete.issuperset(deployed.stacks)
    return Status(up, deployed.time_scale if deployed else None, found, there, queues)


def _server(server: Server, workspace: Workspace) -> ServerStatus:
    running = server.find(workspace)
    if running is None:
        return ServerStatus(server.name, running=False)
    url = servers.endpoint(running.port)
    return ServerStatus(server.name, True, url, running.pid, round(running.uptime_s, 1), server.ailment(running.port))


def queue_depths(sqs: Any) -> Iterator[QueueStatus]:
    """Every queue of the platform, by name."""
    pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix=stacks.PREFIX)
    urls = sorted(url for page in pages for url in page.get("QueueUrls", []))
    with ThreadPoolExecutor(8) as pool:
        yield from pool.map(lambda url: _depth(sqs, url), urls)


def _depth(sqs: Any, url: str) -> QueueStatus:
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return QueueStatus(
        url.rsplit("/", 1)[-1],
        int(counts["ApproximateNumberOfMessages"]),
        int(counts["ApproximateNumberOfMessagesNotVisible"]),
        int(counts["ApproximateNumberOfMessagesDelayed"]),
    )
