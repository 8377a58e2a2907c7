"""`delivery trace`."""

import time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.tree import Tree

from local.commands.options import Json, OnAws
from local.console import out, print_json

if TYPE_CHECKING:
    from local.trace.chain import Decision, Reaction, Step
    from local.trace.reading import Trace

_COLOURS = {"applied": "green", "SENT": "green", "failed": "red", "FAILED": "red", "retry": "yellow"}


def trace(
    order_id: Annotated[str, typer.Argument(help="The order's id, or the beginning of it.", show_default=False)],
    days: Annotated[float, typer.Option(min=0.01, help="How far to look back.")] = 14,
    aws: OnAws = False,
    json: Json = False,
) -> None:
    """Show an order's whole chain of events in order of cause, and what each consumer did with each."""
    from local.environment import running
    from local.trace.reading import trace as read

    found = read(running.cloud(on_aws=aws), order_id, since=time.time() - days * 86400)
    if json:
        print_json(found)
    else:
        out.print(_tree(found))


def _tree(found: "Trace") -> Tree:
    took = max(step.offset_s for step in found.steps)
    tree = Tree(
        f"[bold]order {found.order_id}[/]  [dim]{len(found.steps)} events in {took:.1f} s[/]", guide_style="dim"
    )
    branches: list[Tree] = []
    for step in found.steps:
        del branches[step.depth :]
        parent = branches[-1] if branches else tree.add(_cause(step))
        branches.append(parent.add(_label(step)))
    return tree


def _cause(step: "Step") -> str:
    kind, _, name = step.caused_by.partition(":")
    return f"[dim]{escape(f'{kind} {name}' if name else f'event {kind}')}[/]"


def _label(step: "Step") -> str:
    clock = step.occurred_at.strftime("%H:%M:%S.%f")[:-3]
    when = f"[dim]{clock}[/] {step.offset_s:+9.3f} s"
    head = f"{when}  [bold]{step.type}[/]  [cyan]{step.producer}[/] [dim]#{step.sequence}[/]"
    why = _decision(step.decision) if step.decision else []
    return "\n".join([head, *why, *(f"  {_reaction(reaction)}" for reaction in step.reactions)])


def _decision(decision: "Decision") -> list[str]:
    trip = f"{decision.size} to deliver, {decision.metres} m"
    when = ", when free" if decision.leaves_when_free else ""
    lines = [f"  to driver {escape(decision.driver_id)} [dim]({trip}{when})[/]: {escape(decision.decided)}"]
    for each in decision.considered:
        more = "cannot" if each.costs_more_s is None else f"{each.costs_more_s:+.0f} s in all"
        lines.append(f"  [dim]instead {escape(each.driver_id)}: {more}, {escape(each.because)}[/]")
    return lines


def _reaction(reaction: "Reaction") -> str:
    colour = _COLOURS.get(reaction.outcome, "dim")
    reason = f" [dim]({escape(reaction.reason)})[/]" if reaction.reason else ""
    outcome = f"[{colour}]{escape(reaction.outcome)}[/]{reason}"
    return f"[dim]→[/] {reaction.consumer} {outcome} [dim]{reaction.after_s:.3f} s later[/]"
