"""What all tests share: no sockets unless a test says so, and no AWS account of the developer's in reach."""

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_socket import disable_socket, enable_socket

pytest_plugins = ["tests.deployed"]

if TYPE_CHECKING:
    from tests.api import Api
    from tests.tables import Engine

# Read when boto3 makes its first client, so set before any test module is imported.
os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    POWERTOOLS_SERVICE_NAME="test",
)
os.environ.pop("AWS_PROFILE", None)
os.environ.pop("AWS_ENDPOINT_URL", None)

from tests.dynamodb_local import server  # noqa: E402
from tests.dynamodb_local.fixtures import dynamodb_local, engine, moto  # noqa: E402
from tests.web import browser  # noqa: E402

__all__ = ["dynamodb_local", "engine", "moto"]

# Tests under these markers talk to the local cloud, to DynamoDB Local, to the package index or to a server that they
# start themselves, on purpose.
WITH_SOCKETS = ("local_cloud", "browser", "dynamodb_local", "package", "loopback")

# The fixture of tests.deployed.
PLATFORM = "deployed"


@pytest.fixture
def api(engine: "Engine") -> "Api":
    """The API on the tables that the test has made on its engine."""
    from tests.api import api_on  # most tests do without it and its graphql-core

    return api_on(engine.endpoint)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in missing())]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
    items.sort(key=lambda item: group(item) != PLATFORM)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group(item)))


def group(item: pytest.Item) -> str:
    """Tests of one group run in one process, one after the other, when they are run in several: those that share the
    deployed platform, first because they take longest, and otherwise a folder's."""
    if item.get_closest_marker("local_cloud") and PLATFORM in getattr(item, "fixturenames", ()):
        return PLATFORM
    return item.path.parent.relative_to(Path(__file__).parent).as_posix()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are processors: the tests on the deployed platform wait for it more than they compute."""
    return (os.cpu_count() or 1) + 1


@cache
def missing() -> dict[str, str]:
    """By marker, what a laptop without Java or Chromium lacks: the tests that need it are left out, and one line for
    each says so; CI has none left out."""
    if os.environ.get("CI") == "true":
        return {}
    needed = {
        "dynamodb_local": None if server.java() else server.MISSING,
        "browser": None if browser.chromium() else browser.MISSING,
    }
    return {marker: lack for marker, lack in needed.items() if lack}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for lack in missing().values():
        terminalreporter.write_line(f"{lack}: the tests that need it are left out", yellow=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Sockets are off in every other test: what is called a unit test must not be able to be anything else."""
    if any(item.get_closest_marker(marker) for marker in WITH_SOCKETS):
        enable_socket()
    else:
        disable_socket(allow_unix_socket=True)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    enable_socket()
