"""A local cloud of the tests' own: a process on a free port that can be stopped, killed and started again."""

import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from local.aws import Aws

_START_SECONDS = 30.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Cloud:
    """state_dir: what survives a restart. lambda_python: of its functions; by default one it makes in state_dir."""

    state_dir: Path
    lambda_python: Path | None = None
    port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def aws(self) -> Aws:
        return Aws.local(self.url)

    def start(self) -> None:
        """Starts it and waits until it is ready. Raises RuntimeError with its log if it is not in time."""
        options = ["--port", str(self.port), "--state-dir", str(self.state_dir)]
        if self.lambda_python:
            options += ["--lambda-python", str(self.lambda_python)]
        self._process = subprocess.Popen([sys.executable, "-m", "local.cloud", *options])
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/_ministack/ready").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the local cloud does not start:\n{(self.state_dir / 'cloud.log').read_text()}")

    def stop(self) -> int:
        """Asks it to leave and waits; its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it as a crash would."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        assert self._process
        self._process.send_signal(how)
        return self._process.wait(timeout=40)
