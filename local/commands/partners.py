"""`delivery partners …`."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from local.commands.options import Json, OnAws
from local.console import out, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.partners.log import Delivery
    from local.partners.standing import Stands

app = typer.Typer(help="Partners: who is sent which events, how they stand, and the way back.", no_args_is_help=True)
secret = typer.Typer(help="The keys that webhooks are signed with.", no_args_is_help=True)
app.add_typer(secret, name="secret")

Name = Annotated[str, typer.Argument(metavar="PARTNER", help="As its file in infra/partners is called.")]
_MOMENT = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]
_COLOURS = {"DELIVERED": "green", "FAILED": "red", "HELD": "yellow", "WAITING": "yellow"}


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="PARTNER", help="2 to 30 of a-z, 0-9 and -.")],
    merchant: Annotated[list[str], typer.Option(help="Whose events it gets; may be given again.")],
    event: Annotated[list[str], typer.Option(help="A type that it gets, such as order.completed.v1.")],
    webhook: Annotated[str | None, typer.Option(help="Where webhooks are sent: a URL.")] = None,
    eventbridge: Annotated[str | None, typer.Option(help="The partner's event bus: an ARN.")] = None,
    sqs: Annotated[str | None, typer.Option(help="The AWS account that reads a queue kept for it.")] = None,
    stage: Annotated[list[str] | None, typer.Option(help="Where: local, dev, prod. Default: dev and prod.")] = None,
    json: Json = False,
) -> None:
    """Write a partner's file, infra/partners/PARTNER.yaml. The next deployment makes what it says."""
    from local.partners import new_file

    ways = {"webhook": webhook, "eventbridge": eventbridge, "sqs": {"account": sqs} if sqs else None}
    given = [(way, value) for way, value in ways.items() if value]
    if len(given) != 1:
        raise typer.BadParameter("Give exactly one of --webhook, --eventbridge and --sqs.")
    path = new_file.write(name, merchants=merchant, events=event, way=given[0], stages=stage or ["dev", "prod"])
    if json:
        print_json({"file": str(path)})
        return
    out.print(f"[green]✓[/] {path}")
    out.print("  Say in it which fields the partner reads. Then deploy: delivery up, or make deploy-partners.")
    if webhook:
        out.print(f"  Its first key: delivery partners secret rotate {name}")


@app.command("list")
def list_(aws: OnAws = False, json: Json = False) -> None:
    """Show every partner that is deployed, and how it stands."""
    from local.environment import running
    from local.partners import standing

    found = standing.all_of(running.cloud(on_aws=aws))
    if json:
        print_json([vars(each) for each in found])
        return
    out.print(_partners(found) if found else "[dim]There is no partner: see delivery partners add[/]")


@app.command()
def disable(name: Name, aws: OnAws = False, json: Json = False) -> None:
    """Send a partner nothing more. What it would have been sent is kept for a replay."""
    from local.environment import running
    from local.partners import standing

    cloud = running.cloud(on_aws=aws)
    changed = standing.disable(cloud, standing.named(cloud, name), datetime.now(UTC))
    _say(name, "disabled", changed, json=json)


@app.command()
def enable(name: Name, aws: OnAws = False, json: Json = False) -> None:
    """Send a partner events again. What was kept meanwhile goes out by `replay --undelivered`."""
    from local.environment import running
    from local.partners import standing

    cloud = running.cloud(on_aws=aws)
    changed = standing.enable(cloud, standing.named(cloud, name), datetime.now(UTC))
    _say(name, "enabled", changed, json=json)


@secret.command()
def rotate(
    name: Name,
    kind: Annotated[str, typer.Option(help="v1, a shared secret, or v1a, an ed25519 key pair.")] = "v1",
    keep_hours: Annotated[
        float, typer.Option(min=0, max=24 * 30, help="For how long the keys that it replaces sign too.")
    ] = 24,
    aws: OnAws = False,
    json: Json = False,
) -> None:
    """Make a new key and print it, once. Until the old one ends, every webhook carries both signatures."""
    from local.environment import running
    from local.partners import keys, standing
    from local.problem import Problem

    if kind not in ("v1", "v1a"):
        raise typer.BadParameter(f"{kind!r} is no kind; allowed are v1 and v1a.")
    cloud = running.cloud(on_aws=aws)
    if (there := standing.named(cloud, name).kind) != "webhook":
        raise Problem(f"{name} is sent no webhooks but has {there}.", "Only webhooks are signed.")
    done = keys.rotate(
        cloud.client("ssm"),
        name,
        "v1" if kind == "v1" else "v1a",
        keep=timedelta(hours=keep_hours),
        now=datetime.now(UTC),
    )
    if json:
        print_json(done)
        return
    out.print(done.key, markup=False)
    old = f"; the old one signs too until {done.old_until}" if done.old_until else ""
    out.print(f"[dim]It signs within a minute{old}. It is shown this once.[/]")


@app.command()
def deliveries(
    name: Name,
    state: Annotated[str | None, typer.Option(help="Only QUEUED, WAITING, HELD, DELIVERED or FAILED.")] = None,
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest.")] = 50,
    aws: OnAws = False,
    json: Json = False,
) -> None:
    """Show what a partner was sent in the last 32 days, and what became of it."""
    from local.environment import running
    from local.partners import log, standing

    cloud = running.cloud(on_aws=aws)
    found = log.latest(cloud, standing.named(cloud, name).name, last, state=state)
    if json:
        print_json([vars(each) for each in found])
        return
    out.print(_deliveries(found))
    out.print(f"[dim]{len(found)} deliveries[/]")


@app.command()
def replay(
    name: Name,
    event_ids: Annotated[list[str] | None, typer.Argument(metavar="[EVENT_ID]...", help="Up to 100.")] = None,
    start: Annotated[
        datetime | None,
        typer.Option("--from", formats=_MOMENT, help="When the first happened, UTC."),
    ] = None,
    end: Annotated[
        datetime | None,
        typer.Option("--to", formats=_MOMENT, help="When the last happened; default: now."),
    ] = None,
    undelivered: Annotated[bool, typer.Option("--undelivered", help="Only what was not delivered.")] = False,
    aws: OnAws = False,
    json: Json = False,
) -> None:
    """Send a partner events once more, by id or by when they happened. Each names the replay it belongs to."""
    from local.environment import running
    from local.partners import log, standing

    if bool(event_ids) == (start is not None) or (end and not start) or len(event_ids or ()) > 100:
        raise typer.BadParameter("Give up to 100 event ids, or --from and perhaps --to.")
    now = datetime.now(UTC)
    if start and (end.replace(tzinfo=UTC) if end else now) < start.replace(tzinfo=UTC):
        raise typer.BadParameter(f"--from is after {'--to' if end else 'now'}.")
    cloud = running.cloud(on_aws=aws)
    replay_id = log.replay(
        cloud,
        standing.named(cloud, name).name,
        event_ids=event_ids or (),
        start=start.replace(tzinfo=UTC) if start else None,
        end=end.replace(tzinfo=UTC) if end else None,
        undelivered=undelivered,
        now=now,
    )
    if json:
        print_json({"replay_id": replay_id})
        return
    out.print(f"[green]✓[/] Replay {replay_id} is under way: delivery partners deliveries {name}")


def _say(name: str, state: str, changed: bool, *, json: bool) -> None:
    if json:
        print_json({"partner": name, "changed": changed})
    else:
        out.print(f"[green]✓[/] {name} is {state}{'' if changed else ', as it was'}.")


def _partners(found: "Sequence[Stands]") -> Table:
    table = Table("partner", "by", "merchants", "events", "status", box=None, header_style="dim", pad_edge=False)
    for each in found:
        notes = [each.reason or "", f"{each.failures} failures" if each.failures else ""]
        notes += ["no key: see secret rotate"] if each.has_keys is False else []
        colour = "red" if each.status == "DISABLED" else "yellow" if any(notes) else "green"
        status = f"[{colour}]{each.status}[/] [dim]{' '.join(filter(None, notes))}[/]"
        table.add_row(each.name, each.kind, str(len(each.merchants)), str(len(each.events)), status)
    return table


def _deliveries(found: "Sequence[Delivery]") -> Table:
    table = Table("happened", "event", "of", "#", "state", "tries", "why", box=None, header_style="dim", pad_edge=False)
    for each in found:
        state = f"[{_COLOURS.get(each.state, 'dim')}]{each.state}[/]"
        more = f"replay {each.replay_id[:8]} " if each.replay_id else ""
        table.add_row(
            f"[dim]{each.occurred_at[:10]}[/] {each.occurred_at[11:23]}",
            each.type,
            each.aggregate_id[:8],
            str(each.sequence),
            state,
            str(each.attempts),
            escape(more + (each.problem or "")),
        )
    return table
