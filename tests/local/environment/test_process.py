"""A record proves nothing by its process id alone."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.environment import process
from local.environment.process import Running

COMMAND = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "server.json"


@pytest.fixture
def started(record: Path, tmp_path: Path) -> Iterator[Running]:
    running = process.start(
        record, COMMAND, port=4999, code="v1", log=tmp_path / "log", cwd=tmp_path, env=dict(os.environ)
    )
    yield running
    process.stop([running.process], patience_s=1.0)


def change(record: Path, **changed: Any) -> None:
    record.write_text(json.dumps(json.loads(record.read_text()) | changed))


def test_the_next_command_finds_what_one_started(record: Path, started: Running) -> None:
    assert process.find(record) == started


def test_a_record_of_a_process_that_was_killed_is_deleted(record: Path, started: Running) -> None:
    started.process.kill()
    started.process.wait()

    assert process.find(record) is None
    assert not record.exists()


@pytest.mark.parametrize(
    "other", [{"pid": os.getpid()}, {"command": [*COMMAND, "--port", "1"]}], ids=["other process", "other command"]
)
def test_a_process_id_used_again_by_another_command_is_not_ours(
    record: Path, started: Running, other: dict[str, Any]
) -> None:
    change(record, **other)

    assert process.find(record) is None
    assert started.alive()


def test_the_same_command_started_at_another_time_is_not_ours(record: Path, started: Running) -> None:
    change(record, started=started.started - 3600)

    assert process.find(record) is None
    assert started.alive()


@pytest.mark.parametrize("content", ["", "{}", '{"pid": "x"}', "[]"])
def test_a_record_that_was_half_written_counts_as_none(record: Path, content: str) -> None:
    record.write_text(content)

    assert process.find(record) is None
    assert not record.exists()
