"""A MiniStack that is not the one the fills were written for stops them at start, by name."""

from collections.abc import Callable
from types import ModuleType

import pytest

from local.cloud import patch


@pytest.fixture
def module() -> ModuleType:
    made = ModuleType("ministack.services.something")
    vars(made).update(_answer=lambda: "theirs", _limit=3)
    return made


def test_a_replacement_gets_what_it_replaces(module: ModuleType) -> None:
    def make(original: Callable[[], str]) -> Callable[[], str]:
        return lambda: f"ours, after {original()}"

    patch.replace(module, "_answer", make)

    assert module._answer() == "ours, after theirs"


@pytest.mark.parametrize("name", ["_gone", "_limit"])
def test_what_is_gone_or_no_function_cannot_be_replaced(module: ModuleType, name: str) -> None:
    with pytest.raises(patch.IncompatibleMiniStackError, match=name):
        patch.replace(module, name, lambda original: original)


def test_all_that_is_missing_is_named(module: ModuleType) -> None:
    with pytest.raises(patch.IncompatibleMiniStackError, match=r"something has no _gone, _lost"):
        patch.require(module, "_gone", "_answer", "_lost")


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patch, "version", lambda _: "9.9.9")

    with pytest.raises(patch.IncompatibleMiniStackError, match=r"9\.9\.9 is installed"):
        patch.check_version()
