"""The repository's own files, and what its modules import."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = tuple(sorted(path.parent.name for path in ROOT.glob("services/*/pyproject.toml")))


@dataclass(frozen=True)
class Module:
    """One Python file. `name` is dotted, as it is imported: "services.orders.table"."""

    name: str
    source: str

    @property
    def service(self) -> str:
        return self.name.split(".")[1]


@dataclass(frozen=True)
class Import:
    """`name` is all that is known of what is imported: "a.b.c" for `from a.b import c`."""

    name: str
    line: int
    at_runtime: bool  # not only for type checkers

    @property
    def top(self) -> str:
        return self.name.split(".")[0]

    def within(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)


def modules(folder: str, *, below: str = "") -> list[Module]:
    """Every module of `folder`; their names begin below `below`: delivery_events lies in events/."""
    base = ROOT / below
    return [
        Module(".".join(path.relative_to(base).with_suffix("").parts), path.read_text())
        for path in sorted((base / folder).rglob("*.py"))
        if not {".venv", ".local", "node_modules"} & set(path.relative_to(ROOT).parts)
    ]


def imports(module: Module) -> Iterator[Import]:
    """Every import statement of a module, also those inside functions."""
    tree = ast.parse(module.source)
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, id(node) not in for_types)
        elif isinstance(node, ast.ImportFrom):
            package = module.name.split(".")[: -node.level] if node.level else []
            origin = ".".join([*package, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(f"{origin}.{alias.name}", node.lineno, id(node) not in for_types)


def committed_files() -> list[Path]:
    """What is, or is about to be, in version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in sorted(set(listed.stdout.split("\0"))) if name and (path := ROOT / name).is_file()]
