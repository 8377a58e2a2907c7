"""`delivery up`, `delivery down`, `delivery status`."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from local.commands.options import Json
from local.console import out, print_json, say

if TYPE_CHECKING:
    from local.environment.status import Status

Port = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65533,
        help="The local cloud's port; the GraphQL API and the pages take the next two. Default: as before, or 4566.",
    ),
]
TimeScale = Annotated[
    float | None,
    typer.Option(
        min=0.01,
        max=1000,
        help="Divides every duration of the platform: at 20 a minute takes 3 s. Default: as before, or 20.",
    ),
]


def up(port: Port = None, time_scale: TimeScale = None, json: Json = False) -> None:
    """Start the platform on this machine and deploy what has changed."""
    from local.environment.up import up as bring_up
    from local.environment.workspace import Workspace

    ready = bring_up(Workspace.here(), port, time_scale, say)
    if json:
        print_json(ready)
        return
    news = "Everything is deployed" if ready.deployed else "Nothing has changed"
    out.print(
        f"[green]✓[/] {news}; ready after {ready.seconds:.1f} s, {ready.time_scale:g} times as fast as real time."
    )
    out.print(f"  pages        {ready.pages_url}")
    out.print(f"  GraphQL API  {ready.graphql_url}")
    out.print(f"  local cloud  {ready.cloud_url}")


def down(
    purge: Annotated[bool, typer.Option("--purge", help="Also delete what it keeps: tables, users, logs.")] = False,
    json: Json = False,
) -> None:
    """Stop the platform on this machine. What it keeps is there again after the next `up`."""
    from local.environment.down import down as bring_down
    from local.environment.workspace import Workspace

    stopped = bring_down(Workspace.here(), purge=purge)
    if json:
        print_json(stopped)
        return
    out.print(f"[green]✓[/] {'Stopped: ' + ', '.join(stopped.stopped) if stopped.stopped else 'Nothing was running'}.")
    if stopped.killed:
        out.print(f"  Killed, as they did not end by themselves: {', '.join(map(str, stopped.killed))}")
    if purge:
        out.print("  What it kept is deleted.")


def status(json: Json = False) -> None:
    """Show what runs, what is deployed and what waits in the queues. Exits with 1 when the platform is not up."""
    from local.environment.status import status as look
    from local.environment.workspace import Workspace

    found = look(Workspace.here())
    if json:
        print_json({"up": found.up, **_plain(found)})
    else:
        _show(found)
    if not found.up:
        raise typer.Exit(1)


def _plain(found: "Status") -> dict[str, object]:
    from dataclasses import asdict

    return asdict(found)


def _show(found: "Status") -> None:
    out.print(
        "[green]✓ The platform is up.[/]"
        if found.up
        else "[red]✗ The platform is not up.[/] Start it with `delivery up`."
    )
    if found.time_scale and found.up:
        out.print(f"  {found.time_scale:g} times as fast as real time")
    for server in found.servers:
        state = "[dim]not running[/]"
        if server.running:
            state = f"{server.url}  process {server.pid}, up {_duration(server.uptime_s or 0)}"
        out.print(f"  {server.name:<8} {state}" + (f"  [red]{server.ailment}[/]" if server.ailment else ""))
    for stack in found.stacks:
        out.print(f"  {'[green]✓[/]' if stack.complete else '[red]✗[/]'} {stack.name}  [dim]{stack.status}[/]")
    if found.queues:
        out.print(_queues(found))
    if failed := sum(queue.waiting + queue.in_flight for queue in found.queues if queue.holds_failures):
        out.print(f"[red]{failed} messages failed:[/] see `delivery failures list`.")


def _queues(found: "Status") -> Table:
    table = Table("queue", "waiting", "in flight", "delayed", box=None, header_style="dim", pad_edge=False)
    for queue in found.queues:
        red = "red" if queue.holds_failures and queue.waiting + queue.in_flight else None
        table.add_row(queue.name, str(queue.waiting), str(queue.in_flight), str(queue.delayed), style=red)
    return table


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
