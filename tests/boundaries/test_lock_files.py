"""What is installed is locked by hash, and from wherever the machine's own configuration says."""

import json
import re
from pathlib import Path

import pytest

from tests.boundaries.repository import ROOT, SERVICES, committed_files

REGISTRY = re.compile(r"\b(?:pypi|pythonhosted|npmjs|yarnpkg)\.(?:org|com|io)\b")
_REQUIREMENT = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)")
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
NPM_LOCKS = [path for path in committed_files() if path.name == "package-lock.json"]


def registries(text: str) -> list[str]:
    return REGISTRY.findall(text)


def pins(text: str) -> dict[str, str]:
    """Each distribution with its version. Raises ValueError for a line that is not pinned to a version and a hash."""
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?=\S)", text.replace("\\\n", " ")):
        if not entry.strip() or entry.startswith("#"):
            continue
        match = _REQUIREMENT.match(entry)
        if not match or not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry):
            raise ValueError(f"not locked: {entry.splitlines()[0]}")
        found[match[1]] = match[2]
    return found


def unlocked(lock: dict[str, dict[str, dict[str, object]]]) -> list[str]:
    """The packages of an npm lock that say where from, or do not say by which hash."""
    return [
        name
        for name, package in lock["packages"].items()
        if name and ("resolved" in package or "integrity" not in package) and "inBundle" not in package
    ]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_requirements_are_locked_by_hash(path: Path) -> None:
    assert pins(path.read_text())


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_runs_with_the_versions_it_was_tested_with(service: str) -> None:
    tested = pins((ROOT / "requirements/dev.txt").read_text())
    runs = pins((ROOT / f"requirements/{service}.txt").read_text())
    assert {name: tested.get(name) for name in runs} == runs


@pytest.mark.parametrize("path", NPM_LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_npm_packages_are_locked_by_hash(path: Path) -> None:
    assert unlocked(json.loads(path.read_text())) == []


def test_no_file_names_a_package_registry() -> None:
    named = {
        str(path.relative_to(ROOT)): found
        for path in committed_files()
        if (found := registries(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert named == {}


def test_an_unlocked_requirement_is_found() -> None:
    digest = f"--hash=sha256:{'0' * 64}"
    assert pins(f"six==1.17.0 \\\n    {digest}\n    # via x\nh3==4.5.0 {digest}\n") == {"six": "1.17.0", "h3": "4.5.0"}
    for line in ("six==1.17.0", f"six>=1.17 {digest}", f"six @ https://host.invalid/six.whl {digest}"):
        with pytest.raises(ValueError, match="not locked: six"):
            pins(line)


def test_an_unlocked_npm_package_is_found() -> None:
    packages: dict[str, dict[str, object]] = {
        "": {"name": "root"},
        "node_modules/good": {"version": "1.0.0", "integrity": "sha512-x"},
        "node_modules/placed": {"version": "1.0.0", "integrity": "sha512-x", "resolved": "https://host.invalid/p.tgz"},
        "node_modules/unhashed": {"version": "1.0.0"},
    }
    assert unlocked({"packages": packages}) == ["node_modules/placed", "node_modules/unhashed"]


def test_a_registry_is_found() -> None:
    # In pieces, or this file would be found itself.
    assert registries("index-url = https://" + "py" + "pi.org/simple")
    assert registries("https://registry.np" + "mjs.org/six")
    assert not registries("the PyPI project, npm")
