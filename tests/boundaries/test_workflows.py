"""Each service has a pipeline of its own, which runs for what the service is made of and deploys it alone."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.boundaries.repository import ROOT, SERVICES, committed_files

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
# A first-party or vendor action at a major version, or any action at a commit.
PINNED = re.compile(r"(actions|aws-actions)/[\w-]+@v\d+|[\w-]+/[\w-]+@[0-9a-f]{40}|\./\.github/workflows/[\w-]+\.yml")


def read(path: Path) -> dict[str, Any]:
    content: dict[Any, Any] = yaml.safe_load(path.read_text())
    return {"on" if name is True else name: each for name, each in content.items()}  # YAML takes `on` for a yes


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read(path)["jobs"]
    return found


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(path).values() for step in job.get("steps", ())]


def commands(path: Path) -> list[str]:
    return [line.strip() for step in steps(path) for line in step.get("run", "").splitlines() if line.strip()]


def paths(path: Path) -> set[str]:
    on = read(path)["on"]
    assert on["pull_request"]["paths"] == on["push"]["paths"]
    assert on["push"]["branches"] == ["main"]
    return set(on["push"]["paths"])


def unknown(command: str) -> list[str]:
    """What a command names that is not there: a target of the Makefile, a module, a program."""
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M)) | {"deploy-$SERVICE"}
    match command.replace('"', "").split():
        case ["make", target, *_]:
            return [] if target in targets else [target]
        case [".venv/bin/python", "-m", module, *_]:
            return [] if (ROOT / f"{module.replace('.', '/')}.py").exists() else [module]
        case [".venv/bin/pytest", *folders]:
            return [f for f in folders if "$" not in f and not (ROOT / f).is_dir()]
        case [".venv/bin/delivery", "contracts", "diff", "--base", _] | ["git", "fetch", *_]:
            return []
        case [script] if (ROOT / script).is_file():
            return []
    return [command]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_pipeline_for_its_own_folder_the_events_and_what_stacks_are_made_of(service: str) -> None:
    path = FOLDER / f"{service}.yml"
    assert path.exists(), f"{service} has no pipeline"
    own = {f"services/{service}/**", f"tests/{service}/**", "events/**", "infra/**", f".github/workflows/{service}.yml"}
    assert own <= paths(path)
    others = [p for p in paths(path) for other in SERVICES if other != service and p.startswith(f"services/{other}")]
    assert others == []
    [job] = jobs(path).values()
    assert job == {"uses": "./.github/workflows/service.yml", "with": {"service": service}}


def test_a_services_pipeline_checks_tests_deploys_by_role_and_looks_at_it() -> None:
    path = FOLDER / "service.yml"
    check, deploy = jobs(path)["check"], jobs(path)["deploy"]
    checked = [step.get("run", "") for step in check["steps"]]
    assert "make check" in checked
    assert any("contracts diff --base" in run for run in checked)
    assert any('"tests/$SERVICE"' in run for run in checked)
    assert deploy["needs"] == "check"
    assert "refs/heads/main" in deploy["if"]
    ran = [step.get("run") for step in deploy["steps"] if "run" in step]
    assert ran == ['make "deploy-$SERVICE" STAGE=dev', '.venv/bin/python -m infra.smoke "$SERVICE"']


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_whoever_deploys_takes_a_role_and_keeps_no_key(path: Path) -> None:
    assert not re.search(r"AKIA|aws-access-key-id|secrets\.", path.read_text())
    for job in jobs(path).values():
        roles = [step["with"] for step in job.get("steps", ()) if "configure-aws-credentials" in step.get("uses", "")]
        assert bool(roles) == any("deploy" in step.get("run", "") for step in job.get("steps", ()))
        if roles:
            assert job["permissions"]["id-token"] == "write"
            assert roles == [{"role-to-assume": "${{ vars.DEPLOY_ROLE_ARN }}", "aws-region": "${{ vars.AWS_REGION }}"}]
            # All deploy to one account, one after the other; without the queue one that waits would be cancelled.
            assert job["concurrency"] == {"group": "deploy-dev", "queue": "max"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_what_a_pipeline_names_is_there(path: Path) -> None:
    assert [each for command in commands(path) for each in unknown(command)] == []
    used = [step["uses"] for step in steps(path) if "uses" in step]
    used += [job["uses"] for job in jobs(path).values() if "uses" in job]
    assert [each for each in used if not PINNED.fullmatch(each)] == []
    if "pull_request" in read(path)["on"]:
        committed = {file.relative_to(ROOT).as_posix() for file in committed_files()}
        for pattern in paths(path):
            prefix = pattern.removesuffix("**")
            assert any(name.startswith(prefix) for name in committed), f"{pattern} matches nothing"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_nothing_that_anybody_may_write_is_put_into_a_script(path: Path) -> None:
    """A branch's name, say, would be run as part of it: values come by the environment."""
    assert not [step for step in steps(path) if "${{" in step.get("run", "")]


def test_the_platforms_pipeline_runs_everything_and_builds_the_catalog() -> None:
    ran = commands(FOLDER / "platform.yml")
    assert {".ci/run", "make catalog", "make deploy-platform STAGE=dev"} <= set(ran)


def test_the_pages_are_tested_in_a_browser_whenever_they_or_what_they_ask_change() -> None:
    path = FOLDER / "web.yml"
    assert {"web/**", "tests/web/**", "services/**"} <= paths(path)
    ran = commands(path)
    assert ran.index(".venv/bin/pytest tests/web") < ran.index("make deploy-web STAGE=dev")
    assert jobs(path)["deploy"]["needs"] == "check"


@pytest.mark.parametrize(
    "command", ["make deplyo", ".venv/bin/python -m infra.smokes x", ".venv/bin/pytest tests/no", "rm x"]
)
def test_a_command_that_is_not_there_is_found(command: str) -> None:
    assert unknown(command)
