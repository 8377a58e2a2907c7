"""A city that lives on the platform while it is deployed to."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.environment.workspace import STATE_DIR_VARIABLE
from tests.deployed import Deployed

_PATIENCE = 120.0  # wall seconds until the first order


@dataclass(frozen=True)
class Living:
    process: "subprocess.Popen[str]"
    report_file: Path

    @property
    def is_under_way(self) -> bool:
        return self.process.poll() is None

    def report(self) -> dict[str, Any]:
        """Once it has ended and everything has come to rest."""
        _, errors = self.process.communicate(timeout=1200)
        assert self.report_file.exists(), errors[-4000:]
        figures: dict[str, Any] = json.loads(self.report_file.read_text())
        return figures


@contextmanager
def living(deployed: Deployed, folder: Path, *size: str) -> Iterator[Living]:
    """A city whose first order is placed; ended with the block if it is not at its end by itself."""
    report = folder / "report.json"
    before = _rows(deployed)
    process = subprocess.Popen(
        [sys.executable, "-m", "local.cli", "simulate", *size, "--report", str(report)],
        env=os.environ | {STATE_DIR_VARIABLE: str(deployed.workspace.state_dir)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + _PATIENCE
        while _rows(deployed) <= before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.5)
        yield Living(process, report)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate()


def _rows(deployed: Deployed) -> int:
    """How many orders there are."""
    dynamodb = deployed.platform.aws.client("dynamodb")
    filtered = {"FilterExpression": "sk = :order", "ExpressionAttributeValues": {":order": {"S": "ORDER"}}}
    return sum(
        page["Count"] for page in dynamodb.get_paginator("scan").paginate(TableName="delivery-orders", **filtered)
    )
