"""The app as `cdk` runs it: in a process of its own, with real packages."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.app import SERVICES
from infra.packages.sources import REPOSITORY
from tests.infra.templates import PARTNERS, Platform


def run_app(out: Path, **context: str) -> "subprocess.CompletedProcess[str]":
    """The app with the context, and told where to by environment, as the CDK's CLI does it."""
    told = {name.replace("_", "-"): value for name, value in {"partners": str(PARTNERS), **context}.items()}
    return subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=REPOSITORY,
        env={**os.environ, "CDK_CONTEXT_JSON": json.dumps(told), "CDK_OUTDIR": str(out)},
        capture_output=True,
        text=True,
        check=False,
    )


def without_code(template: dict[str, Any]) -> dict[str, Any]:
    """The template without what names the packages' content."""
    resources = {
        id_: {**content, "Properties": {k: v for k, v in content.get("Properties", {}).items() if k != "Code"}}
        if content["Type"] == "AWS::Lambda::Function"
        else content
        for id_, content in template["Resources"].items()
    }
    return {**template, "Resources": resources}


@pytest.mark.package
@pytest.mark.parametrize(("stage", "scale"), [("local", "10"), ("prod", "1")])
def test_the_app_is_what_the_other_tests_look_at(
    stage: str, scale: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    looked_at: Platform = request.getfixturevalue(stage)
    done = run_app(tmp_path, stage=stage, time_scale=scale)
    assert done.returncode == 0, done.stderr
    made = Platform.read(tmp_path)
    assert {name: without_code(each) for name, each in made.templates.items()} == {
        name: without_code(each) for name, each in looked_at.templates.items()
    }
    packages = {function.properties["Code"]["S3Key"] for function in made.all("AWS::Lambda::Function")}
    assert len(packages) == len(SERVICES)  # a service's functions share its package, and no other does
    for key in packages:
        [folder] = tmp_path.glob(f"asset.{key.removesuffix('.zip')}*")
        assert (folder / "delivery_events" / "outbox.py").is_file()


def test_an_unknown_service_is_told_the_known_ones(tmp_path: Path) -> None:
    done = run_app(tmp_path, service="parcels")
    assert done.returncode != 0
    assert f"service is 'parcels'; allowed are {', '.join(SERVICES)}" in done.stderr
