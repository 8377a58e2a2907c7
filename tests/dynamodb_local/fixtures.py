"""Which DynamoDB a test runs on. tests/conftest.py gives these to all tests."""

import os
from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.dynamodb_local import server
from tests.dynamodb_local.package import installed
from tests.tables import MOTO, Engine


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[str]:
    """The endpoint of the session's one DynamoDB Local."""
    java = server.java()
    if java is None:
        missing = "DynamoDB Local needs Java 11 or newer on PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with server.running(java, installed()) as endpoint:
        yield endpoint


@pytest.fixture(params=["moto", pytest.param("dynamodb-local", marks=pytest.mark.dynamodb_local)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A test that asks for it runs twice: moto is everywhere, DynamoDB Local is Amazon's own reading of expressions."""
    if request.param == "moto":
        with mock_aws():
            yield Engine(MOTO)
    else:
        yield Engine(request.getfixturevalue("dynamodb_local"))
