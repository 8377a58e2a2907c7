"""All services look alike, and each speaks for itself alone."""

import ast
import re
from pathlib import Path

import pytest

from infra.app import SERVICES as DEPLOYED
from tests.boundaries.repository import ROOT, SERVICES

EVERY_SERVICE_HAS = (
    "__init__.py",
    "domain.py",
    "handlers/__init__.py",
    "handlers/inbox.py",
    "handlers/outbox.py",
    "pyproject.toml",
    "resolvers",
    "schema.graphql",
    "settings.py",
    "stack.py",
    "table.py",
)


def missing(folder: Path) -> list[str]:
    return [name for name in EVERY_SERVICE_HAS if not (folder / name).exists()]


def sources_sent(code: dict[str, str]) -> dict[str, str]:
    """What a service's files send events as: the source given to each Publisher, "?" where it is not a literal.

    PutEvents called in any other way counts as "?".
    """
    sent: dict[str, str] = {}
    for name, text in code.items():
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func).rpartition(".")[2]
            if called == "Publisher":
                given = next((k.value for k in node.keywords if k.arg == "source"), None)
                sent[name] = str(given.value) if isinstance(given, ast.Constant) else "?"
            elif called == "put_events":
                sent[name] = "?"
    return sent


def code_of(service: str) -> dict[str, str]:
    folder = ROOT / "services" / service
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.py")}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_files(service: str) -> None:
    assert missing(ROOT / "services" / service) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_sends_its_own_source_from_its_outbox_and_nowhere_else(service: str) -> None:
    elsewhere = (
        {"aws_receivers.py": "?"} if service == "partners" else {}
    )  # puts events on partners' buses, not on ours
    assert sources_sent(code_of(service)) == {"handlers/outbox.py": f"delivery.{service}"} | elsewhere


def test_every_service_is_deployed_installed_and_locked() -> None:
    makefile = re.search(r"^SERVICES := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert makefile
    assert sorted(DEPLOYED) == sorted(makefile[1].split()) == sorted(SERVICES)
    assert {path.parent.name for path in ROOT.glob("services/*/__init__.py")} == set(SERVICES)


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    for name in EVERY_SERVICE_HAS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert missing(tmp_path) == []
    (tmp_path / "table.py").unlink()
    assert missing(tmp_path) == ["table.py"]


def test_another_source_or_another_sender_is_found() -> None:
    code = {
        "handlers/outbox.py": "Publisher(client, bus=bus, source='delivery.orders')",
        "handlers/inbox.py": "publish.Publisher(client, bus=bus, source=settings.source)",
        "silence.py": "boto3.client('events').put_events(Entries=[])",
    }
    assert sources_sent(code) == {
        "handlers/outbox.py": "delivery.orders",
        "handlers/inbox.py": "?",
        "silence.py": "?",
    }
