"""Parts of the pages, run by Node without a browser: those that show nothing."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.packages.sources import REPOSITORY
from infra.web.files import SOURCE
from local.node import node_binary

_ESBUILD = REPOSITORY / "infra" / "node_modules" / ".bin" / "esbuild"
_OPTIONS = ("--bundle", "--format=esm", "--platform=node", "--loader=ts", "--log-level=error")


def run(script: str, folder: Path, replaced: Mapping[str, str] | None = None) -> Any:
    """What `script`, a module that stands in web/src, prints as JSON. `folder`: an empty one. `replaced`: by a
    package's name, the source of a module that it imports instead."""
    aliases = []
    for number, (package, source) in enumerate((replaced or {}).items()):
        instead = folder / f"instead-{number}.js"
        instead.write_text(source)
        aliases.append(f"--alias:{package}={instead}")
    bundled = folder / "bundle.mjs"
    command = [str(_ESBUILD), *_OPTIONS, f"--outfile={bundled}", *aliases]
    subprocess.run(command, input=script, cwd=SOURCE / "src", text=True, check=True)
    done = subprocess.run([node_binary(), str(bundled)], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
