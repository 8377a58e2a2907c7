"""One round: what a zone's open deliveries and the drivers around it come to."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from services.dispatch.domain import AVAILABLE, state_of
from services.dispatch.planner import Driver, OpenDelivery, PlannedOffer, PlanSettings, Point, plan
from services.dispatch.zones import ring

MOST_RINGS = 4  # how far a round looks for drivers: about 10 km

logger = Logger(child=True)

Row = dict[str, Any]
Read = TypeVar("Read")


class Table(Protocol):
    def searching_in(self, zone: str) -> list[Row]: ...

    def drivers_in(self, zone: str) -> list[Row]: ...

    def offer(self, offer: PlannedOffer, *, offer_id: str, now: datetime, caused_by: str) -> bool: ...

    def give_up(self, delivery_id: str, *, sequence: int, now: datetime, caused_by: str) -> bool: ...


@dataclass(frozen=True)
class Result:
    """How many deliveries were offered and given up, and how many are left open, for whatever reason."""

    offered: int = 0
    given_up: int = 0
    left_open: int = 0


def run(zone: str, table: Table, *, clock: Callable[[], datetime], settings: PlanSettings) -> Result:
    """Plan the zone and commit the plan. An offer's time begins when it is made, not when the round began.

    Each part of it is committed by itself, conditional on both sides being as they were read: what fails, because
    somebody else was first or DynamoDB was busy, is left open for the next round.
    """
    rows = table.searching_in(zone)
    deliveries = list(_readable(rows, _delivery))
    if not rows:
        return Result()
    now, cause = clock(), f"round:{zone}"
    reach = _rings(now, deliveries, settings)
    planned = plan(now, deliveries, drivers_in_reach(zone, table, deliveries, reach), settings)
    given_up = sum(
        _committed(table.give_up, each.delivery_id, sequence=each.sequence, now=now, caused_by=cause)
        for each in planned.given_up
    )
    offered = sum(_offered(table, each, planned_at=now, now=clock(), cause=cause) for each in planned.offers)
    return Result(offered, given_up, left_open=len(rows) - offered - given_up)


def _rings(now: datetime, deliveries: list[OpenDelivery], settings: PlanSettings) -> int:
    """How far to look: to the neighbours at first, and for who waits, ring by ring to the farthest in half the search.

    Each ring is six queries more than the one before, and a driver from far away is seldom the better choice while a
    near one may come free.
    """
    waited_s = max(((now - each.searching_since).total_seconds() for each in deliveries), default=0.0)
    return min(MOST_RINGS, 1 + int(waited_s / (settings.search_s / 2 / MOST_RINGS)))


def drivers_in_reach(zone: str, table: Table, deliveries: list[OpenDelivery], rings: int) -> list[Driver]:
    """The drivers on duty in the zone and its neighbours, and ring by ring further out until there is a free one for
    each delivery who has refused none of them, or `rings` are reached."""
    refused = frozenset().union(*(delivery.refused_by for delivery in deliveries))
    drivers: list[Driver] = []
    for distance in range(rings + 1):
        drivers += _readable((row for cell in ring(zone, distance) for row in table.drivers_in(cell)), _driver)
        willing = sum(driver.free and driver.driver_id not in refused for driver in drivers)
        if distance >= 1 and willing >= len(deliveries):
            break
    return drivers


def _offered(table: Table, offer: PlannedOffer, *, planned_at: datetime, now: datetime, cause: str) -> bool:
    offer = replace(offer, expires_at=offer.expires_at + (now - planned_at))
    return _committed(table.offer, offer, offer_id=str(uuid4()), now=now, caused_by=cause)


def _committed(write: Any, *args: Any, **kwargs: Any) -> bool:
    try:
        return bool(write(*args, **kwargs))
    except (ClientError, BotoCoreError):
        # One write that fails must not keep the rest of its zone waiting.
        logger.exception("a part of the plan was not committed")
        return False


def _readable(rows: Iterable[Row], read: Callable[[Row], Read]) -> Iterator[Read]:
    for row in rows:
        try:
            yield read(row)
        except (KeyError, TypeError, ValueError):
            # Nor must one row that is broken.
            logger.exception("a row is broken and is left out", extra={"keys": {"pk": row.get("pk")}})


def _delivery(row: Row) -> OpenDelivery:
    return OpenDelivery(
        delivery_id=row["delivery_id"],
        sequence=row["sequence"],
        pickup=Point(**row["pickup"]),
        dropoff=Point(**row["dropoff"]),
        searching_since=datetime.fromisoformat(row["searching_since"]),
        # What is ready already is not waited for.
        expected_ready_at=datetime.fromisoformat(row.get("ready_at") or row["expected_ready_at"]),
        refused_by=frozenset(row.get("refused_by", ())),
        barred=frozenset(row.get("barred", ())),
    )


def _driver(row: Row) -> Driver:
    return Driver(row["driver_id"], Point(**row["position"]), free=state_of(row) is AVAILABLE)
