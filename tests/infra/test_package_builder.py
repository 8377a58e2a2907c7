"""How packages are built, on a repository with one tiny service."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from infra.packages import PackageError, Target, build, bytecode, store, tools
from infra.packages.__main__ import main

SIX = """six==1.17.0 \\
    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274
"""
H3 = """h3==4.5.0 \\
    --hash=sha256:0b17cf243923e9554ba4d8c6a5b5ade3cf302751155edbc2cc5821e7dc859dea
"""
HOST = Target.host()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    for path, text in {
        "services/__init__.py": "",
        "services/tiny/__init__.py": "",
        "services/tiny/pyproject.toml": "[tool.delivery]\naws = []\n",
        "services/tiny/stack.py": "import aws_cdk\n",
        "services/tiny/schema.graphql": "type Tiny { id: ID! }\n",
        "services/tiny/domain.py": "LIMIT = 1\n",
        "services/tiny/messages/en.json": '{"hello": "Hello"}\n',
        "events/delivery_events/__init__.py": "",
        "requirements/tiny.txt": SIX,
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def tree(directory: Path) -> dict[str, tuple[bytes, int, float]]:
    return {
        str(path.relative_to(directory)): (path.read_bytes(), path.stat().st_mode, path.stat().st_mtime)
        for path in directory.rglob("*")
        if path.is_file()
    }


@pytest.mark.package
def test_two_builds_are_equal_to_the_byte(repository: Path, tmp_path: Path) -> None:
    first = build("tiny", HOST, tmp_path / "a", repository)
    second = build("tiny", HOST, tmp_path / "b", repository)
    assert first.name == second.name
    assert tree(first) == tree(second)


@pytest.mark.package
def test_a_changed_line_makes_a_new_package_on_the_same_dependencies(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build("tiny", HOST, tmp_path / "store", repository)
    (repository / "services/tiny/domain.py").write_text("LIMIT = 2\n")
    started: list[str] = []
    run = tools.run

    def recorded(command: Sequence[str | Path], **rest: Any) -> Any:
        started.append(str(command[0]))
        return run(command, **rest)

    monkeypatch.setattr(tools, "run", recorded)
    second = build("tiny", HOST, tmp_path / "store", repository)
    assert first != second
    assert (first / "services/tiny/domain.py").read_text() == "LIMIT = 1\n"
    assert (second / "services/tiny/domain.py").read_text() == "LIMIT = 2\n"
    assert (first / "six.py").samefile(second / "six.py")
    assert not [program for program in started if "uv" in program]


@pytest.mark.package
@pytest.mark.parametrize(
    "changed",
    [
        "requirements/tiny.txt",
        "services/tiny/pyproject.toml",
        "services/tiny/new.py",
        "services/tiny/messages/en.json",
    ],
)
def test_whatever_goes_into_a_package_is_in_its_name(repository: Path, tmp_path: Path, changed: str) -> None:
    first = build("tiny", HOST, tmp_path / "store", repository)
    path = repository / changed
    before = path.read_text() if path.exists() else ""
    path.write_text(before.replace("[]", '["sqs"]').replace("six==", "# a comment\nsix==").replace("Hello", "Hi"))
    assert build("tiny", HOST, tmp_path / "store", repository) != first


@pytest.mark.package
def test_what_runs_at_deploy_time_does_not_change_a_package(repository: Path, tmp_path: Path) -> None:
    first = build("tiny", HOST, tmp_path / "store", repository)
    (repository / "services/tiny/stack.py").write_text("import constructs\n")
    (repository / "services/tiny/schema.graphql").write_text("type Tiny { name: String! }\n")
    assert build("tiny", HOST, tmp_path / "store", repository) == first


@pytest.mark.package
def test_old_packages_are_deleted_and_recent_ones_kept(repository: Path, tmp_path: Path) -> None:
    built = []
    for limit in range(6):
        (repository / "services/tiny/domain.py").write_text(f"LIMIT = {limit}\n")
        built.append(build("tiny", HOST, tmp_path / "store", repository))
        os.utime(built[-1], (limit, limit))
    assert [package.exists() for package in built] == [False, False, True, True, True, True]


@pytest.mark.package
def test_source_that_does_not_parse_is_named_with_its_line(repository: Path, tmp_path: Path) -> None:
    (repository / "services/tiny/domain.py").write_text("LIMIT = 1\nLIMIT = = 2\n")
    with pytest.raises(PackageError, match=r"services/tiny/domain\.py:2: invalid syntax"):
        build("tiny", HOST, tmp_path / "store", repository)
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["layers"]


@pytest.mark.package
def test_a_download_with_another_hash_is_refused(repository: Path, tmp_path: Path) -> None:
    (repository / "requirements/tiny.txt").write_text(SIX.replace("4721f391", "00000000"))
    with pytest.raises(PackageError, match=r"not the file that .*tiny\.txt locks"):
        build("tiny", HOST, tmp_path / "store", repository)


@pytest.mark.package
def test_a_dependency_without_a_wheel_for_the_platform_is_refused(repository: Path, tmp_path: Path) -> None:
    (repository / "requirements/tiny.txt").write_text(H3)
    nowhere = Target(platform="i686-pc-windows-msvc", python=HOST.python, architecture="x86_64")
    with pytest.raises(PackageError, match=r"no wheel for python3\.\d+ on i686-pc-windows-msvc"):
        build("tiny", nowhere, tmp_path / "store", repository)


@pytest.mark.package
def test_another_pythons_byte_code_is_compiled_in_webassembly(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bytecode, "_native_python", lambda _version: None)
    compiled = []
    for _ in range(2):
        bytecode.compile_parts(repository, ["services"], Target.aws(), tmp_path)
        compiled.append((repository / "services/tiny/__pycache__/domain.cpython-314.pyc").read_bytes())
    assert compiled[0] == compiled[1]
    assert b"/var/task/services/tiny/domain.py" in compiled[0]
    (repository / "services/tiny/domain.py").write_text("LIMIT = 1\nLIMIT = = 2\n")
    with pytest.raises(PackageError, match=r"services/tiny/domain\.py:2: invalid syntax"):
        bytecode.compile_parts(repository, ["services"], Target.aws(), tmp_path)


def test_a_python_that_is_nowhere_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytecode, "_native_python", lambda _version: None)
    with pytest.raises(PackageError, match=r"uv python install 3\.12"):
        bytecode.compile_parts(tmp_path, ["."], Target("x86_64-manylinux2014", "3.12", "x86_64"), tmp_path)


def test_an_unknown_service_is_told_the_known_ones(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"no service 'huge'; the services are tiny"):
        build("huge", HOST, tmp_path, repository)


@pytest.mark.parametrize("declared", ["", "[tool.delivery]\naws = 'sqs'\n"])
def test_a_service_must_declare_what_it_calls(repository: Path, tmp_path: Path, declared: str) -> None:
    (repository / "services/tiny/pyproject.toml").write_text(declared)
    with pytest.raises(PackageError, match=r"tiny/pyproject\.toml: \[tool\.delivery\] needs aws"):
        build("tiny", HOST, tmp_path, repository)


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PackageError, match=r"no-such-program is neither in .* nor on PATH: run `make install`"):
        tools.find("no-such-program")


def test_a_directory_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def fail(directory: Path) -> None:
        (directory / "half").write_text("")
        raise PackageError("half way")

    with pytest.raises(PackageError, match="half way"):
        store.once(tmp_path / "wanted", fail)
    assert list(tmp_path.iterdir()) == []


def test_of_two_builds_at_once_the_first_to_finish_wins(tmp_path: Path) -> None:
    wanted = tmp_path / "wanted"

    def quick(directory: Path) -> None:
        (directory / "by").write_text("the other")

    def slow(directory: Path) -> None:
        store.once(wanted, quick)
        (directory / "by").write_text("this one")

    assert store.once(wanted, slow).joinpath("by").read_text() == "the other"
    assert list(tmp_path.iterdir()) == [wanted]


def test_what_a_killed_build_left_is_removed_later(tmp_path: Path) -> None:
    for name, age in ((".making-old", 0), (".making-now", None)):
        (tmp_path / name).mkdir()
        if age is not None:
            os.utime(tmp_path / name, (age, age))
    store.once(tmp_path / "wanted", lambda _directory: None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".making-now", "wanted"]


@pytest.mark.package
def test_the_command_prints_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["orders", "--target", "host"]) == 0
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split() == ["service", "target", "unzipped", "zipped", "files"]
    assert row.split()[:2] == ["orders", "host"]


def test_the_command_says_what_is_wrong_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing", "--target", "host"]) == 1
    assert "There is no service 'nothing'" in capsys.readouterr().err


def test_the_command_explains_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.packages", "--help"], capture_output=True, text=True, check=True
    )
    assert "--target {host,aws}" in done.stdout
