"""Text messages to numbers that cannot exist are refused.

AWS (API reference of Publish, "Publishing SMS messages to a mobile phone"): PhoneNumber is in E.164 form, and the
message is not empty and has at most 1,600 characters; otherwise InvalidParameter. MiniStack records whatever it gets,
with its MessageId, at GET /_ministack/sns/sms-messages[?phoneNumber=+12025550100].

Replaced: `ministack.services.sns._publish`, which answers the operation; what is valid goes on to the original.
"""

import re
from collections.abc import Callable
from typing import Any

from ministack.services import sns

from local.cloud import patch

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_MAX_CHARACTERS = 1600

Publish = Callable[[dict[str, Any]], Any]


def _refusal(number: str, message: str) -> str | None:
    if not _E164.fullmatch(number):
        return f"Invalid parameter: PhoneNumber Reason: {number} is not valid to publish to"
    if not message:
        return "Invalid parameter: Empty message"
    if len(message) > _MAX_CHARACTERS:
        return f"Invalid parameter: Message Reason: at most {_MAX_CHARACTERS} characters are allowed"
    return None


def install() -> None:
    """Makes MiniStack's Publish check text messages."""
    patch.require(sns, "_error", "_p")

    def checking(publish: Publish) -> Publish:
        def checked(parameters: dict[str, Any]) -> Any:
            if number := sns._p(parameters, "PhoneNumber"):
                refusal = _refusal(number, sns._p(parameters, "Message"))
                if refusal:
                    return sns._error("InvalidParameter", refusal, 400)
            return publish(parameters)

        return checked

    patch.replace(sns, "_publish", checking)
