"""Builds the site and looks at what was built."""

import argparse
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from infra.packages import store, tools
from local.environment.workspace import ROOT

_HERE = Path(__file__).parent
_LOCKED = ("package.json", "package-lock.json", ".npmrc")
_QUIET = {"ASTRO_TELEMETRY_DISABLED": "1", "EVENTCATALOG_DISABLE_TELEMETRY": "true", "NO_COLOR": "1"}


def install() -> Path:
    """The folder that holds the locked EventCatalog, installed at the first use."""

    def make(folder: Path) -> None:
        for name in _LOCKED:
            shutil.copy(_HERE / name, folder)
        done = tools.run([tools.find("npm"), "ci", "--no-update-notifier"], cwd=folder)
        if done.returncode:
            raise SystemExit(f"EventCatalog could not be installed:\n{done.stderr.strip()}")

    lock = sha256((_HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    return store.once(ROOT / ".local" / f"eventcatalog-{lock}", make)


def build(catalog: Path, installed: Path) -> int:
    """EventCatalog's exit code. It looks for itself and for its configuration in the catalog's own folder."""
    for name in _LOCKED[:2]:
        shutil.copy(installed / name, catalog)
    modules = catalog / "node_modules"
    if not modules.exists():
        modules.symlink_to(installed / "node_modules")
    node = tools.find("node")
    command = [node, modules / "@eventcatalog" / "core" / "bin" / "eventcatalog.js", "build"]
    path = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", os.defpath)])
    return subprocess.run(
        [*map(str, command)], cwd=catalog, env=os.environ | _QUIET | {"PATH": path}, check=False
    ).returncode


def without_a_page(catalog: Path) -> list[str]:
    """The events and services of the catalog that the site has no page of."""
    wanted = [path.parent.relative_to(catalog) for path in catalog.glob("*/*/index.mdx")]
    return sorted(str(each) for each in wanted if not list((catalog / "dist" / "docs" / each).rglob("index.html")))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m local.contracts.eventcatalog",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, help="what `delivery contracts build` wrote, such as …/eventcatalog")
    folder: Path = parser.parse_args().folder.resolve()
    if not (folder / "eventcatalog.config.js").exists():
        parser.exit(1, f"{folder} is no catalog: run `delivery contracts build` first.\n")
    if build(folder, install()):
        parser.exit(1, "EventCatalog failed; it says above why.\n")
    if missing := without_a_page(folder):
        parser.exit(1, f"EventCatalog made no page of {', '.join(missing)}.\n")
    print(f"{folder / 'dist'}", file=sys.stdout)


if __name__ == "__main__":
    main()
