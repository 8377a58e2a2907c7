"""A port that is taken is found before anything is started, with who holds it."""

import os
import socket
from collections.abc import Iterator

import pytest

from local.environment import ports
from local.environment.servers import CLOUD
from local.environment.up import up
from local.environment.workspace import Workspace
from local.problem import Problem

pytestmark = pytest.mark.local_cloud  # for the sockets: nothing is started


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that this process listens on, with the one below it free."""
    for port in range(25_567, 25_667, 2):
        with socket.socket() as below, socket.socket() as listening:
            try:
                below.bind((ports.HOST, port - 1))
                listening.bind((ports.HOST, port))
            except OSError:
                continue
            below.close()
            listening.listen()
            yield port
            return
    raise RuntimeError("no port is free")


def test_who_holds_a_port_is_named_with_what_to_do(taken: int) -> None:
    with pytest.raises(Problem, match=rf"Port {taken} is taken by process {os.getpid()} \(.*python") as caught:
        ports.ensure_free(taken)
    assert "--port" in caught.value.remedy


def test_a_port_that_only_has_closing_connections_is_free(taken: int) -> None:
    free = taken - 1
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((ports.HOST, free))
        server.listen()
        with socket.create_connection((ports.HOST, free)) as client:
            accepted, _ = server.accept()
            accepted.close()  # first, so that the server's end is the one that waits
            client.recv(1)
    ports.ensure_free(free)


@pytest.mark.parametrize("port", [0, 65_536])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(Problem, match="not a port"):
        ports.ensure_free(port)


def test_nothing_is_started_when_the_port_of_the_api_is_taken(workspace: Workspace, taken: int) -> None:
    with pytest.raises(Problem, match=f"Port {taken} is taken"):
        up(workspace, taken - 1, 20.0, print)
    assert CLOUD.find(workspace) is None
    assert not workspace.log(CLOUD.name).exists()
