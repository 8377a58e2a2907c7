"""python -m infra.packages [SERVICE…] [--target host|aws] [--json]: builds packages and prints what each weighs."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from infra.packages import PackageError, Target, build, sources
from infra.packages.measure import MAX_ZIPPED_BYTES, Size, measure

_TARGETS = {"host": Target.host, "aws": Target.aws}


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 if a package cannot be built or is too large."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.packages", description="Builds the services' Lambda packages and prints what each weighs."
    )
    parser.add_argument("services", nargs="*", metavar="SERVICE", help="default: all of them")
    parser.add_argument("--target", choices=_TARGETS, action="append", help="this machine or Lambda; default: both")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    try:
        built = [
            (service, name, package, measure(package))
            for name in options.target or _TARGETS
            for service in options.services or sources.services()
            for package in [build(service, _TARGETS[name]())]
        ]
    except PackageError as error:
        print(error, file=sys.stderr)
        return 1
    print(_as_json(built) if options.json else _as_table(built))
    too_large = [(service, name) for service, name, _, size in built if size.zipped_bytes > MAX_ZIPPED_BYTES]
    for service, name in too_large:
        print(f"{service} for {name} is over the limit of {MAX_ZIPPED_BYTES / 1e6:.0f} MB zipped", file=sys.stderr)
    return 1 if too_large else 0


def _as_json(built: list[tuple[str, str, Path, Size]]) -> str:
    rows = [
        {"service": service, "target": target, "path": str(package), **asdict(size)}
        for service, target, package, size in built
    ]
    return json.dumps(rows, indent=2)


def _as_table(built: list[tuple[str, str, Path, Size]]) -> str:
    rows = [f"{'service':<14} {'target':<6} {'unzipped':>10} {'zipped':>10} {'files':>6}"]
    rows += [
        f"{service:<14} {target:<6} {size.unzipped_bytes / 1e6:>7.1f} MB "
        f"{size.zipped_bytes / 1e6:>7.1f} MB {size.files:>6}"
        for service, target, _, size in built
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
