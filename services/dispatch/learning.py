"""The table's running estimates: how late merchants are against their word, how long drivers take in an area.

A sample is told apart by the delivery it is of, so that an event that comes twice counts once.
"""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any, TypeVar

from services.dispatch.estimates import Estimate, Legs
from services.dispatch.rows import Rows
from services.dispatch.writes import Item, legs_key, readiness_key

REMEMBERED = 20  # samples by which a repeated one is known
ATTEMPTS = 5

Learnt = TypeVar("Learnt", Estimate, Legs)


class Learning(Rows):
    def readiness(self, merchant_id: str) -> Estimate:
        """By how many seconds the merchant's food is ready after the moment the merchant gave."""
        return read(Estimate, self._get(readiness_key(merchant_id)) or {})

    def learn_readiness(self, merchant_id: str, late_s: float, *, of: str) -> bool:
        return self._learn(readiness_key(merchant_id), Estimate, lambda known: known.after(late_s), of)

    def learn_leg(self, zone: str, vehicle: str, metres: float, seconds: float, *, of: str) -> bool:
        """From the pick-up in the zone to the first drop-off, with a vehicle."""
        return self._learn(legs_key(zone, vehicle), Legs, lambda known: known.after(metres, seconds), of)

    def _learn(self, key: Item, kind: type[Learnt], after: Callable[[Learnt], Learnt], of: str) -> bool:
        """Count a sample in, once for each delivery `of`. False when it was counted, or others kept writing: a sample
        more or less is not worth a retry of the whole change."""
        for _ in range(ATTEMPTS):
            row = self._get(key) or {}
            seen: list[str] = row.get("seen", [])
            if of in seen:
                return False
            known = read(kind, row)
            if self._replace(key, known.samples, asdict(after(known)) | {"seen": [*seen, of][-REMEMBERED:]}):
                return True
        return False

    def _replace(self, key: Item, before: int, values: dict[str, Any]) -> bool:
        stored = {f":{name}": round(value, 6) if isinstance(value, float) else value for name, value in values.items()}
        return self._update(
            key,
            f"SET {', '.join(f'#{name} = :{name}' for name in values)}",
            "#samples = :before" if before else "attribute_not_exists(#samples)",
            stored | ({":before": before} if before else {}),
        )


def read(kind: type[Learnt], row: Item) -> Learnt:
    """The estimate that a row holds; one of nothing if there is no row."""
    return kind(**{each.name: row[each.name] for each in fields(kind) if each.name in row})
