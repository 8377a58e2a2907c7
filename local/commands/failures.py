"""`delivery failures list`, `delivery failures redrive`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from local.commands.options import Json, OnAws
from local.console import err, out, print_json

if TYPE_CHECKING:
    from local.failures.listing import Listed
    from local.failures.reasons import Failure
    from local.failures.redrive import Progress, Redriven

app = typer.Typer(help="What failed for good, why, and the way back.", no_args_is_help=True)

_SHOWN = 20  # failures of one queue that people are shown

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[QUEUE]...", help="As they are listed, such as orders-inbox.")
]


@app.command("list")
def list_(names: Names = None, aws: OnAws = False, json: Json = False) -> None:
    """Show what lies in each failure queue and why. It stays there."""
    from local.environment import running
    from local.failures.listing import list_failures

    found = list_failures(running.cloud(on_aws=aws), names or ())
    if json:
        print_json([_plain(each) for each in found])
        return
    out.print(_counts(found))
    for queue in found:
        if queue.failures:
            out.print(_failures(queue.queue, queue.failures))


@app.command()
def redrive(
    names: Names = None,
    every: Annotated[bool, typer.Option("--all", help="Every failure queue.")] = False,
    wait: Annotated[
        float, typer.Option(min=0, max=600, help="Seconds to wait for what fails again, for each queue.")
    ] = 5,
    aws: OnAws = False,
    json: Json = False,
) -> None:
    """Send what failed back to where it failed.

    A message goes back to the queue it came from; a change whose events were not published goes to its service's
    outbox, and so does a batch that its stream gave up, as long as the stream has it; an event that was not logged is
    logged. Whatever fails again stays in the failure queue, and the exit code is 1.
    """
    from local.environment import running
    from local.failures import queues
    from local.failures.redrive import redrive as send_back

    if bool(names) == every:
        raise typer.BadParameter("Name queues, or give --all.")
    cloud = running.cloud(on_aws=aws)
    there = queues.find(cloud.client("sqs"))
    chosen = there if every else queues.choose(there, names or [])
    with _progress() as progress:
        done = send_back(cloud, chosen, wait_s=wait, progress=progress)
    if json:
        print_json([_plain(each) for each in done])
    else:
        _show(done)
    if any(each.left for each in done):
        raise typer.Exit(1)


def _plain(found: "Listed | Redriven") -> dict[str, object]:
    from dataclasses import asdict

    return asdict(found)


@contextmanager
def _progress() -> "Iterator[Progress]":
    """Shows a bar for each queue while it is redriven, on a terminal."""
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    with Bars(console=err, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(queue: str, done: int, total: int) -> None:
            if queue not in tasks:
                tasks[queue] = bars.add_task(queue, total=total)
            bars.update(tasks[queue], completed=done)

        yield tell


def _counts(found: "Sequence[Listed]") -> Table:
    table = Table("failures of", "messages", box=None, header_style="dim", pad_edge=False)
    for queue in found:
        table.add_row(queue.queue, str(queue.count), style="red" if queue.count else "dim")
    return table


def _failures(name: str, failures: "Sequence[Failure]") -> Table:
    table = Table("message", "what", "from", "age", "reason", box=None, header_style="dim", pad_edge=False)
    table.title, table.title_style, table.title_justify = f"\n{name}", "bold red", "left"
    for each in failures[:_SHOWN]:
        table.add_row(
            each.message_id[:8], escape(each.type), escape(each.source), _age(each.age_s), escape(each.reason or "")
        )
    if len(failures) > _SHOWN:
        table.add_row("…", f"[dim]{len(failures) - _SHOWN} more: see --json[/]")
    return table


def _show(done: "Sequence[Redriven]") -> None:
    table = Table("failures of", "redriven", "left", "under way", box=None, header_style="dim", pad_edge=False)
    for queue in done:
        style = "red" if queue.left else "green" if queue.redriven else "dim"
        table.add_row(queue.queue, str(queue.redriven), str(len(queue.left)), str(queue.under_way), style=style)
    out.print(table)
    for queue in done:
        if queue.left:
            out.print(_failures(queue.queue, queue.left))


def _age(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
