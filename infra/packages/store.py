"""Directories that exist whole or not at all, named by what went into them."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

_MAKING = ".making-"
_CRASHED_AFTER = 3600  # seconds; no build takes that long

# Zips and hashes of zips must not depend on when a file was written. Any moment after 1980, where zip's clock starts.
_FILE_TIME = 946_684_800  # 2000-01-01T00:00:00Z


def once(directory: Path, make: Callable[[Path], None]) -> Path:
    """`directory`, made by `make` if it is not there yet.

    Two processes may make the same one: each works in a folder of its own and the first to finish wins. The directory's
    own modification time is when it was last asked for, which `prune` goes by.
    """
    if not directory.is_dir():
        directory.parent.mkdir(parents=True, exist_ok=True)
        _forget_crashed(directory.parent)
        with TemporaryDirectory(dir=directory.parent, prefix=_MAKING) as scratch:
            made = Path(scratch) / directory.name
            made.mkdir()
            make(made)
            try:
                made.rename(directory)
            except OSError:
                if not directory.is_dir():
                    raise
    os.utime(directory)
    return directory


def prune(parent: Path, pattern: str, keep: int) -> None:
    """Deletes all but the `keep` directories of this name pattern that were asked for last."""
    for directory in sorted(parent.glob(pattern), key=_last_asked_for, reverse=True)[keep:]:
        shutil.rmtree(directory, ignore_errors=True)


def link(source: Path, destination: Path) -> None:
    """`source` also under another name, without a second copy where the file system can do that."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, destination)
    except OSError:
        shutil.copy2(source, destination)


def seal(directory: Path) -> None:
    """The same times and permissions everywhere below. Read-only, because packages share files by links."""
    for path in directory.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o444)
        os.utime(path, (_FILE_TIME, _FILE_TIME))
    directory.chmod(0o755)


def _last_asked_for(directory: Path) -> float:
    try:
        return directory.stat().st_mtime
    except FileNotFoundError:  # another process prunes as well
        return 0


def _forget_crashed(parent: Path) -> None:
    """Removes what a build left behind that was killed before it could clean up."""
    for scratch in parent.glob(f"{_MAKING}*"):
        if _last_asked_for(scratch) < time.time() - _CRASHED_AFTER:
            shutil.rmtree(scratch, ignore_errors=True)
