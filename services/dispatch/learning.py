"""What the table learns: how merchants keep their word, how long ways take, where orders come from.

All of it counts in real seconds. A sample is told apart by the delivery it is of, so that an event that comes twice
counts once.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from services.dispatch.legs import Legs
from services.dispatch.planner.demand import DemandSeen
from services.dispatch.planner.estimates import STRANGER, Readiness
from services.dispatch.planner.model import Spot
from services.dispatch.rows import Rows
from services.dispatch.writes import Item, area_key, readiness_key

REMEMBERED = 20  # samples by which a repeated one is known
ATTEMPTS = 5

Learnt = TypeVar("Learnt", Readiness, Legs)


@dataclass(frozen=True)
class Area:
    """What is learnt of a zone: of its ways, by vehicle, and of where its orders come from."""

    legs: Mapping[str, Legs] = field(default_factory=dict)
    demand: DemandSeen = field(default_factory=DemandSeen)


class Learning(Rows):
    def readiness(self, merchant_id: str, zone: str) -> Readiness:
        """How the merchant's food is ready after the moment the merchant gave. Of one not known yet, what is usual in
        its zone."""
        known = self._get(readiness_key(merchant_id))
        if known:
            return read(known, STRANGER)
        return read(self._get(area_key(zone, "READINESS")) or {}, STRANGER).of_others()

    def learn_readiness(self, merchant_id: str, zone: str, said_s: float, late_s: float, *, of: str) -> None:
        """How long the merchant said it would take, and how much later it was ready."""
        first = self.readiness(merchant_id, zone)
        self._learn(readiness_key(merchant_id), first, lambda known: known.observed(said_s, late_s), of)
        self._learn(area_key(zone, "READINESS"), STRANGER, lambda known: known.observed(said_s, late_s), of)

    def learn_leg(self, zone: str, vehicle: str, metres: float, seconds: float, *, of: str) -> None:
        """From the pick-up in the zone to the first drop-off, with a vehicle."""
        self._learn(area_key(zone, f"LEGS#{vehicle}"), Legs(), lambda known: known.after(metres, seconds), of)

    def keep_demand(self, zone: str, demand: DemandSeen) -> bool:
        """Only the zone's round writes it, one at a time."""
        counts = [[spot.x, spot.y, round(count, 4)] for spot, count in demand.counts.items()]
        return self._update(
            area_key(zone, "DEMAND"),
            "SET seen_until = :at, counts = :counts",
            "attribute_not_exists(seen_until) OR seen_until <= :at",
            {":at": demand.at, ":counts": counts},
        )

    def _learn(self, key: Item, start: Learnt, after: Callable[[Learnt], Learnt], of: str) -> None:
        """Count a sample in, once for each delivery `of`. Where others keep writing it is left out: a sample more or
        less is not worth doing all of a change again."""
        for _ in range(ATTEMPTS):
            row = self._get(key) or {}
            seen: list[str] = row.get("seen", [])
            if of in seen:
                return
            values = asdict(after(read(row, start))) | {"seen": [*seen, of][-REMEMBERED:]}
            if self._replace(key, row.get("version", 0), values):
                return

    def _replace(self, key: Item, version: int, values: dict[str, Any]) -> bool:
        stored = {f":{name}": round(value, 6) if isinstance(value, float) else value for name, value in values.items()}
        return self._update(
            key,
            f"SET {', '.join(f'#{name} = :{name}' for name in values)}, version = :version",
            "version = :before" if version else "attribute_not_exists(version)",
            stored | {":version": version + 1} | ({":before": version} if version else {}),
        )


def read(row: Item, start: Learnt) -> Learnt:
    """The estimate that a row holds; `start` if there is none, or it is one of a release that learnt something else."""
    names = [each.name for each in fields(start)]
    return type(start)(**{name: row[name] for name in names}) if all(name in row for name in names) else start


def area(rows: list[Item]) -> Area:
    """Out of all rows of one zone."""
    legs = {row["sk"].removeprefix("LEGS#"): read(row, Legs()) for row in rows if row["sk"].startswith("LEGS#")}
    demand = [row for row in rows if row["sk"] == "DEMAND"]
    if not demand:
        return Area(legs)
    counts = {Spot(x, y): count for x, y, count in demand[0]["counts"]}
    return Area(legs, DemandSeen(demand[0]["seen_until"], counts))
