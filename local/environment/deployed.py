"""What is known to be deployed in the local cloud."""

import json
from dataclasses import asdict, dataclass

from local.environment.workspace import Workspace


@dataclass(frozen=True)
class Deployed:
    """fingerprint: of everything that went in, "" while that is not all. stacks: their names. port: the cloud's, which
    queue URLs contain. time_scale: by what every duration was divided."""

    fingerprint: str
    stacks: tuple[str, ...]
    port: int
    time_scale: float

    @classmethod
    def unfinished(cls, port: int, time_scale: float) -> "Deployed":
        """What is known while a deployment goes on, and after one that failed or was interrupted."""
        return cls(fingerprint="", stacks=(), port=port, time_scale=time_scale)

    @property
    def finished(self) -> bool:
        return bool(self.fingerprint)

    @classmethod
    def read(cls, workspace: Workspace) -> "Deployed | None":
        """None when nothing is known, or what is written there cannot be read."""
        try:
            content = json.loads(workspace.deployed_file.read_text())
            return cls(
                str(content["fingerprint"]),
                tuple(content["stacks"]),
                int(content["port"]),
                float(content["time_scale"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, workspace: Workspace) -> None:
        scratch = workspace.deployed_file.with_suffix(".new")
        scratch.write_text(json.dumps(asdict(self), indent=2) + "\n")
        scratch.replace(workspace.deployed_file)
