"""Who holds a TCP port of this machine."""

import socket
from dataclasses import dataclass

import psutil

from local.problem import Problem

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Holder:
    """The process behind a port; both are None when the system does not tell, as for another user's process."""

    pid: int | None
    command: str | None

    def __str__(self) -> str:
        return "another process" if self.pid is None else f"process {self.pid} ({self.command})"


def ensure_free(port: int) -> None:
    """Raises Problem, naming the holder if it can be found, when a server cannot listen on the port."""
    if not 1 <= port <= 65535:
        raise Problem(f"{port} is not a port.", "Choose one between 1024 and 65535 with --port.")
    try:
        with socket.socket() as probe:
            # As servers do: a port that only has closing connections is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except PermissionError:
        raise Problem(
            f"Port {port} is reserved for the system's administrator.", "Choose one above 1023 with --port."
        ) from None
    except OSError:
        raise Problem(
            f"Port {port} is taken by {holder(port)}.", "End it, or choose another port with --port."
        ) from None


def holder(port: int) -> Holder:
    """The process that listens on the port, as far as the system tells this user."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:  # macOS tells it to the administrator only
        return Holder(None, None)
    for connection in connections:
        if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
            return _describe(connection.pid)
    return Holder(None, None)


def _describe(pid: int | None) -> Holder:
    try:
        return Holder(pid, " ".join(psutil.Process(pid).cmdline())[:120]) if pid else Holder(None, None)
    except psutil.Error:
        return Holder(pid, "command unknown")
