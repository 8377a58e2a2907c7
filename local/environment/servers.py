"""The three processes of the local platform: the cloud, the gateway that serves its GraphQL API, and the pages."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from local.environment import fingerprint, loopback, ports, process
from local.environment.process import Running
from local.environment.workspace import Workspace
from local.problem import Problem

REGION = "us-east-1"
ACCOUNT = "000000000000"
_LIBRARIES = "requirements/dev.txt"
_START_SECONDS = 30.0
_ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Server:
    """name: of its record and log. sources: the folders whose change calls for a restart, as one of its libraries does.
    health: path that answers 200 when it serves. port_offset: from the cloud's port, so that there is one number to
    choose and to remember."""

    name: str
    sources: tuple[str, ...]
    health: str
    port_offset: int
    command: Callable[[Workspace, int], list[str]]

    def find(self, workspace: Workspace) -> Running | None:
        return process.find(workspace.record(self.name))

    def ailment(self, port: int) -> str | None:
        """Why it does not serve, None when it does."""
        return loopback.ask(port, "GET", self.health, timeout_s=_ANSWER_SECONDS)

    def code(self, workspace: Workspace) -> str:
        return fingerprint.of_files(workspace.root, [*self.sources, _LIBRARIES], f"python={sys.version_info[:3]}")

    def ensure_port(self, workspace: Workspace, cloud_port: int) -> None:
        """Raises Problem when something else than this server holds its port."""
        port = cloud_port + self.port_offset
        running = self.find(workspace)
        if running and running.port == port:
            return
        if not process.with_command(self.command(workspace, cloud_port)):
            ports.ensure_free(port)

    def start(self, workspace: Workspace, cloud_port: int) -> Running:
        """Starts it and waits until it serves. Raises Problem when its port is taken or it does not come up."""
        port = cloud_port + self.port_offset
        command = self.command(workspace, cloud_port)
        # One that runs without a record, after `.local` was deleted: it is ours, but what it holds is gone from disk.
        process.stop(process.with_command(command))
        ports.ensure_free(port)
        running = process.start(
            workspace.record(self.name),
            command,
            port=port,
            code=self.code(workspace),
            log=workspace.log(self.name),
            cwd=workspace.root,
            env=environment(cloud_port),
        )
        self._wait(workspace, running)
        return running

    def _wait(self, workspace: Workspace, running: Running) -> None:
        deadline = time.monotonic() + _START_SECONDS
        ailment: str | None = ""
        while running.alive() and time.monotonic() < deadline:
            ailment = self.ailment(running.port)
            if ailment is None:
                return
            time.sleep(0.05)
        ended = f"does not serve ({ailment})" if running.alive() else "ended at once"
        process.stop([running.process])
        workspace.record(self.name).unlink(missing_ok=True)
        raise Problem(
            f"The {self.name} on port {running.port} {ended}:\n{tail(workspace.log(self.name))}",
            f"See {workspace.log(self.name)}.",
        )


def _cloud_command(workspace: Workspace, cloud_port: int) -> list[str]:
    return [sys.executable, "-m", "local.cloud", "--port", str(cloud_port), "--state-dir", str(workspace.cloud_state)]


def _gateway_command(_workspace: Workspace, cloud_port: int) -> list[str]:
    return [sys.executable, "-m", "local.appsync", "--port", str(cloud_port + 1), "--cloud", endpoint(cloud_port)]


def _pages_command(workspace: Workspace, cloud_port: int) -> list[str]:
    served = ["--config", str(workspace.pages_configuration)]
    return [sys.executable, "-m", "local.pages", "--port", str(cloud_port + 2), *served]


CLOUD = Server("cloud", ("local/cloud",), "/_ministack/ready", 0, _cloud_command)
GATEWAY = Server("gateway", ("local/appsync",), "/health", 1, _gateway_command)
PAGES = Server("pages", ("local/pages", "infra/web"), "/health", 2, _pages_command)
SERVERS = (CLOUD, GATEWAY, PAGES)


def endpoint(port: int) -> str:
    return f"http://{ports.HOST}:{port}"


def api_url(cloud_port: int) -> str:
    return f"{endpoint(cloud_port + GATEWAY.port_offset)}/graphql"


def environment(cloud_port: int) -> dict[str, str]:
    """For a program that uses the local cloud: this environment, with nothing in it that could reach a real account."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "AWS_ENDPOINT_URL": endpoint(cloud_port),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "CDK_DEFAULT_ACCOUNT": ACCOUNT,
        "CDK_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, indented."""
    return "\n".join(f"  {line}" for line in _last(log, lines)) or "  (its log is empty)"


def _last(log: Path, lines: int) -> Iterator[str]:
    if log.exists():
        yield from log.read_text(errors="replace").splitlines()[-lines:]
