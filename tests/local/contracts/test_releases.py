"""What was released is written down once, and held against whatever comes; by the command that CI runs."""

import json
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from delivery_events import CATALOG, schemas
from typer.testing import CliRunner

from local.cli import app
from local.contracts import present, releases
from local.contracts.releases import contract
from local.environment.workspace import ROOT
from local.problem import Problem

TYPE = "order.placed.v1"


def schema(**more: Any) -> dict[str, Any]:
    found = deepcopy(schemas.schema(TYPE))
    found["$defs"]["OrderPlaced"]["properties"] |= more
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clone with one release, as CI makes it: of the newest commit alone, and without tags."""
    origin = tmp_path / "origin"
    (origin / releases.SCHEMAS).mkdir(parents=True)
    (origin / releases.SCHEMAS / f"{TYPE}.json").write_text(json.dumps(schema(floor={"type": "string"})))
    releases.write(origin, "1.0.0", {TYPE: schema()})
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-C", str(origin)]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], check=True)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", origin.as_uri(), str(clone)], check=True)
    return clone


def test_a_release_holds_contracts_without_words_and_only_what_changed(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    assert releases.write(tmp_path, "1.0.0", {TYPE: schema(), "order.ready.v1": schemas.schema("order.ready.v1")})
    assert releases.write(tmp_path, "1.1.0", {TYPE: schema(floor={"type": "string", "description": "Which."})}) == [
        TYPE
    ]
    first, second = releases.read(tmp_path)
    assert (first.name, second.name) == ("1.0.0", "1.1.0")
    assert set(first.schemas) == {TYPE, "order.ready.v1"}
    assert set(second.schemas) == {TYPE}
    assert '"description"' not in (tmp_path / releases.FOLDER / "1.1.0.json").read_text()


def test_releases_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    for number in (2, 10):
        releases.write(tmp_path, f"1.{number}.0", {TYPE: schema(**{f"f{number}": {"type": "string"}})})
    assert [release.name for release in releases.read(tmp_path)] == ["1.2.0", "1.10.0"]


@pytest.mark.parametrize(
    ("version", "said"),
    [("1.0.0", "not newer"), ("0.9.0", "not newer"), ("two", "is no version"), ("2.0.0", "Nothing")],
)
def test_a_release_is_refused_that_is_none(tmp_path: Path, version: str, said: str) -> None:
    (tmp_path / "events").mkdir()
    releases.write(tmp_path, "1.0.0", {TYPE: schema()})
    with pytest.raises(Problem, match=said):
        releases.write(tmp_path, version, {TYPE: schema()})


def test_a_field_may_be_named_like_a_keyword() -> None:
    named = {"properties": {"title": {"type": "string", "title": "Title"}, "description": {"type": "string"}}}
    assert contract(named) == {"properties": {"title": {"type": "string"}, "description": {"type": "string"}}}


def test_a_release_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / releases.FOLDER).mkdir(parents=True)
    (tmp_path / releases.FOLDER / "1.0.0.json").write_text("{")
    with pytest.raises(Problem, match=r"1\.0\.0\.json is no release"):
        releases.read(tmp_path)


# -- another revision


def test_a_revision_has_its_releases_and_its_schemas(repository: Path) -> None:
    released, head = releases.read_revision(repository, "HEAD")
    assert (released.name, head.name) == ("1.0.0", "HEAD")
    assert "floor" in head.schemas[TYPE]["$defs"]["OrderPlaced"]["properties"]


@pytest.mark.parametrize("revision", ["no-such-branch", "v0.9.0"])
def test_a_revision_that_a_shallow_clone_does_not_have_is_told_how_to_get(repository: Path, revision: str) -> None:
    with pytest.raises(Problem, match=revision) as problem:
        releases.read_revision(repository, revision)
    assert "git fetch --depth 1 origin" in problem.value.remedy


def test_an_option_is_no_revision(repository: Path) -> None:
    with pytest.raises(Problem, match="is no revision"):
        releases.read_revision(repository, "--output=x")


# -- the command


def delivery(*arguments: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["contracts", *arguments])
    return ended.exit_code, ended.output


def test_the_models_keep_what_was_released() -> None:
    code, said = delivery("diff")
    assert code == 0, said
    assert "keep every promise of 1.0.0" in said


def test_every_type_is_promised() -> None:
    """A new type becomes a promise with the next release; until then it may change."""
    assert set(CATALOG) >= {name for release in releases.read(ROOT) for name in release.schemas}


def test_a_breach_is_one_line_that_names_who_reads_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = present.present()
    del changed["order.confirmed.v1"]["$defs"]["OrderConfirmed"]["properties"]["expected_ready_at"]
    monkeypatch.setattr(present, "present", lambda: changed)
    code, said = delivery("diff")
    assert code == 1
    [line] = [line for line in said.splitlines() if line.startswith("✗")]
    assert "order.confirmed.v1 data.expected_ready_at: it was removed (released in 1.0.0)" in line
    assert line.endswith("dispatch, partners, tracking read it")

    code, said = delivery("diff", "--json")
    found = json.loads(said)
    assert (code, found["compatible"]) == (1, False)
    [breach] = found["breaking"]
    assert breach["field"] == "data.expected_ready_at"
    assert breach["consumers"] == ["dispatch", "partners", "tracking"]


def test_a_revision_is_held_against_too() -> None:
    code, said = delivery("diff", "--base", "HEAD", "--json")
    found = json.loads(said)
    assert code == 0, said
    assert found["releases"][-1] == "HEAD"


def test_what_breaks_a_promise_is_not_released(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = present.present()
    del changed[TYPE]["$defs"]["OrderPlaced"]["properties"]["total"]
    monkeypatch.setattr(present, "present", lambda: changed)
    with pytest.raises(Problem, match=r"order\.placed\.v1 data\.total: it was removed"):
        present.release()


def test_a_model_without_what_a_schema_must_have_is_a_problem_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(_: str) -> Any:
        raise ValueError("OrderPlaced.placed_at has no example: give its field one")

    monkeypatch.setattr(schemas, "schema", lacking)
    ended = CliRunner().invoke(app, ["contracts", "diff"])
    assert isinstance(ended.exception, Problem)
    assert ended.exception.what == (
        "An event's model is not complete: OrderPlaced.placed_at has no example: give its field one."
    )
