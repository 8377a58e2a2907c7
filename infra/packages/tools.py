"""The programs that packaging runs: uv, node and npm, all of them in the workspace's own virtual environment."""

import shutil
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.packages.errors import PackageError


def find(program: str) -> str:
    """The path of a program: beside this interpreter first, so that the locked version is the one that runs."""
    places = (sysconfig.get_path("scripts"), None)
    found = next((path for place in places if (path := shutil.which(program, path=place))), None)
    if found is None:
        raise PackageError(f"{program} is neither in {places[0]} nor on PATH: run `make install`")
    return found


def run(
    command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs to the end with the output captured; the caller judges the return code."""
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, cwd=cwd, env=env)
