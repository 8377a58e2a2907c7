"""What devices received by mobile push, for whoever wants to look: the simulator, `delivery alerts`, tests.

GET /_ministack/sns/push-messages[?endpointArn=ARN] answers {"push_messages": {endpoint ARN: [record, ...]}}. A record
has EndpointArn, Token, Platform, MessageId, Message and MessageStructure as published, PlatformMessage as the device
got it, MessageAttributes, and SentAt in seconds since 1970. AWS has nothing like it; MiniStack has it for text alone.

Replaced: `get_state` and `load_persisted_state` of `ministack.services.sns`, so that the record survives a restart as
that of text messages does.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from ministack.services import sns

from local.cloud import patch
from local.cloud.api import JsonObject
from local.cloud.transport import Application, Scope

PATH = "/_ministack/sns/push-messages"
_STATE_KEY = "push_messages"

_records: dict[str, list[JsonObject]] = {}  # by endpoint ARN


def add(record: JsonObject) -> None:
    _records.setdefault(record["EndpointArn"], []).append(record)


def answering(application: Application) -> Application:
    """`application`, with the record served beside it."""

    async def served(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "GET":
            await application(scope, receive, send)
            return
        wanted = parse_qs(scope["query_string"].decode()).get("endpointArn")
        found = {arn: _records.get(arn, []) for arn in wanted} if wanted else _records
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": json.dumps({"push_messages": found}).encode()})

    return served


def install() -> None:
    """Has the record saved and restored with SNS's state."""

    def saving(get_state: Callable[[], JsonObject | None]) -> Callable[[], JsonObject | None]:
        def get() -> JsonObject | None:
            state = get_state()  # None if it could not be loaded: then nothing may be saved over it
            return None if state is None else state | {_STATE_KEY: _records}

        return get

    def loading(load: Callable[[JsonObject], None]) -> Callable[[JsonObject], None]:
        def restore(state: JsonObject) -> None:
            _records.update(state.get(_STATE_KEY) or {})
            load(state)

        return restore

    patch.replace(sns, "get_state", saving)
    patch.replace(sns, "load_persisted_state", loading)
