"""One small HTTP request to a server on this machine, past any proxy.

With the standard library, as a command that finds everything in place should be done before a larger one is loaded.
"""

import http.client

from local.environment.ports import HOST


def ask(port: int, method: str, path: str, *, timeout_s: float) -> str | None:
    """None when the server answered with a 2xx status, otherwise what it answered, or why it did not."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout_s)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()
    return None if 200 <= answer.status < 300 else f"{answer.status}: {text}"
