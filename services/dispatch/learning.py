"""What the table learns: how merchants keep their word, how long ways take, where orders come from.

All of it counts in real seconds. A sample is told apart by the delivery it is of, so that an event that comes twice
counts once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeVar

from services.dispatch.legs import Legs
from services.dispatch.planner.demand import DemandSeen
from services.dispatch.planner.merchants import Merchant
from services.dispatch.planner.model import Spot
from services.dispatch.planner.readiness import Kitchen, Usual
from services.dispatch.rows import Rows
from services.dispatch.writes import Item, area_key, readiness_key

REMEMBERED = 20  # samples by which a repeated one is known
ATTEMPTS = 5
# What rows of a former release lack, and begins as if nothing were known; where anything else is lacking, all does.
ADDED = frozenset({"repeats", "last", "repeated", "compared"})

Learnt = TypeVar("Learnt", Kitchen, Usual, Legs)


@dataclass(frozen=True)
class Area:
    """What is learnt of a zone: of its ways, by vehicle, of where its orders come from, and of its kitchens."""

    legs: Mapping[str, Legs] = field(default_factory=dict)
    demand: DemandSeen = field(default_factory=DemandSeen)
    usual: Usual = field(default_factory=Usual)


class Learning(Rows):
    def merchants(self, merchant_ids: Iterable[str]) -> dict[str, Merchant]:
        """What is known of those of whom anything is, a moment old."""
        rows = self._rows_of(map(readiness_key, sorted(set(merchant_ids))), consistent=False)
        return {row["pk"].removeprefix("MERCHANT#"): merchant(row) for row in rows}

    def hear(self, merchant_id: str, said_s: float, at_s: float, *, of: str) -> None:
        """How long the merchant said, then, that the order of a delivery takes. It counts until that is ready; if it
        never is, until food must have been ready long ago. Counted once, and left out where others keep writing."""

        def heard(row: Item) -> Item:
            known = merchant(row)
            word = {of: (round(said_s), round(at_s))}
            return {} if of in known.words else {"words": {**known.waited_for(at_s), **word}}

        self._count(readiness_key(merchant_id), heard, of)

    def learn_readiness(
        self, merchant_id: str, zone: str, said_s: float, late_s: float, at_s: float, *, of: str
    ) -> None:
        """How long the merchant said it would take, how much later it was ready, and when it was confirmed."""
        of_merchant, of_zone = readiness_key(merchant_id), area_key(zone, "READINESS")
        kitchen, usual = merchant(self._get(of_merchant) or {}).kitchen, read(self._get(of_zone) or {}, Usual())
        # The zone's first: where the second fails and both are done again, the merchant does not know the order yet.
        self._learn(of_zone, Usual(), lambda known: known.observed(kitchen, said_s, late_s, at_s), of)
        self._learn(of_merchant, Kitchen(), lambda known: known.observed(usual, said_s, late_s, at_s), of)

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
        """Count a sample in, once for each delivery `of`."""

        def learnt(row: Item) -> Item:
            values = asdict(after(read(row, start))) | {"seen": [*row.get("seen", []), of][-REMEMBERED:]}
            if of in (words := row.get("words", {})):
                values["words"] = {each: word for each, word in words.items() if each != of}
            return values

        self._count(key, learnt, of)

    def _count(self, key: Item, change: Callable[[Item], Item], of: str) -> None:
        """Write what changes of a row, if anything, unless it has a sample of this delivery. Where others keep writing
        it is left out: a sample more or less is not worth doing all of a change again."""
        for _ in range(ATTEMPTS):
            row = self._get(key) or {}
            values = {} if of in row.get("seen", []) else change(row)
            if not values or self._replace(key, row.get("version", 0), values):
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
    names = {each.name for each in fields(start)}
    if not names - ADDED <= row.keys():
        return start
    return replace(start, **{name: _as_kept(row[name]) for name in names & row.keys()})


def _as_kept(value: Any) -> Any:
    """DynamoDB has lists and no tuples."""
    return tuple(map(_as_kept, value)) if isinstance(value, list) else value


def merchant(row: Item) -> Merchant:
    return Merchant(read(row, Kitchen()), {of: (said, at) for of, (said, at) in row.get("words", {}).items()})


def area(rows: list[Item]) -> Area:
    """Out of all rows of one zone."""
    by_sk = {row["sk"]: row for row in rows}
    legs = {sk.removeprefix("LEGS#"): read(row, Legs()) for sk, row in by_sk.items() if sk.startswith("LEGS#")}
    usual, demand = read(by_sk.get("READINESS", {}), Usual()), by_sk.get("DEMAND")
    if demand is None:
        return Area(legs, usual=usual)
    counts = {Spot(x, y): count for x, y, count in demand["counts"]}
    return Area(legs, DemandSeen(demand["seen_until"], counts), usual)
