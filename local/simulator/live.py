"""The run as it happens: a table that renews itself on a terminal, a line every few seconds elsewhere."""

import asyncio
import time
from collections import Counter
from datetime import datetime, timedelta

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from local.simulator.board import Board
from local.simulator.clock import Clock
from local.simulator.event_log import EventLog
from local.simulator.report import ENDED, Report

_LOOK_EVERY = 1.0  # wall seconds
_LINE_EVERY = 5.0
_OVERLAP = timedelta(seconds=2)  # log events become readable in another order than their times


class LiveView:
    """Follows the event log. `orders` is how many there will be."""

    def __init__(self, console: Console, log: EventLog, board: Board, clock: Clock, orders: int) -> None:
        self._console = console
        self._log = log
        self._board = board
        self._clock = clock
        self._orders = orders
        self._read_until = clock.began
        self._rate = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        if not self._console.is_terminal:
            await self._lines()
            return
        with Live(self._table(), console=self._console, refresh_per_second=4, transient=True) as live:
            while True:
                await self._look()
                live.update(self._table())

    async def _lines(self) -> None:
        printed = time.monotonic()
        while True:
            await self._look()
            if time.monotonic() - printed >= _LINE_EVERY:
                printed = time.monotonic()
                self._console.print(self._line(), highlight=False)

    async def _look(self) -> None:
        began, known = time.monotonic(), self._board.events
        await asyncio.sleep(_LOOK_EVERY)
        events = await asyncio.to_thread(self._log.since, self._read_until - _OVERLAP)
        self._board.add(events)
        self._read_until = max([self._read_until, *(e.metadata.occurred_at for e in events)])
        self._rate = (self._board.events - known) / (time.monotonic() - began)

    def _line(self) -> str:
        orders = self._board.orders
        ended = sum(orders[status] for status in ENDED)
        return (
            f"{simulated(self._clock.now())}  {orders.total()}/{self._orders} placed, {orders['DELIVERED']} delivered, "
            f"{ended - orders['DELIVERED']} ended otherwise, {self._board.drivers['BUSY']} drivers busy, "
            f"{self._alerts()} alerts, {self._rate:.0f} events/s"
        )

    def _alerts(self) -> int:
        return self._board.alerts["SMS"] + self._board.alerts["PUSH"]

    def _table(self) -> Group:
        board = self._board
        counts = Table.grid(expand=True, padding=(0, 2))
        for _ in range(4):
            counts.add_column(ratio=1)
        counts.add_row(
            _counts("orders", board.orders),
            _counts("deliveries", board.deliveries),
            _counts("drivers", board.drivers),
            _counts("alerts sent", board.alerts),
        )
        title = (
            f"[bold]{simulated(self._clock.now())}[/] simulated, {self._clock.speed:g} times as fast as real time  ·  "
            f"{board.orders.total()} of {self._orders} orders placed  ·  {self._rate:.0f} events/s"
        )
        happenings = Table.grid(padding=(0, 2))
        for moment, words in board.happenings:
            happenings.add_row(Text(self._time_of(moment), style="dim"), words)
        return Group(Panel(counts, title=title, border_style="dim"), happenings)

    def _time_of(self, moment: datetime) -> str:
        return simulated(self._clock.at(moment))


def simulated(seconds: float) -> str:
    """A time of the simulated day, counted from its start."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}"


def _counts(title: str, counts: Counter[str]) -> Table:
    table = Table(title, "", box=None, header_style="bold", pad_edge=False)
    table.columns[1].justify = "right"
    for name, number in sorted(counts.items()):
        table.add_row(name.lower().replace("_", " "), str(number))
    return table


_SUMMARY = (
    ("orders placed", "orders_placed"),
    ("delivered", "orders_delivered"),
    ("not placed", "orders_not_placed"),
    ("cancelled", "orders_cancelled"),
    ("rejected", "orders_rejected"),
    ("failed", "orders_failed"),
    ("unfinished", "orders_unfinished"),
    ("alerts expected", "alerts_expected"),
    ("alerts sent", "alerts_sent"),
    ("offers over before their alert", "alerts_too_late"),
    ("sent twice", "alerts_duplicated"),
    ("missing", "alerts_missing"),
    ("held twice", "double_assignments"),
    ("events published", "events_published"),
    ("messages unhandled", "messages_unhandled"),
    ("messages in failure queues", "failure_queue_messages"),
)


def show_summary(console: Console, report: Report) -> None:
    """The figures that matter, and what is wrong, if anything is."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for label, name in _SUMMARY:
        table.add_row(label, f"{getattr(report, name):,}")
    for label, figure in (
        ("placed to assigned", report.place_to_assigned_s),
        ("ready to delivered", report.ready_to_delivered_s),
    ):
        table.add_row(label, f"median {_minutes(figure['p50'])}, 95 % within {_minutes(figure['p95'])} (simulated)")
    if report.promises_made:
        table.add_row("promised times kept", f"{report.promises_kept:,} of {report.promises_made:,}")
    if report.avoidable_min is not None:
        table.add_row("avoidable", f"{report.avoidable_min:.2f} min an order (simulated)")
    table.add_row("speed", f"{report.speed:g} simulated seconds a second; {report.wall_s:.0f} s in all")
    console.print(table)
    problems = report.problems()
    for problem in problems:
        console.print(f"[red]✗[/] {problem}", highlight=False)
    if not problems:
        console.print("[green]✓[/] Every order reached its end, and every alert went out once.")
    if report.an_order:
        short = report.an_order.partition("-")[0]
        console.print(f"  One of them: delivery trace {short} · delivery alerts {short}", highlight=False)


def _minutes(seconds: float | None) -> str:
    return "none" if seconds is None else f"{seconds / 60:.1f} min"
