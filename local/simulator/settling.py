"""Waits until the platform has come to rest after a run: the last events are still on their way to their consumers."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from local.simulator.evidence import Records, Run
from local.simulator.report import Report, count

_PAUSE = 2.0  # wall seconds between looks
_ON_ITS_WAY = 60.0  # wall seconds after which what is missing is missing
# A message whose handler failed is hidden for 180 s, and then tried again. What that try settles was no failure.
_TRIED_AGAIN = 200.0
_AFTERWARDS = 20.0  # wall seconds for what such a try brings about
_LOOKS = 10  # what lies in a queue at each of so many looks in a row is stuck there


def settled(
    run: Run,
    look: Callable[[], Records],
    *,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """The report once nothing is missing or under way, or as it stands when waiting longer would not help."""
    began, patience = monotonic(), _ON_ITS_WAY
    queues: deque[Mapping[str, int]] = deque(maxlen=_LOOKS)
    while True:
        records = look()
        queues.append(records.unhandled)
        report = count(replace(run, ended=datetime.now(UTC)), replace(records, unhandled=stuck(queues)))
        waited = monotonic() - began
        if report.messages_unhandled and waited < _TRIED_AGAIN:
            patience = max(patience, waited + _AFTERWARDS)
        if _at_rest(report, records) or waited >= patience:
            return report
        sleep(_PAUSE)


def stuck(looks: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """How many messages each queue held at every one of these looks. A sweep or a timer that is just being handled
    fills a queue for one look, a message that nobody can handle for all of them."""
    queues = list(looks)
    return {name: min(queue.get(name, 0) for queue in queues) for name in queues[-1]}


def _at_rest(report: Report, records: Records) -> bool:
    return not any(
        (
            any(records.unhandled.values()),
            report.last_events_missing,
            report.deliveries_unfinished,
            report.alerts_missing,
            report.alerts_unexpected,  # sent for an event that the log may still be about to tell of
        )
    )
