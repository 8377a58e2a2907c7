"""All orders of deploying the four services: `python -m benchmarks.independent_deploys [--json]`.

On a platform of its own, a city lives while each of the services is deployed alone in another version, in every one of
the twenty-four orders, there and back by turns. A city that comes to its end is followed by another. Exits with 1 if
any city lost or repeated anything. `make test` does the same in one order.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, permutations
from pathlib import Path
from typing import Any

from infra.app import SERVICES as EVERY_SERVICE
from local.environment import running
from local.environment.down import down
from local.environment.up import up
from local.environment.workspace import ROOT, Workspace
from tests.deployed import Deployed, free_ports
from tests.deploys.city import Living, living
from tests.deploys.versions import Changed

SERVICES = [each for each in EVERY_SERVICE if each != "partners"]  # those that an order passes through
# Only five times as fast as real time: to a city that lives twenty times as fast, the half minute in which a deployment
# keeps two cores busy is ten minutes, and merchants have five to answer.
TIME_SCALE = 5.0
CITY = ("--orders", "120", "--drivers", "40", "--merchants", "20")


@contextmanager
def a_platform(folder: Path) -> Iterator[Deployed]:
    workspace = Workspace(ROOT, folder / "platform")
    up(workspace, free_ports(), TIME_SCALE, lambda line: print(line, file=sys.stderr))
    try:
        yield Deployed(running.find(workspace), workspace)
    finally:
        down(workspace, purge=True)


def deploy_in_every_order(deployed: Deployed, folder: Path) -> dict[str, Any]:
    changed = Changed.of(deployed, folder)
    versions = (changed.assembly, changed.present)
    seconds: list[float] = []
    problems: list[str] = []
    orders = iter(permutations(SERVICES))
    done = cities = placed = 0
    left = next(orders, None)
    for seed in count(1):
        (city_folder := folder / f"city-{seed}").mkdir()
        with living(deployed, city_folder, *CITY, "--seed", str(seed)) as city:
            while left and city.is_under_way:
                began = time.monotonic()
                seconds += [_deploy(changed, service, versions[done % 2]) for service in left]
                done, left = done + 1, next(orders, None)
                print(f"{done} orders of deployments, {time.monotonic() - began:.1f} s", file=sys.stderr)
            placed, cities = placed + _ended(city, problems), cities + 1
        if not left:
            break
    return {
        "orders_of_deployments": done,
        "deployments": len(seconds),
        "seconds_each": round(sum(seconds) / len(seconds), 2),
        "cities": cities,
        "orders_placed": placed,
        "problems": problems,
    }


def _deploy(changed: Changed, service: str, assembly: Path) -> float:
    began = time.monotonic()
    changed.deploy(assembly, service)
    return time.monotonic() - began


def _ended(city: Living, problems: list[str]) -> int:
    """How many orders it placed. Whatever went wrong in it is added to `problems`."""
    report = city.report()
    problems += report["problems"]
    return int(report["orders_placed"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    as_json = parser.parse_args().json
    with tempfile.TemporaryDirectory() as folder, a_platform(Path(folder)) as deployed:
        figures = deploy_in_every_order(deployed, Path(folder))
    if as_json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):24}{value}")
    sys.exit(1 if figures["problems"] else 0)


if __name__ == "__main__":
    main()
