"""`delivery alerts`."""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from local.commands.options import Json, OnAws
from local.console import out, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.alerts.reading import Alert
    from local.aws import Aws

_COLOURS = {"SENT": "green", "FAILED": "red", "SUPPRESSED": "dim"}


def alerts(
    order_id: Annotated[
        str | None, typer.Argument(help="Only those about this order: its id, or the beginning of it.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also those that were not sent, because they were not wanted or failed.")
    ] = False,
    last: Annotated[int, typer.Option(min=1, max=10_000, help="Without an order: how many, the newest.")] = 50,
    days: Annotated[int, typer.Option(min=1, max=90, help="How far to look back.")] = 14,
    aws: OnAws = False,
    json: Json = False,
) -> None:
    """Show the SMS and push messages that went out. Phone numbers are masked.

    Their words are shown for the local platform only: AWS keeps no record of them.
    """
    from local.environment import running

    found = _find(running.cloud(on_aws=aws), order_id, last, days)
    shown = [alert for alert in found if every or alert.state == "SENT"]
    if json:
        print_json([vars(alert) for alert in shown])
        return
    if shown:
        out.print(_table(shown, with_words=any(alert.text for alert in shown)))
    unsent = len(found) - len(shown)
    out.print(
        f"[dim]{len(shown)} {'alerts' if every else 'sent'}" + (f", {unsent} not: see --all[/]" if unsent else "[/]")
    )


def _find(aws: "Aws", order_id: str | None, last: int, days: int) -> "list[Alert]":
    from local.alerts import reading
    from local.trace.order_id import full_order_id

    if order_id is None:
        return reading.latest(aws, last, days=days, now=datetime.now(UTC))
    return reading.of_order(aws, full_order_id(aws.client("logs"), order_id, time.time() - days * 86400))


def _table(shown: "Sequence[Alert]", *, with_words: bool) -> Table:
    heads = ["time", "order", "to", "by", "about", "outcome", *(["message"] if with_words else [])]
    table = Table(*heads, box=None, header_style="dim", pad_edge=False)
    for alert in shown:
        table.add_row(*_cells(alert)[: len(heads)])
    return table


def _cells(alert: "Alert") -> list[str]:
    outcome = f"[{_COLOURS.get(alert.state, 'yellow')}]{alert.state}[/]"
    return [
        _clock(alert.at),
        alert.order_id[:8],
        f"{alert.audience.lower()} [dim]{escape(alert.to or alert.recipient_id[:8])}[/]",
        alert.channel,
        alert.template,
        f"{outcome} [dim]{alert.reason}[/]" if alert.reason else outcome,
        escape(alert.text or ""),
    ]


def _clock(at: str) -> str:
    return f"[dim]{at[:10]}[/] {at[11:23]}"
