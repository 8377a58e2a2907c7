"""A DynamoDB Local process: in memory, on a free port, for as long as a block runs."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

_OLDEST_JAVA = 11
MISSING = f"DynamoDB Local needs Java {_OLDEST_JAVA} or newer on PATH"
_START_LIMIT = 60.0  # seconds, on a busy machine


class StartError(Exception):
    """DynamoDB Local did not start; the message has what it printed."""


def java() -> str | None:
    """A Java that can run DynamoDB Local, or None."""
    found = shutil.which("java")
    if found is None:
        return None
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    return found if version is not None and int(version[1]) >= _OLDEST_JAVA else None


@contextmanager
def running(java: str, folder: Path) -> Iterator[str]:
    """Its endpoint. Raises StartError."""
    port = _free_port()
    options = [f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    command = [java, *options, "-jar", str(folder / "DynamoDBLocal.jar")]
    with TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _await(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(process: "subprocess.Popen[bytes]", port: int, log: IO[bytes]) -> None:
    deadline = time.monotonic() + _START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    log.seek(0)
    raise StartError(f"DynamoDB Local did not start: {log.read().decode(errors='replace')}")
