"""APPSYNC_JS resolvers, each bundled into the single file that AppSync takes.

A resolver may import from files beside it and from infra/resolvers; AppSync itself can import nothing but its own
modules. Nothing is rewritten on the way: esbuild's target is `esnext`, as AWS's guide has it, so what the linter
checked is what runs.
"""

import hashlib
import json
import os
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).resolve().parents[1]
CACHE = REPOSITORY / ".local" / "resolvers"
MAX_BYTES = 32_768  # AppSync's limit on one resolver's code

_ESBUILD = REPOSITORY / "infra" / "node_modules" / ".bin" / "esbuild"
_LOCK = REPOSITORY / "infra" / "package-lock.json"
_OPTIONS = (
    "--bundle",
    "--format=esm",
    "--platform=node",
    "--target=esnext",
    "--external:@aws-appsync/utils",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=error",
    "--color=false",
)
# A namespace import of a local module makes esbuild emit this helper, which calls what APPSYNC_JS does not have.
_HELPER = "Object.defineProperty"


class BundleError(Exception):
    """A resolver cannot be bundled, or AppSync would not take the bundle; the message names file and line."""


def bundle(paths: Sequence[Path], cache: Path = CACHE) -> dict[Path, str]:
    """The code to upload for each of these resolvers: one run of esbuild, or none if no file it would read changed."""
    if not paths:
        return {}
    root = _root(paths)
    names = {path: path.resolve().relative_to(root).as_posix() for path in paths}
    remembered = cache / f"{_digest(_LOCK.read_bytes(), *_OPTIONS, str(root), *sorted(names.values()))}.json"
    code = _recall(remembered, root)
    if code is None:
        code, inputs = _esbuild(root, sorted(names.values()))
        _remember(remembered, code, {name: _digest((root / name).read_bytes()) for name in inputs})
    for name, text in code.items():
        _check(name, text)
    return {path: code[name] for path, name in names.items()}


def _root(paths: Sequence[Path]) -> Path:
    """The folder that paths in bundles are relative to: the repository, so that bundles are equal on every machine."""
    absolute = [path.resolve() for path in paths]
    if all(path.is_relative_to(REPOSITORY) for path in absolute):
        return REPOSITORY
    return Path(os.path.commonpath([path.parent for path in absolute]))


def _esbuild(root: Path, names: list[str]) -> tuple[dict[str, str], list[str]]:
    """The bundle of each resolver, and every file that was read for them."""
    if not _ESBUILD.exists():
        raise BundleError(f"{_ESBUILD.relative_to(REPOSITORY)} is missing: run `make install`")
    with TemporaryDirectory() as scratch:
        places = [f"--outdir={scratch}/out", f"--outbase={root}", f"--metafile={scratch}/meta.json"]
        done = subprocess.run(
            [str(_ESBUILD), *_OPTIONS, *places, *names],
            cwd=root,
            # Where npm did not replace esbuild's launcher by the program itself, it needs the workspace's node.
            env={**os.environ, "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BundleError(f"esbuild refuses a resolver:\n{done.stderr.strip()}")
        code = {name: (Path(scratch) / "out" / name).read_text() for name in names}
        return code, sorted(json.loads((Path(scratch) / "meta.json").read_text())["inputs"])


def _check(name: str, code: str) -> None:
    size = len(code.encode())
    if size > MAX_BYTES:
        raise BundleError(f"{name}: bundled it has {size} bytes; AppSync takes {MAX_BYTES} at most")
    if _HELPER in code:
        raise BundleError(
            f"{name}: the bundle calls {_HELPER}, which APPSYNC_JS does not have; import names, not `* as`"
        )


def _recall(remembered: Path, root: Path) -> dict[str, str] | None:
    """The bundles made before, if every file they were made from is still the same."""
    try:
        entry = json.loads(remembered.read_text())
        fresh = all(_digest((root / name).read_bytes()) == digest for name, digest in entry["inputs"].items())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return entry["code"] if fresh else None


def _remember(remembered: Path, code: dict[str, str], inputs: dict[str, str]) -> None:
    remembered.parent.mkdir(parents=True, exist_ok=True)
    scratch = remembered.with_suffix(f".{os.getpid()}")
    scratch.write_text(json.dumps({"inputs": inputs, "code": code}))
    scratch.replace(remembered)


def _digest(*parts: bytes | str) -> str:
    return hashlib.sha256(b"\0".join(p if isinstance(p, bytes) else p.encode() for p in parts)).hexdigest()[:32]
