"""`delivery contracts`: what a change of the events breaks, what is released, and what is made of the models."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from local.commands.options import Json
from local.console import out, print_json, say

if TYPE_CHECKING:
    from local.contracts.gate import Verdict

app = typer.Typer(help="The events' contracts: what a change breaks, and what is made of them.", no_args_is_help=True)

Base = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="REV",
        help="Also hold against a git revision's releases and schemas, such as origin/main.",
        show_default=False,
    ),
]


@app.command()
def diff(base: Base = None, json: Json = False) -> None:
    """Hold the events' models against every released contract. Exits with 1 when a change breaks somebody.

    A published type may only gain optional fields: whatever was released stays readable, both ways. Each line says what
    breaks, and which registered consumers read that field.
    """
    from local.contracts.present import verdict

    found = verdict(base)
    if json:
        print_json(found.as_json())
    else:
        _show(found)
    if not found.compatible:
        raise typer.Exit(1)


def _show(found: "Verdict") -> None:
    for each in found.safe:
        out.print(f"[green]+[/] {escape(str(each))}")
    for name in found.new_types:
        out.print(f"[green]+[/] {name}: a new type")
    for each in found.breaking:
        out.print(f"[red]✗[/] {escape(str(each))}")
    if found.breaking:
        out.print(
            "  What is published stays as it is. Add an optional field, or publish a new major version beside it."
        )
    else:
        out.print(f"[green]✓[/] The events keep every promise of {', '.join(found.releases)}.")


@app.command()
def release(json: Json = False) -> None:
    """Write down the present contracts as released, under the version in events/pyproject.toml.

    From then on they are promised. Refuses what breaks an earlier release.
    """
    from local.contracts.present import release as write

    version, types = write()
    if json:
        print_json({"version": version, "types": types})
    else:
        out.print(f"[green]✓[/] {version}: {', '.join(types)}")


@app.command()
def record(
    play: Annotated[
        bool,
        typer.Option(help="First play what a city seldom does; it takes as long as dispatch looks for a driver."),
    ] = True,
    hours: Annotated[float, typer.Option(min=0.01, max=24, help="How far to look back in the event log.")] = 2,
    json: Json = False,
) -> None:
    """Record samples of every event type from the local platform's event log, after `delivery simulate`.

    Only what the platform published itself, and nothing that might be personal: an event with a text that looks like
    anything else than an id, a moment or a name of the platform's own is refused. Exits with 1 while a type was not
    published; its earlier samples stay.
    """
    from local.contracts.recording import record as record_

    found = record_(hours, play=play, say=say)
    if json:
        print_json(found)
    else:
        out.print(f"[green]✓[/] {sum(found.recorded.values())} samples of {len(found.recorded)} types")
        for name in found.missing:
            out.print(f"[red]✗[/] {name} was not published: simulate a larger city, or another seed")
    if found.missing:
        raise typer.Exit(1)


@app.command()
def build(
    folder: Annotated[Path, typer.Option("--out", file_okay=False, help="Where to.")] = Path("dist/contracts"),
    json: Json = False,
) -> None:
    """Write what is made of the events' models for others than Python programs.

    An AsyncAPI 3 document, a folder for EventCatalog, the mapping to CloudEvents 1.0, TypeScript types, and a
    CloudFormation template of EventBridge's schema registry. For partners, the types and JSON Schemas of what they are
    sent.
    """
    from local.contracts.build.everything import build as build_

    files = build_(folder)
    if json:
        print_json({"folder": str(folder), "files": files})
        return
    folders = ("eventcatalog", "partners")
    for name in files:
        if not name.startswith(folders):
            out.print(f"[green]✓[/] {folder / name}")
    for each in folders:
        count = sum(name.startswith(f"{each}/") for name in files)
        out.print(f"[green]✓[/] {folder / each}  [dim]{count} files[/]")
