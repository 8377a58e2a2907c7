"""What all tests share: no sockets unless a test says so, and no AWS account of the developer's in reach."""

import os
from functools import cache
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

__all__ = ["dynamodb_local", "engine", "moto"]

# Tests under these markers talk to the local cloud, to DynamoDB Local, to the package index or to a server that they
# start themselves, on purpose.
WITH_SOCKETS = ("local_cloud", "dynamodb_local", "package", "loopback")


@pytest.fixture
def api(engine: "Engine") -> "Api":
    """The API on the tables that the test has made on its engine."""
    from tests.api import api_on  # most tests do without it and its graphql-core

    return api_on(engine.endpoint)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if java_is_left_out():
        on_java = [item for item in items if item.get_closest_marker("dynamodb_local")]
        config.hook.pytest_deselected(items=on_java)
        items[:] = [item for item in items if item not in set(on_java)]


@cache
def java_is_left_out() -> bool:
    """On a laptop without Java, DynamoDB Local's tests are left out, and one line says so; CI has none left out."""
    return os.environ.get("CI") != "true" and server.java() is None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if java_is_left_out():
        terminalreporter.write_line(f"{server.MISSING}: its tests are left out", yellow=True)


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
