"""`delivery`: the platform from the command line."""

import sys
from collections.abc import Sequence

import typer

from local.commands import alerts, contracts, environment, failures, partners, trace
from local.console import err
from local.problem import Problem
from local.simulator import command as simulator

app = typer.Typer(
    help="The delivery platform on this machine: run it, simulate a city on it, look into it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command()(environment.up)
app.command()(environment.down)
app.command()(environment.status)
app.command()(simulator.simulate)
app.command()(trace.trace)
app.command()(alerts.alerts)
app.add_typer(failures.app, name="failures")
app.add_typer(contracts.app, name="contracts")
app.add_typer(partners.app, name="partners")


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command. Exits with 0 if it did what was asked, 1 if not, 2 if it was asked wrongly."""
    try:
        app(args=arguments)
    except Problem as problem:
        _tell(problem)
        sys.exit(1)
    except Exception as error:
        if not _is_of_aws(error):
            raise
        _tell(Problem(str(error), "With --aws, credentials and region are those of this shell."))
        sys.exit(1)


def _is_of_aws(error: Exception) -> bool:
    """Whether AWS refused, or could not be asked. By name: loading botocore costs more than most commands."""
    return type(error).__module__.partition(".")[0] == "botocore"


def _tell(problem: Problem) -> None:
    err.print(f"[red]✗[/] [bold]{_escape(problem.what)}[/]")
    if problem.remedy:
        err.print(f"  {_escape(problem.remedy)}")


def _escape(text: str) -> str:
    from rich.markup import escape

    return escape(text)


if __name__ == "__main__":
    main()
