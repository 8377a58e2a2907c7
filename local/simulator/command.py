"""`delivery simulate`."""

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from local.commands.options import Json
from local.console import err, out, print_json, say
from local.problem import Problem

if TYPE_CHECKING:
    from local.platform import Platform
    from local.simulator.city import City

Orders = Annotated[int, typer.Option(min=1, max=5_000, help="How many orders are placed, one by each customer.")]
Drivers = Annotated[int, typer.Option(min=1, max=1_000, help="How many drivers are on duty.")]
Merchants = Annotated[int, typer.Option(min=1, max=1_000, help="How many merchants there are.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same city, and people who mean to do the same.")]
Speed = Annotated[
    float | None,
    typer.Option(
        min=0.01,
        max=1000,
        help="Simulated seconds per second. The platform is brought to the same time scale first. Default: its present "
        "time scale.",
    ),
]
Instance = Annotated[
    Path | None,
    typer.Option(
        help="Replay a real day instead of a generated city: a folder with orders.txt, couriers.txt, restaurants.txt "
        "and instance_parameters.txt, as the Meal Delivery Routing Problem has them.",
        show_default=False,
    ),
]
ReportFile = Annotated[
    Path | None, typer.Option("--report", help="Write the figures there as JSON.", show_default=False, dir_okay=False)
]


def simulate(
    orders: Orders = 60,
    drivers: Drivers = 20,
    merchants: Merchants = 12,
    seed: Seed = 1,
    speed: Speed = None,
    instance: Instance = None,
    report: ReportFile = None,
    json: Json = False,
) -> None:
    """Let a city's customers, merchants and drivers use the running platform, and count what came of it.

    Everybody signs in and goes through the public API. The figures come from the platform's own tables, its event log
    and the record of messages sent. Exits with 0 only if every order reached an end, every alert that was due went out
    exactly once, nothing was assigned twice and nothing failed.
    """
    from local.simulator.live import show_summary
    from local.simulator.run import run

    city = _city(instance, orders=orders, drivers=drivers, merchants=merchants, seed=seed)
    outcome = run(city, _platform(speed), speed=speed, console=err if json else out)
    if report:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json_text.dumps(outcome.as_json(), indent=2) + "\n")
    if json:
        print_json(outcome.as_json())
    else:
        show_summary(out, outcome)
    if outcome.problems():
        raise typer.Exit(1)


def _city(instance: Path | None, *, orders: int, drivers: int, merchants: int, seed: int) -> "City":
    from local.simulator import city
    from local.simulator.instance import InstanceError, read

    if instance is None:
        return city.generate(orders=orders, drivers=drivers, merchants=merchants, seed=seed)
    try:
        return read(instance)
    except InstanceError as error:
        raise Problem(str(error), "Give --instance a folder of the Meal Delivery Routing Problem.") from error


def _platform(speed: float | None) -> "Platform":
    """The running platform, its durations divided by `speed`."""
    from local.environment import running
    from local.environment.up import up
    from local.environment.workspace import Workspace

    platform = running.find()
    if speed is None or speed == platform.time_scale:
        return platform
    say(f"Bringing the platform from time scale {platform.time_scale:g} to {speed:g}")
    up(Workspace.here(), None, speed, say)
    return running.find()
