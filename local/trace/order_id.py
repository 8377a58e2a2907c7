"""An order's id from its beginning, which is what people copy and type."""

import re
from typing import Any

from infra import names
from local.problem import Problem
from local.trace.log_lines import read

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHORT = re.compile(r"[0-9a-f-]{4,35}")


def full_order_id(logs: Any, given: str, since: float) -> str:
    """The id of the one order since then whose id begins so; a whole id is taken as it is. `since`: seconds since 1970.

    Raises Problem when there is no such order, or several, or no platform.
    """
    if _UUID.fullmatch(given):
        return given
    if not _SHORT.fullmatch(given):
        raise Problem(f"{given!r} is no order id.", "An order id is a UUID; its first 4 characters or more will do.")
    try:
        matching = sorted(_beginning_with(given, logs, since))
    except logs.exceptions.ResourceNotFoundException:
        raise no_event_log() from None
    if not matching:
        raise Problem(f"No order's id begins with {given}.", "It may be older than --days, or not exist.")
    if len(matching) > 1:
        some = ", ".join(matching[:5]) + (", …" if len(matching) > 5 else "")
        raise Problem(f"{len(matching)} orders begin with {given}: {some}", "Give more of the id.")
    return matching[0]


def no_event_log() -> Problem:
    return Problem(f"There is no log group {names.EVENT_LOG}.", "Deploy the platform first.")


def _beginning_with(beginning: str, logs: Any, since: float) -> set[str]:
    # CloudWatch matches whole words of a text, but any beginning of a field.
    pattern = f'{{ $.detail.metadata.correlation_id = "{beginning}*" }}'
    details = [content["detail"] for _, content in read(logs, names.EVENT_LOG, pattern, since)]
    # An event that is a driver's alone has the driver's id there. The local cloud takes the pattern to match anything.
    orders = {d["data"]["order_id"] for d in details if d["data"].get("order_id") == d["metadata"]["correlation_id"]}
    return {order for order in orders if order.startswith(beginning)}
