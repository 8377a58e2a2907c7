"""The local cloud's record of the messages that its SMS and push providers took. AWS keeps none of their words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

_PATHS = {"sms": "/_ministack/sns/sms-messages", "push": "/_ministack/sns/push-messages"}


@dataclass(frozen=True)
class Message:
    """to: the phone's number, or the device's endpoint, without what would tell whose it is."""

    to: str
    text: str


def taken(cloud_url: str) -> dict[str, Message]:
    """Every message by its id."""
    found: dict[str, Message] = {}
    for channel, path in _PATHS.items():
        response = httpx.get(cloud_url + path, timeout=30).raise_for_status()
        found.update(_messages(response.json()[f"{channel}_messages"]))
    return found


def _messages(by_recipient: Mapping[str, list[dict[str, Any]]]) -> Iterator[tuple[str, Message]]:
    for recipient, records in by_recipient.items():
        for record in records:
            yield record["MessageId"], Message(masked(recipient), _text(record))


def _text(record: Mapping[str, Any]) -> str:
    """The words. A push message may hold a text for each platform, and has one for all others."""
    given = str(record["Message"])
    return str(json.loads(given).get("default", given)) if record.get("MessageStructure") == "json" else given


def masked(recipient: str) -> str:
    """The last two digits of a number, or the last four characters of an endpoint's id, are enough to tell by."""
    if recipient.startswith("arn:"):
        return f"device …{recipient[-4:]}"
    return f"{recipient[:2]}{'•' * max(0, len(recipient) - 4)}{recipient[-2:]}"
