"""A partner's HTTP server: takes webhooks as a test tells it to."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Webhook:
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Listener:
    """answer: the status for a webhook. got: every webhook in the order in which they came."""

    url: str = ""
    answer: Callable[[Webhook], int] = lambda _: 204
    got: list[Webhook] = field(default_factory=list)

    def take(self, webhook: Webhook) -> int:
        self.got.append(webhook)
        return self.answer(webhook)


@contextmanager
def listening() -> Iterator[Listener]:
    """On a free port of this machine, until the block ends."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(listener.take(Webhook(dict(self.headers.items()), body)))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests look at what came."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        listener.url = f"http://127.0.0.1:{server.server_port}/deliveries"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown()
            thread.join()
