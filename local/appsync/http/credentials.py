"""The credentials of the roles that requests are signed as: taken on when they are first needed, and again in time."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.credentials import Credentials

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient

_LASTS_S = 900
_RENEWED_S = 60  # before they end


class Roles:
    """Safe across threads. `connect` gives a client that acts as AppSync, whom a role's trust policy lets in."""

    def __init__(self, connect: "Callable[[], STSClient]") -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._taken: dict[str, tuple[float, Credentials]] = {}

    def credentials(self, role: str) -> Credentials:
        """Raises botocore's errors when the role cannot be taken on."""
        with self._lock:
            until, taken = self._taken.get(role, (0.0, None))
            if taken is None or until <= time.monotonic():
                given = self._connect().assume_role(RoleArn=role, RoleSessionName="appsync", DurationSeconds=_LASTS_S)
                keys = given["Credentials"]
                taken = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
                self._taken[role] = (time.monotonic() + _LASTS_S - _RENEWED_S, taken)
            return taken

    def forget(self) -> None:
        """After a new deployment roles may be others."""
        with self._lock:
            self._taken.clear()
