"""Byte-code of exactly the target's Python version: without it a function compiles its whole tree at every cold start.

Byte-code depends on the interpreter's minor version and on nothing else of the machine. So when no Python of the
target's version is installed, CPython compiled to WebAssembly (Pyodide) does it in Node. Measured once, with 3.12.1
on both sides: all 658 byte-code files of these dependencies came out equal to a native CPython's, byte by byte.
"""

import json
import shutil
import sys
from hashlib import sha256
from pathlib import Path

from infra.packages import compile_tree, store, tools
from infra.packages.errors import PackageError
from infra.packages.target import Target

_SCRIPT = Path(compile_tree.__file__)
_PYODIDE = Path(__file__).parent / "pyodide"
_PYODIDE_PYTHON = "3.14"  # of the version locked there


def compile_parts(tree: Path, parts: list[str], target: Target, compilers: Path) -> None:
    """Compiles every module below these parts of the tree; a compiler that must be installed goes into `compilers`.

    Raises PackageError for source that does not parse, and when no interpreter of the version can be had.
    """
    native = _native_python(target.python)
    if native:
        # A fixed hash seed, so that nothing about the result is left to chance.
        done = tools.run([native, "-B", "-P", "-S", "-s", _SCRIPT, tree, *parts], env={"PYTHONHASHSEED": "0"})
    else:
        module = _pyodide(target.python, compilers)
        done = tools.run([tools.find("node"), _PYODIDE / "compile.mjs", module, _SCRIPT, tree, *parts])
    if done.returncode:
        raise PackageError(f"Compiling to byte-code for Python {target.python} failed:\n{done.stderr.strip()}")
    report = json.loads(done.stdout.splitlines()[-1])
    if report["errors"]:
        raise PackageError("\n".join([f"Not valid Python {target.python}:", *report["errors"]]))
    if report["python"] != target.python or not report["final"]:
        raise PackageError(f"Byte-code was to be compiled by Python {target.python}, not by {report}")


def _native_python(version: str) -> str | None:
    """This interpreter if it has the version, else one that uv finds on the machine (without downloading any)."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    major, minor = version.split(".")
    wanted = f"cpython>={version},<{major}.{int(minor) + 1}"
    found = tools.run([tools.find("uv"), "python", "find", "--no-project", "--no-python-downloads", wanted])
    return found.stdout.strip() if found.returncode == 0 else None


def _pyodide(version: str, compilers: Path) -> Path:
    """The locked Pyodide, installed at the first use."""
    if version != _PYODIDE_PYTHON:
        raise PackageError(
            f"Byte-code for Python {version} needs that Python on this machine: uv python install {version}"
        )

    def install(directory: Path) -> None:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(_PYODIDE / name, directory)
        done = tools.run([tools.find("npm"), "ci", "--ignore-scripts", "--no-update-notifier"], cwd=directory)
        if done.returncode:
            raise PackageError(
                f"This machine has no Python {version}, and installing one that runs in Node failed; "
                f"`uv python install {version}` would do as well.\n{done.stderr.strip()}"
            )

    lock = sha256((_PYODIDE / "package-lock.json").read_bytes()).hexdigest()[:16]
    return store.once(compilers / f"pyodide-{lock}", install) / "node_modules" / "pyodide"
