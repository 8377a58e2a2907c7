"""Builds packages: the dependency layer, the service's own modules, byte-code for both."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from infra.packages import bytecode, dependencies, sources, store
from infra.packages.target import Target

STORE = sources.REPOSITORY / ".local" / "packages"
_KEPT = 4  # packages for each service and target


def build(service: str, target: Target, root: Path = STORE, repository: Path = sources.REPOSITORY) -> Path:
    """The directory that holds the Lambda package of one service, named by a hash of everything that went into it.

    Built once; asked again with nothing changed, it only reads the service's sources. Safe to call from several
    processes at once. Raises PackageError, whose message says what is wrong: an unknown service, a missing tool, a
    download with another hash, no wheel for the platform, source that does not parse.
    """
    own = sources.read(service, repository)

    def make(package: Path) -> None:
        made = dependencies.layer(own.requirements, target, _builder(), root)
        dependencies.link_into(package, made, own)
        _write(package, own.files)
        bytecode.compile_parts(package, sorted({name.split("/")[0] for name in own.files}), target, root / "compilers")
        store.seal(package)

    package = root / f"{service}-{target}-{_key(own, target)}"
    if not package.is_dir():
        store.prune(root, f"{service}-{target}-*", _KEPT - 1)
    return store.once(package, make)


def _key(own: sources.Sources, target: Target) -> str:
    digest = sha256(json.dumps([_builder(), repr(target), sorted(own.aws), list(own.files)]).encode())
    digest.update(own.requirements.read_bytes())
    for content in own.files.values():
        digest.update(sha256(content).digest())
    return digest.hexdigest()[:16]


def _write(package: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@cache
def _builder() -> str:
    """A hash of this code itself, so that a package made by other rules is never taken for one made by these."""
    folder = Path(__file__).parent
    parts = [*folder.glob("*.py"), *(folder / "pyodide").glob("*.json"), *(folder / "pyodide").glob("*.mjs")]
    return sha256(b"\0".join(part.read_bytes() for part in sorted(parts))).hexdigest()
