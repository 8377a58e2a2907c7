"""Records samples from the event log of the platform on this machine. There is no way to record from AWS: what is there
is real."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from local.contracts import samples, scenario
from local.environment import running
from local.environment.workspace import ROOT
from local.problem import Problem
from local.simulator.event_log import EventLog


@dataclass(frozen=True)
class Recorded:
    """recorded: how many samples of each type. missing: the types that nobody published."""

    recorded: Mapping[str, int]
    missing: tuple[str, ...]


def record(hours: float, *, play: bool, say: Callable[[str], None]) -> Recorded:
    """Raises Problem when an event holds what might be personal; then nothing is written."""
    platform = running.find()
    if play:
        say("Playing what a city seldom does")
        asyncio.run(scenario.play(platform))
    events = EventLog(platform.aws.client("logs")).since(datetime.now(UTC) - timedelta(hours=hours))
    chosen = samples.choose(events)
    wrong = {
        f"{name}: {path}" for name, found in chosen.items() for detail in found for path in samples.suspicious(detail)
    }
    if wrong:
        raise Problem(
            "\n".join(["Events hold texts that might be personal:", *(f"  {line}" for line in sorted(wrong))]),
            "Nothing was written. See `local/contracts/samples.py` for what is allowed.",
        )
    samples.write(ROOT, chosen)
    return Recorded({name: len(found) for name, found in chosen.items()}, tuple(samples.missing(chosen)))
