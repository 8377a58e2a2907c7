import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.aws import Aws
from tests.local.cloud.process import Cloud


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """One local cloud for all these tests; each names its own resources after `name`."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud"))
    cloud.start()
    yield cloud
    assert cloud.stop() == 0


@pytest.fixture
def aws(cloud: Cloud) -> Aws:
    return cloud.aws


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Unique to the test, and a legal name of a queue, table, bus, archive, stack and function."""
    words = request.node.originalname.removeprefix("test_").replace("_", "-")
    return f"{words[:36]}-{zlib.crc32(request.node.nodeid.encode()):x}"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """The file that a test's function writes what it saw to: a line of JSON for each invocation."""
    return tmp_path / "notes.jsonl"
