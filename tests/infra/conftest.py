"""Every stack of the stages, synthesised once: jsii takes seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cdk_nag import AwsSolutionsChecks

import infra.packages
from tests.infra.templates import Platform, synthesise


@pytest.fixture(scope="session")
def _no_packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Templates do not depend on what is in a Lambda package, so the same small one is used for all."""
    empty = tmp_path_factory.mktemp("package")
    (empty / "nothing.py").write_text("")

    def build(_service: str, _target: infra.packages.Target) -> Path:
        return empty

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(infra.packages, "build", build)
        yield


@pytest.fixture(scope="session")
def prod(_no_packages: None, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """Stage prod, judged by AWS's own list of security checks."""
    return synthesise(tmp_path_factory.mktemp("prod"), check=AwsSolutionsChecks, stage="prod")


@pytest.fixture(scope="session")
def local(_no_packages: None, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """Stage local, ten times as fast as real time."""
    return synthesise(tmp_path_factory.mktemp("local"), stage="local", time_scale="10")


@pytest.fixture(scope="session")
def dev(_no_packages: None, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """Stage dev, judged by the same list."""
    return synthesise(tmp_path_factory.mktemp("dev"), check=AwsSolutionsChecks, stage="dev")


@pytest.fixture(params=["prod", "local"])
def platform(request: pytest.FixtureRequest) -> Platform:
    """Both ends, for what must hold everywhere."""
    found: Platform = request.getfixturevalue(request.param)
    return found
