"""`delivery contracts`: what a change of the events breaks, what is released, and what is made of the models."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from local.commands.options import Json
from local.console import out, print_json

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
