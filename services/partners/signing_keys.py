"""A partner's signing keys, from an encrypted parameter: they are in no table, no log and no environment.

The parameter is JSON, the newest key first: [{"key": "whsec_…"}, {"key": "whsec_…", "until": "<RFC 3339>"}]. A key that
is being replaced signs until its end, so that the partner has time to learn the new one.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

KEPT_S = 60.0  # how soon a key that was added signs


class NoKeys(Exception):  # noqa: N818 - it says what is the matter
    """There is nothing to sign with; the text says what to do."""


@dataclass
class SigningKeys:
    client: "SSMClient"
    parameter: str
    now: Callable[[], datetime]
    _read_at: datetime | None = field(default=None, init=False)
    _keys: list[dict[str, str]] = field(default_factory=list, init=False)

    def valid(self) -> list[str]:
        """Every key that signs now, the newest first. Raises NoKeys."""
        now = self.now()
        if self._read_at is None or (now - self._read_at).total_seconds() > KEPT_S:
            self._keys, self._read_at = self._read(), now
        keys = [
            each["key"] for each in self._keys if "until" not in each or datetime.fromisoformat(each["until"]) > now
        ]
        if not keys:
            raise NoKeys("it has no signing key: delivery partners secret rotate")
        return keys

    def _read(self) -> list[dict[str, str]]:
        try:
            value = self.client.get_parameter(Name=self.parameter, WithDecryption=True)["Parameter"]["Value"]
        except self.client.exceptions.ParameterNotFound:
            return []
        found: list[dict[str, str]] = json.loads(value)
        return found
