"""How long `delivery up` takes when nothing has changed: `python -m benchmarks.second_up [--runs N] [--json]`.

It takes the local platform that runs, and brings it up first where it does not; that first time does not count, and the
platform is left as it was found. Each counted run is a process of its own, from its start to its end, as somebody waits
for it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

DELIVERY = Path(sys.executable).with_name("delivery")
LIMIT_S = 5.0


def delivery(*arguments: str) -> float:
    """Seconds that a command takes. Raises SystemExit with what it said when it fails."""
    began = time.monotonic()
    ended = subprocess.run([DELIVERY, *arguments], capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    if ended.returncode:
        sys.exit(f"delivery {' '.join(arguments)} failed:\n{ended.stdout}{ended.stderr}")
    return seconds


def is_up() -> bool:
    told = subprocess.run([DELIVERY, "status", "--json"], capture_output=True, text=True, check=False)
    return told.returncode == 0 and bool(json.loads(told.stdout)["up"])


def measure(runs: int, port: list[str]) -> list[float]:
    """Seconds of each `up` after the first."""
    found_up = is_up()
    delivery("up", *port)
    try:
        return [delivery("up", *port) for _ in range(runs)]
    finally:
        if not found_up:
            delivery("down")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="the median counts")
    parser.add_argument("--port", help="of the local cloud, where it does not run yet")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    runs = measure(asked.runs, ["--port", asked.port] if asked.port else [])
    median = statistics.median(runs)
    if asked.json:
        figure = {"command": "delivery up", "seconds": [round(s, 2) for s in runs], "cores": os.cpu_count()}
        print(json.dumps(figure | {"median": round(median, 2), "limit": LIMIT_S}))
    else:
        print(f"delivery up, nothing changed, {os.cpu_count()} cores: median {median:.1f} s of {len(runs)}")
    if median >= LIMIT_S:
        sys.exit(f"It must be less than {LIMIT_S:.0f} s.")


if __name__ == "__main__":
    main()
