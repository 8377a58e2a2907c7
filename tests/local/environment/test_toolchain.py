"""What a deployment lacks is said before anything is deployed."""

import json
import sysconfig
from pathlib import Path

import pytest

from local.environment import toolchain
from local.environment.workspace import Workspace
from local.problem import Problem


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the environment's programs, with a node and an uv that run."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("node", "uv"):
        program(folder / tool, "exit 0")
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(folder))
    return folder


@pytest.fixture
def installed(tmp_path: Path) -> Workspace:
    """A project whose pinned CDK is installed."""
    infra = tmp_path / "project" / "infra"
    infra.mkdir(parents=True)
    (infra / "package.json").write_text(json.dumps({"devDependencies": {"aws-cdk": "2.1.0", "esbuild": "^0.25.0"}}))
    for package, version in (("aws-cdk", "2.1.0"), ("esbuild", "0.25.9")):
        install(infra, package, version)
    return Workspace(infra.parent, tmp_path / "state")


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def install(infra: Path, package: str, version: str) -> None:
    folder = infra / "node_modules" / package
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"version": version}))


@pytest.mark.usefixtures("scripts")
def test_the_pinned_cdk_is_what_is_run(installed: Workspace) -> None:
    assert toolchain.check(installed)[-1].startswith(str(installed.root / "infra" / "node_modules" / "aws-cdk"))


@pytest.mark.parametrize("tool", ["node", "uv"])
def test_a_missing_program_is_named(installed: Workspace, scripts: Path, tool: str) -> None:
    (scripts / tool).unlink()
    with pytest.raises(Problem, match=f"{tool} is missing") as caught:
        toolchain.check(installed)
    assert "make install" in caught.value.remedy


def test_a_program_that_does_not_run_is_named(installed: Workspace, scripts: Path) -> None:
    program(scripts / "node", "exit 1")
    with pytest.raises(Problem, match="node does not run"):
        toolchain.check(installed)


@pytest.mark.usefixtures("scripts")
def test_another_cdk_than_the_pinned_one_is_refused(installed: Workspace) -> None:
    install(installed.root / "infra", "aws-cdk", "2.0.9")
    with pytest.raises(Problem, match=r"2\.1\.0 is pinned, 2\.0\.9 is installed"):
        toolchain.check(installed)


@pytest.mark.usefixtures("scripts")
def test_a_missing_npm_package_is_named(installed: Workspace) -> None:
    (installed.root / "infra" / "node_modules" / "esbuild" / "package.json").unlink()
    with pytest.raises(Problem, match="npm package esbuild is missing"):
        toolchain.check(installed)


def test_an_old_python_is_refused(installed: Workspace) -> None:
    with pytest.raises(Problem, match=r"Python 3\.11 or newer is needed, this is 3\.10\.4"):
        toolchain.check(installed, (3, 10, 4))
