"""Whether what is deployed is what would be."""

from pathlib import Path

import pytest

from local.environment import fingerprint
from local.environment.deployed import Deployed
from local.environment.deployment import Deployment
from local.environment.workspace import Workspace
from tests.local.environment.told import cloudformation

PORT = 4566
THERE = {"CDKToolkit": "CREATE_COMPLETE", "delivery-events": "CREATE_COMPLETE", "delivery-orders": "UPDATE_COMPLETE"}
STACKS = ("delivery-events", "delivery-orders")


@pytest.fixture
def project(tmp_path: Path) -> Workspace:
    """Sources enough to have a fingerprint."""
    for name in ("services/orders/domain.py", "infra/app.py", "events/catalog.json", "requirements/orders.txt"):
        file = tmp_path / "project" / name
        file.parent.mkdir(parents=True)
        file.write_text(f"{name}\n")
    return Workspace(tmp_path / "project", tmp_path / "state")


def deployment(project: Workspace, time_scale: float = 20.0) -> Deployment:
    """Of the project as it is now."""
    return Deployment(project, fingerprint.of_deployment(project.root, time_scale), time_scale, print)


def deployed(project: Workspace) -> Deployed:
    return Deployed(deployment(project).fingerprint, STACKS, PORT, 20.0)


def test_what_was_deployed_from_these_sources_is_current(project: Workspace) -> None:
    assert deployment(project).is_current(deployed(project), PORT, cloudformation(THERE))


def test_another_scale_is_not_current(project: Workspace) -> None:
    assert not deployment(project, 30.0).is_current(deployed(project), PORT, cloudformation(THERE))


@pytest.mark.parametrize("changed", ["services/orders/domain.py", "requirements/orders.txt"])
def test_changed_sources_are_not_current(project: Workspace, changed: str) -> None:
    known = deployed(project)
    (project.root / changed).write_text("other\n")
    assert not deployment(project).is_current(known, PORT, cloudformation(THERE))


@pytest.mark.parametrize(
    "made", ["services/orders/__pycache__/domain.pyc", "services/orders/README.md", "infra/.cache"]
)
def test_files_that_are_not_deployed_change_nothing(project: Workspace, made: str) -> None:
    known = deployed(project)
    file = project.root / made
    file.parent.mkdir(exist_ok=True)
    file.write_text("other\n")
    assert deployment(project).is_current(known, PORT, cloudformation(THERE))


def test_what_was_deployed_on_another_port_is_not_current(project: Workspace) -> None:
    assert not deployment(project).is_current(deployed(project), PORT + 2, cloudformation(THERE))


@pytest.mark.parametrize("orders", [{}, {"delivery-orders": "ROLLBACK_COMPLETE"}], ids=["lost", "rolled back"])
def test_a_stack_that_is_not_there_any_more_is_not_current(project: Workspace, orders: dict[str, str]) -> None:
    there = {"delivery-events": "CREATE_COMPLETE", **orders}
    assert not deployment(project).is_current(deployed(project), PORT, cloudformation(there))


def test_an_unfinished_deployment_is_not_current_but_its_port_and_scale_are_known(project: Workspace) -> None:
    project.state_dir.mkdir()
    Deployed.unfinished(PORT, 20.0).write(project)

    known = Deployed.read(project)

    assert known == Deployed("", (), PORT, 20.0)
    assert not known.finished
    assert not deployment(project).is_current(known, PORT, cloudformation(THERE))
