"""The platform's event log: every event that was on the bus."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from delivery_events import Event, UnknownEventType, UnsupportedVersion, parse

from infra import names

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

_PAGE = 10_000  # FilterLogEvents answers with at most this many


class EventLog:
    def __init__(self, logs: "CloudWatchLogsClient") -> None:
        self._logs = logs

    def since(self, moment: datetime) -> list[Event[Any]]:
        """All events logged from that moment on, each once, in the order they were logged.

        Those of a type or a major version that this package does not know yet are left out, as every consumer leaves
        them out: a service that is deployed anew may publish them. Raises MalformedEvent for what is no event at all.
        """
        start = int(moment.timestamp() * 1000)
        texts: dict[str, None] = {}
        request: dict[str, Any] = {}
        while True:
            page = self._logs.filter_log_events(logGroupName=names.EVENT_LOG, startTime=start, **request)
            logged = page["events"]
            before = len(texts)
            texts.update(dict.fromkeys(event["message"] for event in logged))
            if "nextToken" in page:
                request = {"nextToken": page["nextToken"]}
            elif len(logged) >= _PAGE and len(texts) > before:
                # The local cloud cuts the answer off without a token: go on from the last moment it told of.
                start, request = logged[-1]["timestamp"], {}
            else:
                return list({str(e.metadata.event_id): e for e in map(_event, texts) if e}.values())


def _event(text: str) -> Event[Any] | None:
    content = json.loads(text)
    try:
        return parse(content["detail-type"], content["detail"])
    except (UnknownEventType, UnsupportedVersion):
        return None
