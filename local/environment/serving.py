"""Sees to it that the platform's servers run, and run the present source."""

from collections.abc import Callable

from local.environment import process
from local.environment.process import Running
from local.environment.servers import CLOUD, Server
from local.environment.workspace import Workspace

Say = Callable[[str], None]


def serve(server: Server, workspace: Workspace, cloud_port: int, say: Say) -> Running:
    """The running server, started if there is none, and again if it hangs or its source has changed."""
    running = server.find(workspace)
    port = cloud_port + server.port_offset
    if running is None:
        say(f"Starting the {server.name} on port {port}")
    elif reason := _unfit(server, workspace, running, port):
        say(f"Restarting the {server.name}: {reason}")
        process.stop([running.process])
    else:
        return running
    if server is CLOUD:
        stop_orphans(workspace)
    return server.start(workspace, cloud_port)


def stop_orphans(workspace: Workspace) -> None:
    """Ends function workers that a killed local cloud left behind; they would go on with work of its last life."""
    process.stop(process.started_from(workspace.function_python), patience_s=1.0)


def _unfit(server: Server, workspace: Workspace, running: Running, port: int) -> str | None:
    if running.port != port:
        return f"it serves port {running.port} and not {port}"
    if running.code != server.code(workspace):
        return "its source has changed"
    if ailment := server.ailment(running.port):
        return f"process {running.pid} does not serve ({ailment})"
    return None
