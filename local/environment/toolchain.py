"""The tools a deployment runs: checked before anything starts, since their own errors say little."""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

from local.environment.workspace import Workspace
from local.node import node_binary
from local.problem import Problem

OLDEST_PYTHON = (3, 11)
_INSTALL = "Run `make install`."


def check(workspace: Workspace, version: tuple[int, ...] = tuple(sys.version_info[:3])) -> tuple[str, ...]:
    """The command that runs the pinned CDK CLI, with Node itself at its head, so that to end it is to end the CDK.

    Raises Problem when Python, Node, uv or an npm package is missing or another than pinned.
    """
    if version < OLDEST_PYTHON:
        have, need = (".".join(map(str, numbers)) for numbers in (version, OLDEST_PYTHON))
        raise Problem(f"Python {need} or newer is needed, this is {have}.", "Run `make install PYTHON=python3.x`.")
    for tool, meaning in (("node", "Node runs the CDK and the resolvers"), ("uv", "uv builds the Lambda packages")):
        _check_program(tool, meaning)
    return node_binary(), str(_cdk(workspace.root / "infra"))


def _check_program(tool: str, meaning: str) -> None:
    path = Path(sysconfig.get_path("scripts")) / tool
    if not path.exists():
        raise Problem(f"{tool} is missing: {path} ({meaning}).", _INSTALL)
    try:
        subprocess.run([path, "--version"], check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        raise Problem(f"{path} does not run: {error}", f"Delete .venv, then: {_INSTALL}") from error


def _cdk(infra: Path) -> Path:
    wanted = json.loads((infra / "package.json").read_text())["devDependencies"]
    for package in wanted:
        if not (infra / "node_modules" / package / "package.json").exists():
            raise Problem(f"The npm package {package} is missing in infra/node_modules.", _INSTALL)
    installed = json.loads((infra / "node_modules" / "aws-cdk" / "package.json").read_text())["version"]
    if installed != wanted["aws-cdk"]:
        raise Problem(f"The CDK CLI {wanted['aws-cdk']} is pinned, {installed} is installed.", _INSTALL)
    return infra / "node_modules" / "aws-cdk" / "bin" / "cdk"
