"""How long each function's code takes to load at a cold start.

    python benchmarks/init_time.py [SERVICE…] [--runs N] [--json]

Each run is a fresh interpreter that sees nothing but the standard library and the package, as on Lambda, and loads one
handler. Milliseconds depend on the machine; the ratio, to the time this machine needs to start Python and do nothing,
less so. The last column loads the same package without its byte-code: what every cold start would cost without it.
"""

import argparse
import ast
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.packages import PackageError, Target, build, sources

_LOAD = """
import sys, time
sys.path.insert(0, sys.argv[1])
started = time.perf_counter()
__import__(sys.argv[2])
print(time.perf_counter() - started)
"""
# What Lambda sets for every function.
_LAMBDA = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_LAMBDA_FUNCTION_NAME": "init"}
# Variables for which not any value will do.
_VALUES = {"PARTNER_BUS_ARN": "arn:aws:events:us-east-1:111111111111:event-bus/a", "PUSH_APPLICATION_ARN": "none"}
_NO_BYTECODE = ["-X", f"pycache_prefix={os.devnull}"]  # looked for where there is none


@dataclass(frozen=True)
class InitTime:
    """Medians over the runs."""

    service: str
    handler: str
    init_ms: float
    times_bare_python: float
    init_without_bytecode_ms: float


def handlers(service: str) -> list[str]:
    """The modules of a service that Lambda loads, e.g. "services.orders.handlers.outbox"."""
    folder = sources.REPOSITORY / "services" / service / "handlers"
    return [f"services.{service}.handlers.{path.stem}" for path in sorted(folder.glob("[!_]*.py"))]


def placeholders(service: str) -> dict[str, str]:
    """A value for every environment variable that the service's code insists on: `os.environ["NAME"]`."""
    folder = sources.REPOSITORY / "services" / service
    nodes = (node for path in folder.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())))
    return {
        node.slice.value: _VALUES.get(node.slice.value, "1")
        for node in nodes
        if isinstance(node, ast.Subscript)
        and ast.unparse(node.value).endswith("environ")
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }


def load(package: Path, module: str, environment: dict[str, str], flags: list[str] | None = None) -> float:
    """Seconds that importing the module takes in a fresh interpreter; raises RuntimeError with its traceback."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", *(flags or []), "-c", _LOAD, str(package), module],
        env={**_LAMBDA, **environment},
        cwd=package,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} does not load from its package alone:\n{done.stderr}")
    return float(done.stdout.splitlines()[-1])


def measure(service: str, runs: int, bare: float) -> list[InitTime]:
    """Every handler of one service."""
    package = build(service, Target.host())
    environment = placeholders(service)
    measured = []
    for module in handlers(service):
        seconds = statistics.median(load(package, module, environment) for _ in range(runs))
        uncompiled = statistics.median(load(package, module, environment, _NO_BYTECODE) for _ in range(runs))
        name = module.rpartition(".")[2]
        measured.append(
            InitTime(service, name, round(seconds * 1e3, 1), round(seconds / bare, 1), round(uncompiled * 1e3, 1))
        )
    return measured


def bare_python(runs: int) -> float:
    """Seconds to start an interpreter that does nothing, and end it."""

    def once() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-S", "-c", "pass"], check=True)
        return time.perf_counter() - started

    return statistics.median(once() for _ in range(runs))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How long each function's code takes to load at a cold start.")
    parser.add_argument("services", nargs="*", metavar="SERVICE", help="default: all of them")
    parser.add_argument("--runs", type=int, default=7, help="loads of each handler; the median counts (default: 7)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    bare = bare_python(options.runs)
    try:
        measured = [
            row for service in options.services or sources.services() for row in measure(service, options.runs, bare)
        ]
    except (PackageError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps({"bare_python_ms": round(bare * 1e3, 1), "handlers": [asdict(row) for row in measured]}))
        return 0
    print(f"bare Python: {bare * 1e3:.1f} ms; medians of {options.runs} runs")
    print(f"{'service':<14} {'handler':<16} {'init':>9} {'x bare':>7} {'no byte-code':>13}")
    for row in measured:
        print(
            f"{row.service:<14} {row.handler:<16} {row.init_ms:>6.0f} ms {row.times_bare_python:>7.1f} "
            f"{row.init_without_bytecode_ms:>10.0f} ms"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
