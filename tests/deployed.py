"""The whole platform, deployed by the real CDK to a local cloud of the tests' own: once for all tests that need it."""

import os
import socket
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.environment import running
from local.environment.down import down
from local.environment.up import up
from local.environment.workspace import ROOT, Workspace
from local.platform import Platform

TIME_SCALE = 20.0
_MOST_LOGGED = 200  # lines


@dataclass(frozen=True)
class Deployed:
    """workspace: of its commands, for those that start in a process of their own (DELIVERY_STATE_DIR)."""

    platform: Platform
    workspace: Workspace


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Deployed on free ports and taken down at the end. A test that needs it carries the marker `local_cloud`."""
    workspace = Workspace(ROOT, tmp_path_factory.mktemp("platform"))
    up(workspace, free_ports(), TIME_SCALE, print)
    try:
        yield Deployed(running.find(workspace), workspace)
    finally:
        _show_logs(workspace.state_dir)
        down(workspace, purge=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows what the functions logged meanwhile."""
    report = yield
    there = getattr(item, "funcargs", {}).get("deployed")
    if report.failed and isinstance(there, Deployed):
        report.sections.append(
            ("Logs of the functions", "\n".join(_logged(there.platform, call.start)[-_MOST_LOGGED:]))
        )
    return report


def _logged(platform: Platform, since: float) -> list[str]:
    logs = platform.aws.client("logs")
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/aws/lambda/")
    groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    found = [
        (event["timestamp"], f"{name.rpartition('/')[2]}: {event['message'][:500]}")
        for name in groups
        for event in logs.filter_log_events(logGroupName=name, startTime=int(since * 1000))["events"]
        if not event["message"].startswith(("START ", "END ", "REPORT "))
    ]
    return [text for _, text in sorted(found)]


@pytest.fixture
def platform(deployed: Deployed) -> Platform:
    return deployed.platform


def free_ports() -> int:
    """A free port whose two successors are free, too: for the cloud, the API and the pages. Each of several processes
    that run tests looks elsewhere."""
    first = 24_566 + zlib.crc32(os.environ.get("PYTEST_XDIST_WORKER", "").encode()) % 100 * 60
    for candidate in range(first, first + 60, 3):
        if all(_free(port) for port in (candidate, candidate + 1, candidate + 2)):
            return candidate
    raise RuntimeError("no three free ports next to each other")


def _free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _show_logs(state_dir: Path) -> None:
    print(f"logs of the platform under test: {state_dir / 'logs'}")
