"""What an alert says, in its recipient's language. The texts are in messages/<locale>.json."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.notifications.domain import Alert

DEFAULT_LOCALE = "en"

_MESSAGES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "messages").glob("*.json"))
}


@dataclass(frozen=True)
class Message:
    """`text` alone makes a text message; a push message shows `title` above it."""

    title: str
    text: str


def render(alert: Alert, locale: str) -> Message:
    """The message of an alert. A locale without texts falls back to its language (`es-MX` to `es`), then to English.

    Raises KeyError when the template or one of its parameters is unknown.
    """
    messages = next(_MESSAGES[name] for name in (locale, locale.split("-")[0], DEFAULT_LOCALE) if name in _MESSAGES)
    template = messages["templates"][alert.template]
    words = dict(alert.parameters)
    if "{reason}" in template["text"]:
        words["reason"] = messages["reasons"][words["reason"]]
    return Message(title=template["title"], text=template["text"].format_map(words))
