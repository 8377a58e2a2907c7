"""All copies of a function run from one unpacked package.

AWS: a function's code is unpacked once for many execution environments, and is read-only in each ("Lambda execution
environment"). MiniStack unpacks the whole package again for every worker it starts and deletes it when the worker ends:
thousands of files each time, most of a cold start, and half a minute when a busy cloud stops.

Replaced: the module `zipfile` as `ministack.core.lambda_runtime` sees it. What is unpacked for a worker becomes links
to the one copy, kept by the package's hash until the local cloud starts again.
"""

import hashlib
import os
import shutil
import tempfile
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace

from ministack.core import lambda_runtime

from local.cloud import patch
from local.cloud.settings import Settings


def install(settings: Settings) -> None:
    """Lets workers share what is unpacked, in the state directory. What an earlier life unpacked is deleted."""
    shelf = Shelf(settings.state_dir / "function-code")

    class LinkedZip(zipfile.ZipFile):
        """A package of which the unpacking is only a look at the shelf."""

        def extractall(self, path=None, members=None, pwd=None):  # type: ignore[no-untyped-def]
            if members is not None or pwd is not None or path is None:
                return super().extractall(path, members, pwd)
            assert self.filename  # noqa: S101 - MiniStack opens packages by their path
            return shelf.link(Path(self.filename), Path(path))

    patch.substitute(lambda_runtime, "zipfile", SimpleNamespace(**{**vars(zipfile), "ZipFile": LinkedZip}))


class Shelf:
    """Unpacked packages, by their hash."""

    def __init__(self, directory: Path) -> None:
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        self._directory = directory
        self._lock = threading.Lock()

    def link(self, package: Path, target: Path) -> None:
        """Make `target` look as if `package` were unpacked there. Raises BadZipFile."""
        for entry in self._unpacked(package).iterdir():
            (target / entry.name).symlink_to(entry)

    def _unpacked(self, package: Path) -> Path:
        with package.open("rb") as file:
            place = self._directory / hashlib.file_digest(file, "sha256").hexdigest()
        with self._lock:
            if not place.exists():
                scratch = Path(tempfile.mkdtemp(dir=self._directory))
                with zipfile.ZipFile(package) as archive:
                    archive.extractall(scratch)
                os.rename(scratch, place)  # noqa: PTH104 - whole or not at all
        return place
