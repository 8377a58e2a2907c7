"""The dependency layer: the wheels of one requirements file for one target, trimmed and compiled.

Kept apart from packages, so that a changed line of source reinstalls nothing, and services with equal requirements
share it.
"""

import sys
from hashlib import sha256
from pathlib import Path, PurePosixPath

from infra.packages import aws_data, bytecode, store, tools, trim
from infra.packages.errors import PackageError
from infra.packages.sources import Sources
from infra.packages.target import Target

_KEPT = 4  # layers for each target


def layer(requirements: Path, target: Target, builder: str, root: Path) -> Path:
    """The layer's directory below `root`; `builder` identifies the code that makes it."""
    # The comments say which dependency asked for which, and differ where the files are the same.
    pins = [line for line in requirements.read_text().splitlines() if not line.lstrip().startswith("#")]
    key = sha256("\0".join([builder, repr(target), *pins]).encode()).hexdigest()[:16]

    def make(directory: Path) -> None:
        _install(requirements, target, directory)
        _trim(directory)
        bytecode.compile_parts(directory, ["."], target, root / "compilers")
        store.seal(directory)

    made = store.once(root / "layers" / f"{target}-{key}", make)
    store.prune(made.parent, f"{target}-*", _KEPT)
    return made


def link_into(package: Path, made: Path, own: Sources) -> None:
    """Puts the layer into a package; of AWS's services, only descriptions of those that this service calls."""
    for source in made.rglob("*"):
        path = PurePosixPath(source.relative_to(made))
        if source.is_file() and not trim.is_aws_data(path, but_for=own.aws):
            store.link(source, package / path)
    aws_data.write(package, made, own)


def _install(requirements: Path, target: Target, directory: Path) -> None:
    command = [tools.find("uv"), "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:", "--python-platform", target.platform, "--python-version", target.python]
    # Copies, because uv would link to its cache, whose files are not ours to trim and seal.
    command += ["--link-mode", "copy", "--python", sys.executable, "--target", str(directory)]
    done = tools.run([*command, "--requirements", str(requirements)])
    if done.returncode:
        raise PackageError(f"{_explain(done.stderr, requirements, target)}\n{done.stderr.strip()}")


def _explain(message: str, requirements: Path, target: Target) -> str:
    if "Hash mismatch" in message:
        return f"A download is not the file that {requirements} locks by its hash; nothing was installed."
    if "no usable wheels" in message or "no wheels with a matching" in message:
        return f"A dependency in {requirements} has no wheel for {target.runtime} on {target.platform}."
    return f"The dependencies in {requirements} cannot be installed for {target.runtime} on {target.platform}."


def _trim(directory: Path) -> None:
    for path in directory.rglob("*"):
        if path.is_file() and trim.is_dead_weight(PurePosixPath(path.relative_to(directory))):
            path.unlink()
    for path in sorted(directory.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
