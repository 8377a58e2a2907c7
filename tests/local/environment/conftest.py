from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.environment import process
from local.environment.workspace import ROOT, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """This project's sources with a state of the test's own. Whatever the test leaves running is ended."""
    before = set(psutil.pids())
    yield Workspace(ROOT, tmp_path / "state")
    process.stop([child for child in psutil.Process().children() if child.pid not in before], patience_s=1.0)
