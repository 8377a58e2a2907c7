"""The planner on real days, against rivals.

usage: python -m benchmarks.dispatch INSTANCE… [--report FILE] [--decisions DIR] [--track TRACK] [--seed N]

INSTANCE is a folder with orders.txt and the others (local.simulator.instance_files), or a folder of such folders. Each
day is played minute by minute (clock.py), by the planner and by two rivals, and judged (referee.py). Decisions are
written to DIR/<instance>.tsv, the rivals' to DIR/<rival>/<instance>.tsv: minute, courier, orders (comma separated, in
drop-off order). FILE gets all figures as JSON; beside it are two pictures, FILE-click-to-door.svg and
FILE-one-hour.svg. Exits with 1 if any decision of the planner broke a rule.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.dispatch.clock import TRACKS, Decision, Dispatcher, Track, run
from benchmarks.dispatch.pictures import click_to_door, one_hour
from benchmarks.dispatch.planned import Planned
from benchmarks.dispatch.referee import Figures, judge
from benchmarks.dispatch.rivals import Greedy, Matcher
from local.simulator.instance_files import Day, InstanceError, read
from services.dispatch.planner.model import Settings

RIVALS: dict[str, Callable[[Day], Dispatcher]] = {"greedy": Greedy, "matcher": Matcher}
PLANNER = "planner"
COLUMNS = ("day", "by", "orders", "A", "undelivered", "over 90", "p95", "$/order", "a trip", "violations", "round p95")


@dataclass(frozen=True)
class Played:
    """One day by one dispatcher. `rounds_ms`: how long its decisions took, sorted; of the planner alone."""

    day: str
    by: str
    figures: Figures
    decisions: tuple[Decision, ...]
    rounds_ms: tuple[float, ...] = ()


def play(folder: Path, track: Track, seed: int) -> list[Played]:
    """The day by each dispatcher, the planner first."""
    day = read(folder)
    planned = Planned(day, Settings(seed=seed))
    played = [_play(day, PLANNER, planned, track)]
    rounds = tuple(sorted(1000 * each for each in planned.rounds))
    played[0] = replace(played[0], rounds_ms=rounds)
    return played + [_play(day, name, rival(day), track) for name, rival in RIVALS.items()]


def _play(day: Day, by: str, dispatcher: Dispatcher, track: Track) -> Played:
    decisions = run(day, dispatcher, track)
    return Played(day.name, by, judge(day, decisions), tuple(decisions))


def instances(given: Sequence[Path]) -> list[Path]:
    """The instance folders, and those in folders of such folders."""
    found: list[Path] = []
    for folder in given:
        below = sorted(each.parent for each in folder.glob("*/orders.txt")) if folder.is_dir() else []
        found += below or [folder]
    return found


def table(played: Sequence[Played]) -> str:
    lines = [COLUMNS, *(_cells(each.day, each.by, [each]) for each in played)]
    by_dispatcher = {by: [each for each in played if each.by == by] for by in (PLANNER, *RIVALS)}
    lines += [_cells("mean", by, days) for by, days in by_dispatcher.items()]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _cells(day: str, by: str, of: Sequence[Played]) -> tuple[str, ...]:
    """Means, but for what is counted: orders, undelivered, over 90 and violations are sums."""
    figures = [each.figures for each in of]
    rounds = sorted(each for played in of for each in played.rounds_ms)
    return (
        day,
        by,
        str(sum(each.orders for each in figures)),
        f"{_mean([each.avoidable for each in figures]):.2f}",
        str(sum(each.undelivered for each in figures)),
        str(sum(each.over_90 for each in figures)),
        f"{_mean([each.p95 for each in figures]):.1f}",
        f"{_mean([each.cost_per_order for each in figures]):.2f}",
        f"{_mean([each.orders_per_trip for each in figures]):.2f}",
        str(sum(len(each.violations) for each in figures)),
        f"{rounds[int(0.95 * len(rounds))]:.0f} ms" if rounds else "",
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def write_decisions(folder: Path, played: Sequence[Played]) -> None:
    for each in played:
        file = (folder if each.by == PLANNER else folder / each.by) / f"{each.day}.tsv"
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{made.minute}\t{made.courier}\t{','.join(made.orders)}" for made in each.decisions]
        file.write_text("\n".join(["minute\tcourier\torders", *lines]) + "\n", encoding="utf-8")


def write_report(file: Path, played: Sequence[Played], folders: Sequence[Path], track: Track) -> None:
    days = [{"day": each.day, "by": each.by, **asdict(each.figures)} for each in played]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"track": asdict(track), "days": days}, indent=1), encoding="utf-8")
    by_dispatcher: dict[str, list[float]] = {}
    for each in played:
        by_dispatcher.setdefault(each.by, []).extend(each.figures.click_to_door)
    file.with_name(f"{file.stem}-click-to-door.svg").write_text(click_to_door(by_dispatcher), encoding="utf-8")
    first = next(each for each in played if each.by == PLANNER)
    picture = one_hour(read(folders[0]), first.decisions)
    file.with_name(f"{file.stem}-one-hour.svg").write_text(picture, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", nargs="+", type=Path, metavar="INSTANCE")
    parser.add_argument("--report", type=Path, metavar="FILE")
    parser.add_argument("--decisions", type=Path, metavar="DIR")
    parser.add_argument("--track", choices=TRACKS, default="official")
    parser.add_argument("--seed", type=int, default=0, help="of the planner's search and of the track's chances")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="days played at the same time")
    given = parser.parse_args()
    track = replace(TRACKS[given.track], seed=given.seed)
    folders = instances(given.instances)
    try:
        for folder in folders:
            read(folder)
    except InstanceError as error:
        parser.error(str(error))
    count = len(folders)
    with ProcessPoolExecutor(given.processes) as pool:
        days = pool.map(play, folders, [track] * count, [given.seed] * count)
        played = [each for day in days for each in day]
    print(table(played))
    if given.decisions:
        write_decisions(given.decisions, played)
    if given.report:
        write_report(given.report, played, folders, track)
    sys.exit(any(each.figures.violations for each in played if each.by == PLANNER))


if __name__ == "__main__":
    main()
