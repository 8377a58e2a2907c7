"""Every resolver passes AWS's ESLint rules. That these refuse what they should: tests/local/appsync."""

import json
from pathlib import Path

import pytest

from infra.packages import tools
from infra.packages.sources import REPOSITORY


@pytest.fixture(scope="module")
def linted() -> dict[Path, list[str]]:
    """What `npm --prefix infra run lint` says of each file it looked at."""
    command = [tools.find("npm"), "--prefix", "infra", "run", "--silent", "lint", "--", "--format", "json"]
    done = tools.run(command, cwd=REPOSITORY)
    return {
        Path(result["filePath"]): [f"{found['line']}: {found['message']}" for found in result["messages"]]
        for result in json.loads(done.stdout)
    }


def test_every_resolver_and_what_resolvers_share_is_linted(linted: dict[Path, list[str]]) -> None:
    written = {*REPOSITORY.glob("services/**/*.js"), *REPOSITORY.glob("infra/resolvers/**/*.js")}
    assert set(linted) == written


def test_nothing_is_found(linted: dict[Path, list[str]]) -> None:
    assert {path.name: found for path, found in linted.items() if found} == {}
