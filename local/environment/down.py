"""`delivery down`: ends the platform's processes, and nothing else's."""

from dataclasses import dataclass

import psutil

from local.environment import process
from local.environment.servers import SERVERS
from local.environment.workspace import Workspace


@dataclass(frozen=True)
class Stopped:
    """stopped: names of the servers that ran. killed: process ids that did not end by themselves."""

    stopped: tuple[str, ...]
    killed: tuple[int, ...]
    purged: bool


def down(workspace: Workspace, *, purge: bool) -> Stopped:
    """Stops the servers with their workers; `purge` also deletes what the cloud kept. Nothing up is no error."""
    with workspace.exclusive():
        # The cloud last: the gateway would log errors about one that has gone.
        last_first = SERVERS[::-1]
        running = [(server.name, found) for server in last_first if (found := server.find(workspace))]
        killed = process.stop([found.process for _, found in running])
        orphans: list[psutil.Process] = process.started_from(workspace.function_python)
        killed += process.stop(orphans, patience_s=1.0)
        for server in last_first:
            workspace.record(server.name).unlink(missing_ok=True)
        if purge:
            workspace.purge()
    return Stopped(tuple(name for name, _ in running), tuple(killed), purge)
