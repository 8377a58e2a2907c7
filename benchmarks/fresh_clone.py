"""How long somebody waits who has just cloned this: `python -m benchmarks.fresh_clone demo|test [--runs N] [--json]`.

Clones the last commit into an empty folder, without a virtual environment, and runs one of the README's two commands
there. Caches of package managers in the home folder are used as they are: say with the figure whether they were warm.
The output of the command goes to a log, whose path is printed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def run_once(command: str, folder: Path) -> float:
    """Seconds from the end of the clone to the end of `make <command>`. Raises SystemExit when it fails."""
    clone, log = folder / "clone", folder / f"{command}.log"
    subprocess.run(["git", "clone", "--quiet", REPOSITORY, clone], check=True)
    outside = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if REPOSITORY not in Path(p).parents)
    began = time.monotonic()
    with log.open("w") as output:
        ended = subprocess.run(
            ["make", command],
            cwd=clone,
            env=os.environ | {"PATH": outside},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    seconds = time.monotonic() - began
    if command == "demo":
        subprocess.run(["make", "down"], cwd=clone, env=os.environ | {"PATH": outside}, check=False)
    if ended.returncode:
        sys.exit(f"make {command} failed after {seconds:.0f} s: {log}")
    print(f"make {command}: {seconds:.0f} s, {log}", file=sys.stderr)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["demo", "test"])
    parser.add_argument("--runs", type=int, default=1, help="each in a clone of its own; the median counts")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    runs = [run_once(asked.command, Path(tempfile.mkdtemp(prefix="fresh-clone-"))) for _ in range(asked.runs)]
    figure = {"command": f"make {asked.command}", "seconds": [round(s, 1) for s in runs], "cores": os.cpu_count()}
    median = statistics.median(runs)
    if asked.json:
        print(json.dumps(figure | {"median": round(median, 1)}))
    else:
        print(f"make {asked.command} on a fresh clone, {os.cpu_count()} cores: median {median:.0f} s of {len(runs)}")


if __name__ == "__main__":
    main()
