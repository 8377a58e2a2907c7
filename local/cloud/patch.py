"""How the fills reach into MiniStack: one pinned version, named symbols, and an error at start when either is gone.

MiniStack offers no extension points, so a fill replaces a function of one of its modules. That is only safe against
the exact version the fill was written for, hence the check, and only readable when it is rare and visible, hence
`replace` instead of scattered assignments.
"""

from collections.abc import Callable
from importlib.metadata import version
from types import ModuleType
from typing import Any, TypeVar

PINNED = "1.5.33"

F = TypeVar("F", bound=Callable[..., Any])


class IncompatibleMiniStackError(RuntimeError):
    """The installed MiniStack is not the one the fills were written for."""


def check_version() -> None:
    """Raises IncompatibleMiniStackError unless the installed MiniStack is the pinned version."""
    if (installed := version("ministack")) != PINNED:
        raise IncompatibleMiniStackError(f"MiniStack {PINNED} is needed, {installed} is installed")


def require(module: ModuleType, *names: str) -> None:
    """Raises IncompatibleMiniStackError unless `module` has every private symbol a fill reads."""
    if missing := [name for name in names if not hasattr(module, name)]:
        raise IncompatibleMiniStackError(f"{module.__name__} has no {', '.join(missing)}")


def replace(module: ModuleType, name: str, make: Callable[[F], F]) -> None:
    """Replaces the function `module.name` by `make(original)`.

    Raises IncompatibleMiniStackError when there is no such function.
    """
    require(module, name)
    original = getattr(module, name)
    if not callable(original):
        raise IncompatibleMiniStackError(f"{module.__name__}.{name} is not a function")
    setattr(module, name, make(original))


def substitute(module: ModuleType, name: str, value: Any) -> None:
    """Lets `module` see `value` under a name that it imported.

    Raises IncompatibleMiniStackError when there is no such name.
    """
    require(module, name)
    setattr(module, name, value)
