"""What the local cloud is told at start, and the process environment MiniStack reads its own settings from."""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ACCOUNT = "000000000000"
REGION = "us-east-1"

# Of the developer's environment only this much is kept: MiniStack starts functions with its own environment, so
# whatever stays here (PYTHONPATH, AWS_PROFILE, a proxy) would work in a function on this machine and be missing on AWS.
_KEPT = ("HOME", "LANG", "PATH", "TMPDIR")


def bare_python(state_dir: Path) -> Path:
    """Where the functions' interpreter is in a state directory. Its folder is named after this Python's version, as an
    environment made with another one is of no use."""
    version = ".".join(map(str, sys.version_info[:3]))
    return state_dir / f"lambda-python-{version}" / "bin" / "python"


@dataclass(frozen=True)
class Settings:
    """port: TCP port on 127.0.0.1. state_dir: where state, logs and the function interpreter live. auth: whether IAM
    policies are enforced. lambda_python: interpreter for python runtimes, None to create a bare one in state_dir.
    log_level: of MiniStack's log."""

    port: int
    state_dir: Path
    auth: bool = True
    lambda_python: Path | None = None
    log_level: str = "WARNING"

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def log_file(self) -> Path:
        return self.state_dir / "cloud.log"

    def environment(self) -> dict[str, str]:
        """The whole environment MiniStack is to see."""
        return {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            "TMPDIR": os.environ.get("TMPDIR", tempfile.gettempdir()),
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": HOST,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AUTH": str(self.auth).lower(),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.state_dir / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.state_dir / "s3"),
            # AWS's default quota. MiniStack's own default depends on this machine's memory, and above it EventBridge
            # and SNS deliveries to functions would be dropped.
            "LAMBDA_ACCOUNT_CONCURRENCY": "1000",
            "LAMBDA_EXECUTOR": "local",
            # Listeners of services we do not use, which would take fixed ports and memory.
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "DOCKER_HOST": "unix:///nonexistent",
            "LOG_LEVEL": self.log_level,
        }
