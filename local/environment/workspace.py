"""Where things are: the project's root, and the directory that holds what a running platform leaves behind."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from local.cloud.settings import bare_python
from local.problem import Problem

ROOT = Path(__file__).resolve().parents[2]
STATE_DIR_VARIABLE = "DELIVERY_STATE_DIR"


@dataclass(frozen=True)
class Workspace:
    """root: of the project. state_dir: process records, logs, the local cloud's state and what was deployed."""

    root: Path
    state_dir: Path

    @classmethod
    def here(cls) -> "Workspace":
        """This project, with its state in `.local/` or where DELIVERY_STATE_DIR says."""
        return cls(ROOT, Path(os.environ.get(STATE_DIR_VARIABLE) or ROOT / ".local").expanduser().resolve())

    @property
    def cloud_state(self) -> Path:
        return self.state_dir / "cloud"

    @property
    def function_python(self) -> Path:
        """The interpreter that the local cloud makes for its functions, and runs them with."""
        return bare_python(self.cloud_state)

    @property
    def assembly(self) -> Path:
        """Where the CDK writes its templates."""
        return self.state_dir / "cdk.out"

    @property
    def pages_configuration(self) -> Path:
        """What the pages are told of this platform."""
        return self.state_dir / "pages.config.json"

    @property
    def deployed_file(self) -> Path:
        return self.state_dir / "deployed.json"

    def log(self, name: str) -> Path:
        return self.state_dir / "logs" / f"{name}.log"

    def record(self, name: str) -> Path:
        return self.state_dir / f"{name}.json"

    def forget_cloud(self) -> None:
        """Deletes what the local cloud keeps, with the templates made for it.

        Each is renamed first: the CDK takes the half of a package that an interrupted deletion leaves for the whole.
        """
        for directory in (self.cloud_state, self.assembly):
            doomed = directory.with_name(f"{directory.name}.deleting")
            shutil.rmtree(doomed, ignore_errors=True)
            with suppress(FileNotFoundError):
                directory.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)

    def purge(self) -> None:
        """Deletes everything a platform left in the state directory, and nothing else that may lie there."""
        self.forget_cloud()
        for file in (self.deployed_file, self.pages_configuration):
            file.unlink(missing_ok=True)
        shutil.rmtree(self.state_dir / "logs", ignore_errors=True)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Lets one `up` or `down` work at a time. The lock is the operating system's, so a crash releases it.

        Raises Problem when another command holds it.
        """
        self.state_dir.mkdir(parents=True, exist_ok=True)
        with (self.state_dir / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Problem(
                    "Another `delivery up` or `delivery down` is at work.", "Wait for it, or stop it with Ctrl-C."
                ) from None
            yield
