"""HTTP receivers that misbehave, on this machine. Each answers one connection after the other with raw bytes."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = Callable[[socket.socket], None]


class Server:
    """requests: everything that was received, one text a connection."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[bytes] = []
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}/in"

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self.requests.append(_request(connection))
                self._answer(connection)


@contextmanager
def receiver(answer: Answer) -> Iterator[Server]:
    server = Server(answer)
    try:
        yield server
    finally:
        server.close()


def _request(connection: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(65_536)
        if not more:
            raise ConnectionError
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def answering(status: str, *headers: str, body: bytes = b"") -> Answer:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers]) + "\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def dropping(connection: socket.socket) -> None:
    connection.close()


def silent(connection: socket.socket) -> None:
    connection.recv(1)  # until the other side has had enough


def dripping(connection: socket.socket) -> None:
    """A header that never ends, a byte every 20 ms."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nx-endless: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def dripping_body(protocol: str, *headers: str) -> Answer:
    """Answers 200 at once, and with a body that never ends, a byte every 20 ms."""
    head = "\r\n".join([f"{protocol} 200 OK", *headers]) + "\r\n\r\n"

    def answer(connection: socket.socket) -> None:
        connection.sendall(head.encode())
        while True:
            connection.sendall(b"x")
            time.sleep(0.02)

    return answer


def dripping_old_headers(connection: socket.socket) -> None:
    """The same as `dripping`, from a server that closes each connection with its answer."""
    connection.sendall(b"HTTP/1.0 200 OK\r\nconnection: close\r\nx-endless: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


class Flood:
    """Answers 200 with a megabyte, as far as it is read; `written` is how much that was."""

    def __init__(self) -> None:
        self.written = 0

    def __call__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
        for _ in range(100_000):
            self.written += connection.send(b"x" * 1000)


def garbage(connection: socket.socket) -> None:
    connection.sendall(b"hello there\r\n\r\n")


def endless_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        connection.sendall(f"x-{number}: {'y' * 1000}\r\n".encode())
