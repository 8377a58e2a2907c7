"""A hash of files' contents: whether anything that goes into a deployment, or into a server, has changed."""

import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

# Whatever the CDK app reads, and the locks that decide which CDK and which libraries read it.
DEPLOYED = ("services", "infra", "events", "requirements", "pyproject.toml")
_MADE = frozenset({"node_modules", "__pycache__", "cdk.out", "dist"})


def of_files(root: Path, parts: Iterable[str], *settings: str) -> str:
    """A hash of every file below `parts` of `root`, by name and content, and of the settings given.

    Files that tools make (caches, installed packages, hidden files) do not count, nor do file times.
    """
    digest = sha256("\0".join(settings).encode())
    for part in parts:
        for path in _files(root / part):
            digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
            digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def of_deployment(root: Path, time_scale: float) -> str:
    """What `cdk deploy` would deploy. The Python version is part of it, as packages are built for this interpreter."""
    return of_files(root, DEPLOYED, f"time-scale={time_scale:g}", f"python={sys.version_info[:3]}")


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        for child in sorted(path.iterdir()):
            if child.name not in _MADE and not child.name.startswith(".") and child.suffix not in {".pyc", ".md"}:
                yield from _files(child)
    elif path.is_file():
        yield path
