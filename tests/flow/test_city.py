"""A small city's dinner rush on the deployed platform: everything that can happen to an order, at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.environment.workspace import STATE_DIR_VARIABLE
from tests.deployed import Deployed

pytestmark = pytest.mark.local_cloud

ORDERS, DRIVERS, MERCHANTS = 40, 14, 8


def test_a_dinner_rush_ends_with_every_order_ended_and_every_alert_sent_once(
    deployed: Deployed, tmp_path: Path
) -> None:
    """By the command that people and scripts use; its figures come from tables and from the record of messages sent."""
    report = tmp_path / "report.json"
    size = ["--orders", str(ORDERS), "--drivers", str(DRIVERS), "--merchants", str(MERCHANTS), "--seed", "7"]
    ended = subprocess.run(
        [sys.executable, "-m", "local.cli", "simulate", *size, "--report", str(report)],
        env=os.environ | {STATE_DIR_VARIABLE: str(deployed.workspace.state_dir)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.exists(), ended.stderr
    figures = json.loads(report.read_text())

    assert figures["problems"] == []
    assert ended.returncode == 0, ended.stderr
    assert figures["orders_placed"] == ORDERS
    ends = ("orders_delivered", "orders_cancelled", "orders_rejected", "orders_failed")
    assert sum(figures[end] for end in ends) == ORDERS
    assert figures["orders_delivered"] > ORDERS / 2
    assert figures["alerts_sent"] == figures["alerts_expected"] - figures["alerts_too_late"] > ORDERS
    assert figures["events_by_type"]["delivery.offer_declined.v1"] > 0, "the seed is one in which a driver declines"
