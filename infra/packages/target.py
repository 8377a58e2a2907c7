"""What a package is built for: a Python version on a platform."""

import platform
import sys
from dataclasses import dataclass
from typing import Self

from infra.packages.errors import PackageError


@dataclass(frozen=True)
class Target:
    """`platform` is a value of uv's --python-platform, `python` a minor version such as "3.14", and
    `architecture` Lambda's name for the processor: "arm64" or "x86_64"."""

    platform: str
    python: str
    architecture: str

    @classmethod
    def aws(cls) -> Self:
        """Graviton costs a fifth less per millisecond than x86; 3.14 is Lambda's newest managed Python."""
        return cls(platform="aarch64-manylinux2014", python="3.14", architecture="arm64")

    @classmethod
    def host(cls) -> Self:
        """This interpreter on this machine: the local cloud runs functions in the Python that runs itself."""
        machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
        if machine not in ("x86_64", "aarch64"):
            raise PackageError(f"Lambda has no {machine} processors, so nothing is packaged for this machine")
        return cls(
            platform=f"{machine}-{_system()}",
            python=f"{sys.version_info.major}.{sys.version_info.minor}",
            architecture="arm64" if machine == "aarch64" else machine,
        )

    @property
    def runtime(self) -> str:
        """The name Lambda and the CDK give this Python, e.g. "python3.14"."""
        return f"python{self.python}"

    def __str__(self) -> str:
        return f"{self.runtime}-{self.architecture}"


def _system() -> str:
    if sys.platform == "darwin":
        return "apple-darwin"
    if sys.platform == "linux":
        return "manylinux2014" if platform.libc_ver()[0] == "glibc" else "unknown-linux-musl"
    raise PackageError(f"Packages can be built on Linux and macOS, not on {sys.platform}")
