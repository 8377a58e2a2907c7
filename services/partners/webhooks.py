"""Delivers by webhook, as Standard Webhooks 1.0 defines it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.partners.domain import Answer, Result, Row
from services.partners.http_post import Unreachable
from services.partners.messages import text_of
from services.partners.signing import BadKey, sign
from services.partners.signing_keys import NoKeys

_GONE = 410


class Post(Protocol):
    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer. Raises Unreachable."""
        ...


@dataclass(frozen=True)
class Webhooks:
    """keys: those that sign now; raises NoKeys."""

    url: str
    post: Post
    keys: Callable[[], list[str]]
    now: Callable[[], datetime]

    def send(self, row: Row) -> Result:
        body = text_of(row).encode()
        timestamp = int(self.now().timestamp())
        try:
            headers = {
                "content-type": "application/json",
                "user-agent": "delivery-webhooks/1",
                "webhook-id": row["event_id"],
                "webhook-timestamp": str(timestamp),
                "webhook-signature": sign(row["event_id"], timestamp, body, self.keys()),
            }
            return _result(self.post(self.url, headers, body))
        except (NoKeys, BadKey, Unreachable) as error:
            return Result(Answer.REFUSED, problem=str(error))


def _result(code: int) -> Result:
    if 200 <= code < 300:
        return Result(Answer.TAKEN, code)
    if code == _GONE:
        return Result(Answer.GONE, code, "answered 410: it wants nothing any more")
    if 300 <= code < 400:
        return Result(Answer.REFUSED, code, f"answered {code}: redirects are not followed")
    return Result(Answer.REFUSED, code, f"answered {code}")
