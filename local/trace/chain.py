"""Puts an order's events in order of cause. Pure: log lines in, a chain out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_NOT_A_REACTION = "event published"  # the producer's own line
_DECISION = "trip offered"  # a round's


@dataclass(frozen=True)
class LogLine:
    """One line that a function logged as JSON. at: seconds since 1970."""

    at: float
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Reaction:
    """What a consumer did with an event. after_s: seconds since the event occurred."""

    consumer: str
    outcome: str
    after_s: float
    reason: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Considered:
    """A driver who might have been asked instead. costs_more_s: by how many seconds of delay the whole plan would be
    worse with this one; None if that was not possible. because: what stood against it."""

    driver_id: str
    costs_more_s: float | None
    because: str


@dataclass(frozen=True)
class Decision:
    """Why a trip was offered to its driver. size: its deliveries. leaves_when_free: it is offered shortly before the
    driver's present trip ends."""

    driver_id: str
    decided: str
    size: int
    metres: int
    leaves_when_free: bool
    considered: tuple[Considered, ...]


@dataclass(frozen=True)
class Step:
    """One event. caused_by: the id of the event, or the name of the request or timer, that led to it. depth: how many
    events of this chain lead to it. offset_s: seconds since the order was placed. decision: an offer's."""

    event_id: str
    type: str
    producer: str
    sequence: int
    occurred_at: datetime
    offset_s: float
    caused_by: str
    depth: int
    reactions: tuple[Reaction, ...] = field(default=())
    decision: Decision | None = None


def chain(events: Iterable[Mapping[str, Any]], lines: Iterable[LogLine] = ()) -> list[Step]:
    """The events, each as EventBridge delivers it, as steps: each right after what caused it, siblings by time.

    An event that was published twice is one step. An event whose cause is not among them begins a chain of its own.
    """
    known = {event["detail"]["metadata"]["event_id"]: event for event in events}
    told = list(lines)
    reactions, decisions = _reactions(known, told), _decisions(told)
    children: dict[str | None, list[str]] = {}
    for event_id in sorted(known, key=lambda id_: _order(known[id_])):
        cause = known[event_id]["detail"]["metadata"]["causation_id"]
        children.setdefault(cause if cause in known and cause != event_id else None, []).append(event_id)
    began = _placed_at(known.values())
    return [
        _step(known[event_id], depth, began, reactions.get(event_id, ()), _decision_of(known[event_id], decisions))
        for event_id, depth in _walk(known, children)
    ]


def _walk(known: Mapping[str, Any], children: Mapping[str | None, list[str]]) -> Iterator[tuple[str, int]]:
    """Depth first, without recursion: an order that is offered often has a deep chain."""
    seen: set[str] = set()
    # Events that cause each other have no beginning; they are shown nevertheless, from the earliest on.
    for beginning in [*children.get(None, []), *sorted(known, key=lambda id_: _order(known[id_]))]:
        waiting = [(beginning, 0)]
        while waiting:
            event_id, depth = waiting.pop()
            if event_id in seen:
                continue
            seen.add(event_id)
            yield event_id, depth
            waiting += [(child, depth + 1) for child in reversed(children.get(event_id, []))]


def _order(event: Mapping[str, Any]) -> tuple[str, int, str]:
    metadata = event["detail"]["metadata"]
    return metadata["occurred_at"], metadata["sequence"], metadata["event_id"]


def _placed_at(events: Iterable[Mapping[str, Any]]) -> datetime:
    """When the order was placed, or the earliest moment there is if that event is not among them."""
    times = [(e["detail-type"].split(".v")[0] != "order.placed", _occurred(e)) for e in events]
    return min(times)[1] if times else datetime.min.replace(tzinfo=UTC)


def _occurred(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(event["detail"]["metadata"]["occurred_at"])


def _step(
    event: Mapping[str, Any], depth: int, began: datetime, reactions: Iterable[Reaction], decision: Decision | None
) -> Step:
    metadata = event["detail"]["metadata"]
    at = _occurred(event)
    return Step(
        event_id=metadata["event_id"],
        type=event["detail-type"],
        producer=event["source"].removeprefix("delivery."),
        sequence=metadata["sequence"],
        occurred_at=at,
        offset_s=round((at - began).total_seconds(), 3),
        caused_by=metadata["causation_id"],
        depth=depth,
        reactions=tuple(reactions),
        decision=decision,
    )


def _decision_of(event: Mapping[str, Any], decisions: Mapping[str, Decision]) -> Decision | None:
    if not event["detail-type"].startswith("delivery.offered."):
        return None
    return decisions.get(event["detail"]["data"].get("offer", {}).get("offer_id", ""))


def _decisions(lines: Iterable[LogLine]) -> dict[str, Decision]:
    """By the offer's id."""
    return {
        str(line.content["offer_id"]): Decision(
            driver_id=str(line.content["driver_id"]),
            decided=str(line.content.get("decided", "")),
            size=int(line.content.get("size", 1)),
            metres=int(line.content.get("metres", 0)),
            leaves_when_free=bool(line.content.get("leaves_when_free")),
            considered=tuple(Considered(**each) for each in line.content.get("considered", ())),
        )
        for line in lines
        if line.content.get("message") == _DECISION
    }


def _reactions(known: Mapping[str, Mapping[str, Any]], lines: Iterable[LogLine]) -> dict[str, list[Reaction]]:
    """By event id, in order of time."""
    found: dict[str, list[Reaction]] = {}
    for line in sorted(lines, key=lambda line: line.at):
        event = known.get(str(line.content.get("event_id")))
        if event is None or line.content.get("message") == _NOT_A_REACTION:
            continue
        content = line.content
        found.setdefault(str(content["event_id"]), []).append(
            Reaction(
                consumer=str(content.get("service", "?")).removeprefix("delivery-"),
                outcome=str(content.get("outcome") or content.get("message", "?")),
                after_s=round(line.at - _occurred(event).timestamp(), 3),
                reason=content.get("reason"),
                channel=content.get("channel"),
            )
        )
    return found
