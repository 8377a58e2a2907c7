"""Which DynamoDB a test runs on. tests/conftest.py gives these to all tests."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from moto import mock_aws

from tests.dynamodb_local import server
from tests.dynamodb_local.package import installed
from tests.tables import MOTO, Engine


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[Engine]:
    """The session's one DynamoDB Local."""
    java = server.java()
    if java is None:
        pytest.fail(server.MISSING)
    with server.running(java, installed()) as endpoint, closing(Engine(endpoint)) as engine:
        yield engine


@pytest.fixture(scope="session")
def moto() -> Iterator[Engine]:
    with closing(Engine(MOTO)) as engine:
        yield engine


@pytest.fixture(params=["moto", pytest.param("dynamodb-local", marks=pytest.mark.dynamodb_local)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A test that asks for it runs twice: moto is everywhere, DynamoDB Local is Amazon's own reading of expressions."""
    if request.param == "moto":
        with mock_aws():
            yield request.getfixturevalue("moto")
    else:
        yield request.getfixturevalue("dynamodb_local")
