"""What the table learns: how merchants keep their word, how long ways take, where orders come from.

All of it counts in real seconds. A sample is told apart by the delivery it is of, so that an event that comes twice
counts once.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from operator import itemgetter
from typing import Any, TypeVar

from services.dispatch.legs import Legs
from services.dispatch.planner.demand import DemandSeen
from services.dispatch.planner.model import Spot
from services.dispatch.planner.readiness import Kitchen, Readiness, Usual
from services.dispatch.rows import Rows
from services.dispatch.writes import Item, area_key, readiness_key

REMEMBERED = 20  # samples by which a repeated one is known
FORGOTTEN_S = 3600.0  # what was to be ready so long before is not waited for
ATTEMPTS = 5

Learnt = TypeVar("Learnt", Kitchen, Usual, Legs)


@dataclass(frozen=True)
class Area:
    """What is learnt of a zone: of its ways, by vehicle, and of where its orders come from."""

    legs: Mapping[str, Legs] = field(default_factory=dict)
    demand: DemandSeen = field(default_factory=DemandSeen)


class Learning(Rows):
    def readiness(self, merchant_id: str, zone: str) -> Readiness:
        """What is known of when the merchant's food is ready, and of what is usual in its zone."""
        known, row = self._known(merchant_id, zone)
        for said_s, at_s in sorted(_waiting(row).values(), key=itemgetter(1)):
            known = known.hearing(said_s, at_s)
        return known

    def _known(self, merchant_id: str, zone: str) -> tuple[Readiness, Item]:
        """Without the words of what is not ready yet, which the merchant's row has."""
        row = self._get(readiness_key(merchant_id)) or {}
        return Readiness(read(self._get(area_key(zone, "READINESS")) or {}, Usual()), read(row, Kitchen())), row

    def hear(self, merchant_id: str, said_s: float, at_s: float, *, of: str) -> None:
        """How long the merchant said, then, that an order will take, once for each delivery `of`. It counts until the
        order is ready; of one that never is, until food must have been ready long ago."""
        key = readiness_key(merchant_id)
        for _ in range(ATTEMPTS):
            row = self._get(key) or {}
            words = _waiting(row)
            if of in words or of in row.get("seen", []):
                return
            still = {each: word for each, word in words.items() if sum(word) > at_s - FORGOTTEN_S}
            if self._replace(key, row.get("version", 0), {"waiting": still | {of: [round(said_s), round(at_s)]}}):
                return

    def learn_readiness(
        self, merchant_id: str, zone: str, said_s: float, late_s: float, at_s: float, *, of: str
    ) -> None:
        """How long the merchant said it would take, how much later it was ready, and when it was confirmed."""
        before, _ = self._known(merchant_id, zone)
        merchant, area = readiness_key(merchant_id), area_key(zone, "READINESS")
        self._learn(merchant, Kitchen(), lambda known: known.observed(before.usual, said_s, late_s, at_s), of)
        self._learn(area, Usual(), lambda known: known.observed(before.kitchen, said_s, late_s, at_s), of)

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
    if not all(name in row for name in names):
        return start
    return type(start)(**{name: _as_kept(row[name]) for name in names})


def _as_kept(value: Any) -> Any:
    """DynamoDB has lists and no tuples."""
    return tuple(map(_as_kept, value)) if isinstance(value, list) else value


def _waiting(row: Item) -> dict[str, list[float]]:
    """How long orders that are not ready yet were said to take, and when, by delivery."""
    return {of: word for of, word in row.get("waiting", {}).items() if of not in row.get("seen", [])}


def area(rows: list[Item]) -> Area:
    """Out of all rows of one zone."""
    legs = {row["sk"].removeprefix("LEGS#"): read(row, Legs()) for row in rows if row["sk"].startswith("LEGS#")}
    demand = [row for row in rows if row["sk"] == "DEMAND"]
    if not demand:
        return Area(legs)
    counts = {Spot(x, y): count for x, y, count in demand[0]["counts"]}
    return Area(legs, DemandSeen(demand[0]["seen_until"], counts))
