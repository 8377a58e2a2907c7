"""One POST to a receiver that may be anything: bounded in time and memory, to a checked address, with no redirects.

Of the answer the status counts. What else it says is never read: that could last, and it could be much.

The standard library's client, because all that others add is what must not happen here: they follow redirects, keep
connections, take proxies from the environment, and resolve a name once more when they connect.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urlsplit

from services.partners import addresses
from services.partners.addresses import Forbidden, Resolve

TIMEOUT_S = 15.0  # for everything together, however slowly the receiver drips


class Unreachable(Exception):  # noqa: N818 - it says what is the matter
    """No answer came. The text holds nothing that the receiver sent."""


@cache
def tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@dataclass(frozen=True)
class Poster:
    """allow_private: whether receivers in private networks are allowed, as on a laptop."""

    allow_private: bool = False
    timeout_s: float = TIMEOUT_S
    resolve: Resolve = addresses.resolve
    context: Callable[[], ssl.SSLContext] = tls

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer, whatever it is. Raises Unreachable."""
        target = urlsplit(url)
        try:
            connection = self._connection(target)
            with _Deadline(connection, self.timeout_s) as deadline:
                try:
                    return _exchange(connection, target, headers, body)
                except (OSError, http.client.HTTPException, ValueError) as error:
                    if deadline.passed or isinstance(error, TimeoutError):
                        raise TimeoutError from None
                    raise Unreachable(_name(error)) from None
        except Forbidden as error:
            raise Unreachable(f"not allowed: {error}") from None
        except TimeoutError:
            raise Unreachable(f"no answer within {self.timeout_s:g} s") from None
        except OSError as error:
            raise Unreachable(_name(error)) from None

    def _connection(self, target: SplitResult) -> "_Connection":
        host, secure = target.hostname or "", target.scheme == "https"
        port = target.port or (443 if secure else 80)
        address = addresses.checked(self.resolve(host, port), allow_private=self.allow_private)
        return _Connection(host, port, address, self.context() if secure else None, self.timeout_s)


class _Connection(http.client.HTTPConnection):
    """Connects to an address that was checked, and asks there for the host that was named: resolving the name again
    could give another address."""

    def __init__(self, host: str, port: int, address: str, tls: ssl.SSLContext | None, timeout_s: float) -> None:
        super().__init__(host, port, timeout=timeout_s)
        self.default_port = 443 if tls else 80  # the port that a Host header leaves out
        self._address = address
        self._tls = tls
        self.ended = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self.ended:
            raise TimeoutError
        if self._tls:
            # The handshake comes after the socket is this object's, where the deadline finds it.
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            if self.ended:  # while there were two sockets, neither of them the one to end
                raise TimeoutError
            self.sock.do_handshake()

    def end(self) -> None:
        """Called by another thread: whatever waits for the receiver ends at once."""
        self.ended = True
        if self.sock:
            with suppress(OSError):
                # Of the plain socket: TLS would want to say goodbye first, and wait for an answer.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _Deadline:
    """Ends a connection when its time is over. A socket's own timeout begins anew with each byte."""

    def __init__(self, connection: _Connection, timeout_s: float) -> None:
        self._connection = connection
        self._timer = threading.Timer(timeout_s, connection.end)
        self._timer.daemon = True

    @property
    def passed(self) -> bool:
        return self._connection.ended

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._connection.close()


def _exchange(connection: _Connection, target: SplitResult, headers: Mapping[str, str], body: bytes) -> int:
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    connection.request("POST", path, body, dict(headers))
    with closing(connection.getresponse()) as response:
        if connection.ended:  # among the headers, which the library takes for their end
            raise TimeoutError
        # Without its body, which the deadline would not end: of a connection that closes with its answer, the library
        # has given the socket to the response.
        return response.status


def _name(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not valid: {error.verify_message}"
        case socket.gaierror():
            return "its name cannot be resolved"
        case OSError(strerror=str(text)) if text and not isinstance(error, ssl.SSLError):
            return text.lower()
        case _:
            return type(error).__name__
