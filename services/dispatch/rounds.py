"""One round: what a zone's open deliveries and the drivers around it come to."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nsmallest
from math import hypot, isfinite
from time import monotonic
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from services.dispatch.deadlines import Deadlines
from services.dispatch.last_rounds import LastRounds
from services.dispatch.learning import Area
from services.dispatch.legs import Legs
from services.dispatch.picture import Clock, Offers, Picture, Roads, has_next
from services.dispatch.planner import model, planning
from services.dispatch.planner.demand import DemandSeen
from services.dispatch.planner.merchants import Merchant
from services.dispatch.planner.plane import Plane
from services.dispatch.settings import RoundSettings
from services.dispatch.trips import TripOffer
from services.dispatch.uncollected import uncollected
from services.dispatch.zones import centre, ring

RINGS, MOST_RINGS = 1, 2  # of zones that lend drivers: always, and where nobody was found in half of the time
MOST_BESIDE = 50  # deliveries of the zones around that are planned along, those nearest to this zone's middle
CONSIDERED = 5  # drivers that an offer's log line tells of

logger = Logger(child=True)

Row = dict[str, Any]
Read = TypeVar("Read")
Planner = Callable[..., model.Plan]


class Table(Protocol):
    def searching_in(self, zone: str) -> list[Row]: ...

    def drivers_in(self, zone: str) -> list[Row]: ...

    def in_zone(self, zone: str) -> tuple[list[Row], list[Row]]: ...

    def driver(self, driver_id: str) -> Row | None: ...

    def area(self, zone: str) -> Area: ...

    def merchants(self, merchant_ids: Iterable[str]) -> dict[str, Merchant]: ...

    def keep_demand(self, zone: str, demand: DemandSeen) -> bool: ...

    def offer(self, trip: TripOffer, *, now: datetime, caused_by: str) -> bool: ...

    def delay(self, delivery_id: str, *, sequence: int, now: datetime, caused_by: str) -> bool: ...

    def give_up(self, delivery_id: str, *, sequence: int, now: datetime, caused_by: str) -> bool: ...


@dataclass(frozen=True)
class Result:
    """How many deliveries were offered, in how many trips, said to be late, and given up; and how many are left open,
    for whatever reason; a row that cannot be read is none of them, as another round could read it no better. `drivers`:
    how many were considered; `plan_ms`: what planning took."""

    offered: int = 0
    trips: int = 0
    delayed: int = 0
    given_up: int = 0
    left_open: int = 0
    drivers: int = 0
    plan_ms: float = 0.0


def run(
    zone: str, table: Table, last: LastRounds, *, clock: Callable[[], datetime], settings: RoundSettings,
    plan: Planner = planning.plan,
) -> Result:  # fmt: skip
    """Plan the zone and commit the plan. An offer's time begins when it is made, not when the round began.

    What is open in the zones around wants the same drivers, so it is planned along, and offered by its own zone:
    on both sides of a border rounds want much the same plan. Each part is committed by itself, conditional on all its
    rows being as they were read: what fails, because somebody else was first or DynamoDB was busy, is left open for the
    next round.
    """
    rows = table.searching_in(zone)
    if not rows:
        return Result()
    return _Round(zone, table, settings, clock, rows, last).run(plan)


@dataclass(frozen=True)
class _Around:
    """What a round sees beside its zone's own deliveries. `drivers`: all whom it may ask; `deliveries`, `rows`: what is
    open in the zones around; `zones`: those of them where there is anybody or anything."""

    drivers: dict[str, tuple[Row, model.Driver]]
    deliveries: dict[str, model.Delivery]
    rows: dict[str, Row]
    zones: list[str]


class _Round:
    """`rows`: the zone's deliveries; `seen`: those of them that can be read, as the planner is given them."""

    def __init__(
        self, zone: str, table: Table, settings: RoundSettings, clock: Callable[[], datetime], rows: list[Row],
        last: LastRounds,
    ) -> None:  # fmt: skip
        self.zone = zone
        self.table = table
        self.settings = settings
        self.clock = clock
        self.now = clock()
        self.cause = f"round:{zone}"
        middle = centre(zone)
        self.pace = Clock(settings.time_scale)
        self.real_now = self.pace.real(self.now)
        self.area = table.area(zone)
        learnt = {vehicle: legs for vehicle, legs in self.area.legs.items() if legs.known}
        self.roads = Roads({vehicle: 1 / legs.pace for vehicle, legs in learnt.items()}, settings.speed_mps)
        self.last = last
        self.planner = replace(
            _with_handling(settings.planner, learnt.values()),
            round_every=last.next_in(zone, self.real_now, settings.planner.round_every),
            seed=int(self.real_now),
        )
        self.picture = Picture(self.pace, Plane(middle.lat, middle.lng), self.planner, self.area.usual)
        self.deadlines = Deadlines(self.pace, self.real_now, settings.found_within_s, settings.choice_s)
        self.seen = self._read(rows)
        self.by_id = {row["delivery_id"]: row for row in rows if row.get("delivery_id") in self.seen}

    def run(self, plan: Planner) -> Result:
        around = self._look_around(MOST_RINGS if any(map(self.deadlines.is_hard, self.by_id.values())) else RINGS)
        demand = self._demand(around)
        began = monotonic()
        planned = self._plan(plan, around, demand, self.last.intended(self.zone))
        plan_ms = round(1000 * (monotonic() - began), 1)
        self.last.keep(self.zone, planned, self.real_now)
        offers = self._offers(around)
        made = [trip for trip in self._leaving(planned, around.drivers) if self._offered(trip, planned, offers)]
        offered = {each for trip in made for each in trip.delivery_ids}
        rest = [row for i, row in self.by_id.items() if i not in offered]
        in_sight = self.deadlines.in_sight(planned)
        given_up = sum(self._ended(self.table.give_up, row) for row in rest if self.deadlines.is_over(row, in_sight))
        delayed = sum(self._ended(self.table.delay, row) for row in rest if self.deadlines.is_late(row))
        left = len(rest) - given_up
        return Result(len(offered), len(made), delayed, given_up, left, len(around.drivers), plan_ms)

    # -- the plan

    def _read(self, rows: Sequence[Row]) -> dict[str, model.Delivery]:
        merchants = self.table.merchants(row.get("merchant_id", "") for row in rows if "ready_at" not in row)
        seen = _readable(rows, lambda row: self.picture.delivery(row, self.real_now, merchants))
        return {each.delivery_id: each for each in seen}

    def _look_around(self, rings: int) -> _Around:
        """The drivers on duty in the zone, those whom the zones around it lend, those whom operators named; and what is
        open around."""
        drivers, deliveries, lively = self.table.drivers_in(self.zone), list[Row](), list[str]()
        for cell in (cell for distance in range(1, rings + 1) for cell in ring(self.zone, distance)):
            searching, on_duty = self.table.in_zone(cell)
            deliveries += searching
            drivers += on_duty
            lively += [cell] if searching or on_duty else []
        named = {row["pinned_to"] for row in self.by_id.values() if "pinned_to" in row}
        for driver_id in sorted(named - {row.get("driver_id") for row in drivers}):
            row = self.table.driver(driver_id)
            if row is not None and row["on_duty"] and "position" in row:
                drivers.append(row)
        seen = self._read(deliveries)
        nearest = nsmallest(MOST_BESIDE, seen, key=lambda name: hypot(*seen[name].pickup))
        return _Around(
            drivers=dict(
                _readable(drivers, lambda row: (row["driver_id"], (row, self.picture.driver(row, self.real_now))))
            ),
            deliveries={name: seen[name] for name in nearest},
            rows={row["delivery_id"]: row for row in deliveries if row.get("delivery_id") in nearest},
            zones=lively,
        )

    def _demand(self, around: _Around) -> list[model.Demand]:
        """Where orders came from lately, in the zone and around it. Each delivery is in some round of its own zone
        before it is offered to anybody."""
        demand, known_until = self.area.demand, self.area.demand.at
        for each in sorted(self.seen.values(), key=lambda each: each.opened_at):
            if each.opened_at > known_until:
                demand = demand.seen(model.Spot(round(each.pickup.x), round(each.pickup.y)), each.opened_at)
        if demand is not self.area.demand:
            _committed(self.table.keep_demand, self.zone, demand)
        expected = demand.expected(self.real_now)
        for zone in around.zones:
            middle = centre(zone)
            x, y = self.picture.plane.spot(middle.lat, middle.lng)
            there = self.table.area(zone).demand.expected(self.real_now)
            expected += [model.Demand(model.Spot(x + each.spot.x, y + each.spot.y), each.rate) for each in there]
        return expected

    def _plan(
        self, plan: Planner, around: _Around, demand: Sequence[model.Demand], before: planning.Intended | None
    ) -> model.Plan:
        ends = monotonic() + self.settings.plan_within_s
        with uncollected():
            return plan(
                self.real_now,
                [*self.seen.values(), *around.deliveries.values()],
                [driver for _, driver in around.drivers.values()],
                self.roads,
                self.planner,
                demand=demand,
                before=before,
                expired=lambda: monotonic() > ends,
            )

    def _leaving(self, plan: model.Plan, drivers: dict[str, tuple[Row, model.Driver]]) -> Iterator[model.Trip]:
        """The zone's trips to offer now, a trip being its first delivery's zone's: those that the planner commits, and
        the next ones of drivers who are about to come free, on the way back from the last door or not yet there, so
        that they know where to go by then. Nobody is asked for a third, however late the first is."""
        yield from filter(self._is_own, plan.commit)
        asked = {trip.driver_id for trip in plan.commit}
        soon = self.pace.real(self.clock()) + self.planner.answer_within + self.planner.round_every
        for trip in plan.later:
            row, driver = drivers[trip.driver_id]
            first = trip.driver_id not in asked
            asked.add(trip.driver_id)
            ahead = driver.free_at > self.real_now and not driver.answering and not has_next(row)
            if first and ahead and trip.leaves_at <= soon and self._is_own(trip):
                yield trip

    def _is_own(self, trip: model.Trip) -> bool:
        return trip.delivery_ids[0] in self.by_id

    # -- what is done

    def _offers(self, around: _Around) -> Offers:
        drivers = {driver_id: row for driver_id, (row, _) in around.drivers.items()}
        return Offers(self.pace, self.by_id | around.rows, drivers, self.settings.rates, self.settings.offer_s)

    def _offered(self, trip: model.Trip, plan: model.Plan, offers: Offers) -> bool:
        now = self.clock()
        offer = offers.of(trip, offer_id=str(uuid4()), now=now)
        if not _committed(self.table.offer, offer, now=now, caused_by=self.cause):
            return False
        why = plan.explanations.get(trip.driver_id)
        logger.info("trip offered", extra=_told(self.zone, offer, why, ahead=trip not in plan.commit))
        return True

    def _ended(self, write: Any, row: Row) -> bool:
        return _committed(write, row["delivery_id"], sequence=row["sequence"], now=self.now, caused_by=self.cause)


def _with_handling(settings: model.Settings, learnt: Iterable[Legs]) -> model.Settings:
    """A leg is learnt from having the food to handing it over; the other half of each stop is taken to be as long."""
    known = list(learnt)
    if not known:
        return settings
    count = sum(legs.samples for legs in known)
    half = sum(legs.handling * legs.samples for legs in known) / count / 2
    return replace(settings, pickup_before=half, pickup_after=half, dropoff_before=half, dropoff_after=half)


def _told(zone: str, offer: TripOffer, why: model.Explanation | None, *, ahead: bool) -> dict[str, Any]:
    """What the log keeps of an offer: ids and seconds, no place."""
    told: dict[str, Any] = {
        "zone": zone,
        "offer_id": offer.offer_id,
        "driver_id": offer.driver_id,
        "order_ids": list(offer.delivery_ids),
        "size": len(offer.parts),
        "metres": offer.metres,
        "leaves_when_free": ahead,
    }
    if why is None:
        return told
    considered = [
        {
            "driver_id": each.driver_id,
            "costs_more_s": round(each.costs_more) if isfinite(each.costs_more) else None,
            "because": each.because,
        }
        for each in why.considered[:CONSIDERED]
    ]
    return told | {"decided": why.decided, "considered": considered}


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
