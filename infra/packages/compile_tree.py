"""Compiles Python files to byte-code. Run by an interpreter of the target's version, so it imports nothing of ours.

    python compile_tree.py TREE PART…

compiles every module below TREE/PART and prints which interpreter did it. The byte-code is "unchecked" (PEP 552): it
carries a hash of its source instead of a time stamp, and the interpreter takes it as it is, whatever times a zip
gives the files.
"""

import importlib.util
import json
import py_compile
import sys
from pathlib import Path

# Where Lambda unpacks a package: byte-code that already says so spares the import system from rewriting it.
_UNPACKED = "/var/task"


def compile_tree(tree: Path, parts: list[str]) -> list[str]:
    """Writes the byte-code beside each source, in a fixed order; returns one line for each file that does not parse."""
    errors = []
    for source in sorted(file for part in parts for file in (tree / part).rglob("*.py")):
        name = source.relative_to(tree).as_posix()
        try:
            py_compile.compile(
                str(source),
                cfile=importlib.util.cache_from_source(str(source), optimization=""),
                dfile=f"{_UNPACKED}/{name}",
                doraise=True,
                optimize=0,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
        except py_compile.PyCompileError as error:
            cause = error.exc_value
            where = f"{name}:{cause.lineno}" if isinstance(cause, SyntaxError) else name
            errors.append(f"{where}: {cause.msg if isinstance(cause, SyntaxError) else cause}")
    return errors


def main(arguments: list[str]) -> None:
    """Prints a JSON object: `python` (minor version), `final` (not a pre-release) and `errors`."""
    errors = compile_tree(Path(arguments[0]), arguments[1:])
    version = sys.version_info
    final = sys.implementation.name == "cpython" and version.releaselevel == "final"
    print(json.dumps({"python": f"{version.major}.{version.minor}", "final": final, "errors": errors}))


if __name__ == "__main__":
    main(sys.argv[1:])
