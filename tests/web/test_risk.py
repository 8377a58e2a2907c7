"""Which deliveries the operators' board says are at risk."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.script import run

RISK = """
import {{ risk }} from './operator/risk';
console.log(JSON.stringify(risk({delivery}, Date.parse('2026-01-05T19:00:00.000Z'), {scale})));
"""
CARRIED = {"driverId": "driver-1", "requestedAt": "2026-01-05T18:30:00.000Z", "expectedDropoffAt": None}


def risk(folder: Path, *, scale: float = 1, **delivery: Any) -> tuple[str | None, float]:
    found = run(RISK.format(delivery=json.dumps(CARRIED | delivery), scale=scale), folder)
    return found["why"], found["lateBy"]


@pytest.mark.parametrize(
    ("state", "expected", "scale", "why"),
    [
        ("ASSIGNED", "18:55:00", 1, (None, 0)),
        ("ASSIGNED", "18:54:00", 1, ("risk.notThere", 60)),
        ("ASSIGNED", "18:59:00", 10, ("risk.notThere", 30)),
        ("ARRIVED_AT_PICKUP", "18:54:00", 1, (None, 0)),
        ("ARRIVED_AT_PICKUP", "18:49:00", 1, ("risk.waiting", 60)),
        ("PICKED_UP", "18:00:00", 1, (None, 0)),
    ],
)
def test_who_does_not_come_to_the_merchant_puts_it_at_risk(
    tmp_path: Path, state: str, expected: str, scale: float, why: tuple[str | None, float]
) -> None:
    """As of 19:00, by when the driver was expected there: an operator can look for another one."""
    assert risk(tmp_path, scale=scale, state=state, expectedPickupAt=f"2026-01-05T{expected}.000Z") == why
