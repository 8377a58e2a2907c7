"""PutEvents takes what AWS takes and refuses what AWS refuses.

AWS (API reference of PutEvents, PutEventsRequestEntry and PutEventsResultEntry): Source, DetailType and Detail are
required and Detail is a JSON object; an entry that breaks this fails by itself, with an ErrorCode, while the others go
out; a request in which no entry has them all fails as a whole, as does one of 1 MB or more. An event's time is the
entry's Time if it has one. MiniStack publishes all such entries as they are and sets every event's time to now.

Replaced: `ministack.services.eventbridge._put_events`, which answers the operation. It also kept each event in a list
that nothing reads; this does not.
"""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core import responses
from ministack.services import eventbridge

from local.cloud import patch
from local.cloud.api import JsonObject

_MAX_ENTRIES = 10
_MAX_BYTES = 1024 * 1024
_TIME_BYTES = 14  # what AWS counts for a Time, whatever its form
_REQUIRED = ("Source", "DetailType", "Detail")

Answer = tuple[int, dict[str, str], bytes]


class _EntryError(Exception):
    """One entry is refused. Arguments: ErrorCode and ErrorMessage."""


def _put_events(request: JsonObject, allow_aws_source: bool = False) -> Answer:
    entries = request.get("Entries") or []
    if refusal := _refusal(entries):
        return _error(refusal)
    results = [_put(entry, allow_aws_source) for entry in entries]
    return _answer({"FailedEntryCount": sum("ErrorCode" in result for result in results), "Entries": results})


def _refusal(entries: list[JsonObject]) -> str | None:
    """Why the whole request fails, if it does."""
    if not 1 <= len(entries) <= _MAX_ENTRIES:
        return f"1 validation error detected: Value at 'entries' must have 1 to {_MAX_ENTRIES} members"
    if sum(map(_size, entries)) >= _MAX_BYTES:
        return "Total size of the entries in the request is over the limit."
    if not any(all(entry.get(name) for name in _REQUIRED) for entry in entries):
        return f"Each entry needs {', '.join(_REQUIRED)}; none has them."
    return None


def _size(entry: JsonObject) -> int:
    """Bytes of an entry as AWS counts them ("Calculating PutEvents event entry size")."""
    texts = [*(entry.get(name) or "" for name in _REQUIRED), *(entry.get("Resources") or ())]
    return sum(len(text.encode()) for text in texts) + (_TIME_BYTES if entry.get("Time") is not None else 0)


def _put(entry: JsonObject, allow_aws_source: bool) -> JsonObject:
    """Publishes one entry; its result."""
    try:
        event = _event(entry, allow_aws_source)
    except _EntryError as error:
        code, message = error.args
        return {"ErrorCode": code, "ErrorMessage": message}
    view = eventbridge._pattern_event_view(event)
    eventbridge._dispatch_event(event, view)
    eventbridge._archive_event(event, view)
    return {"EventId": event["EventId"]}


def _event(entry: JsonObject, allow_aws_source: bool) -> JsonObject:
    """The event as MiniStack keeps it. Raises _EntryError for an entry that AWS would fail."""
    bus, unknown = eventbridge._event_bus_name_from_ref(entry.get("EventBusName") or "default")
    if unknown:
        raise _EntryError(*unknown)
    for name in _REQUIRED:
        if not entry.get(name):
            reason = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            raise _EntryError("InvalidArgument", reason)
    if entry["Source"].startswith("aws.") and not allow_aws_source:
        raise _EntryError("NotAuthorizedForSourceException", "Not authorized for the source.")
    if not _is_object(entry["Detail"]):
        raise _EntryError("MalformedDetail", "Detail is malformed.")
    return {
        "EventId": str(uuid.uuid4()),
        "Source": entry["Source"],
        "DetailType": entry["DetailType"],
        "Detail": entry["Detail"],
        "EventBusName": bus,
        "Time": int(eventbridge._coerce_timestamp(entry.get("Time") or time.time())),
        "Resources": entry.get("Resources") or [],
        "Account": responses.get_account_id(),
        "Region": responses.get_region(),
    }


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _error(message: str) -> Answer:
    answer: Answer = responses.error_response_json("ValidationException", message, 400)
    return answer


def _answer(content: Any) -> Answer:
    answer: Answer = responses.json_response(content)
    return answer


def install() -> None:
    """Replaces MiniStack's PutEvents."""
    patch.require(
        eventbridge,
        "_archive_event",
        "_coerce_timestamp",
        "_dispatch_event",
        "_event_bus_name_from_ref",
        "_pattern_event_view",
    )

    def make(_: Callable[..., Answer]) -> Callable[..., Answer]:
        return _put_events

    patch.replace(eventbridge, "_put_events", make)
