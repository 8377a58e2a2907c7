"""Whole cities on the running platform: `python -m benchmarks.city [--seeds 1 2 3] [--instance DIR] [--json]`.

Runs `delivery simulate` for each seed, or for each real day, one after the other, and prints what came of each. Exits
with 1 if any run had a problem: an order that reached no end, an alert missing or sent twice, anything held twice.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

FIGURES = {
    "orders_placed": "orders",
    "orders_delivered": "delivered",
    "orders_failed": "failed",
    "orders_unfinished": "unfinished",
    "alerts_expected": "alerts due",
    "alerts_sent": "sent",
    "alerts_duplicated": "twice",
    "alerts_missing": "missing",
    "alerts_too_late": "too late",
    "double_assignments": "held twice",
    "failure_queue_messages": "in failure queues",
    "events_published": "events",
    "wall_s": "seconds",
    "speed": "speed",
}


def simulate(arguments: list[str]) -> dict[str, Any]:
    """The report of one run."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "local.cli", "simulate", *arguments, "--report", str(report)]
        ended = subprocess.run(command, stdout=sys.stderr, check=False)
        if not report.exists():
            sys.exit(f"{' '.join(command)} ended with {ended.returncode} and no report")
        figures: dict[str, Any] = json.loads(report.read_text())
        return figures


def table(rows: dict[str, dict[str, Any]]) -> str:
    lines = [["run", *FIGURES.values()]]
    lines += [[name, *(f"{figures[key]:g}" for key in FIGURES)] for name, figures in rows.items()]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", default="200")
    parser.add_argument("--drivers", default="40")
    parser.add_argument("--merchants", default="12")
    parser.add_argument("--seeds", nargs="+", default=["1", "2", "3"])
    parser.add_argument("--instance", nargs="+", type=Path, default=[], metavar="DIR", help="real days instead")
    parser.add_argument("--speed", help="default: the platform's time scale")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    speed = ["--speed", asked.speed] if asked.speed else []
    size = ["--orders", asked.orders, "--drivers", asked.drivers, "--merchants", asked.merchants]
    rows = {day.name: simulate(["--instance", str(day), *speed]) for day in asked.instance}
    if not rows:
        rows = {f"seed {seed}": simulate([*size, "--seed", seed, *speed]) for seed in asked.seeds}
    print(json.dumps(rows) if asked.json else table(rows))
    sys.exit(any(figures["problems"] for figures in rows.values()))


if __name__ == "__main__":
    main()
