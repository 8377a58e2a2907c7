"""What the planner is given, out of the table's rows, and what is offered, out of its plan. Pure.

The planner counts in real seconds on a plane; rows have moments of a clock that may run faster, and degrees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import hypot, inf
from typing import Any

from services.dispatch.domain import AVAILABLE, BUSY, confirmed_at, state_of
from services.dispatch.places import Point
from services.dispatch.planner.estimates import expected_ready
from services.dispatch.planner.merchants import Merchant
from services.dispatch.planner.model import Delivery, Doing, Driver, Settings, Spot, Trip
from services.dispatch.planner.plane import Plane
from services.dispatch.planner.readiness import Usual
from services.dispatch.trips import Part, PayRates, Stop, TripOffer

Row = dict[str, Any]

# What fits on board, in units of `domain.size_of`.
CAPACITY = {"ON_FOOT": 3, "BICYCLE": 5, "SCOOTER": 5, "CAR": 8}
# How fast vehicles are beside a bicycle, until an area has taught better.
PACE = {"ON_FOOT": 0.35, "BICYCLE": 1.0, "SCOOTER": 1.4, "CAR": 1.4}

OVERDUE_S = (
    60.0  # a driver who should be free by now, and is not, is expected that much later, or as much as it is late
)


@dataclass(frozen=True)
class Clock:
    """`scale`: real seconds that pass in a second of the wall's clock, which the rows' moments are read from."""

    scale: float

    def real(self, moment: datetime | str) -> float:
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return at.timestamp() * self.scale

    def moment(self, real: float) -> datetime:
        return datetime.fromtimestamp(real / self.scale, UTC)

    def wall(self, real: float) -> timedelta:
        """A duration on the wall's clock."""
        return timedelta(seconds=real / self.scale)


@dataclass(frozen=True)
class Roads:
    """Ways as the crow flies. `speeds`: metres per real second, by vehicle, where they are learnt; `usual`: a bicycle's
    elsewhere."""

    speeds: Mapping[str, float]
    usual: float

    def metres(self, start: Spot, end: Spot) -> float:
        return hypot(end.x - start.x, end.y - start.y)

    def seconds(self, start: Spot, end: Spot, vehicle: str) -> float:
        return self.metres(start, end) / self.speeds.get(vehicle, self.usual * PACE.get(vehicle, 1.0))


@dataclass(frozen=True)
class Picture:
    """How one round sees its zone. `usual`: what is learnt of its kitchens."""

    clock: Clock
    plane: Plane
    settings: Settings
    usual: Usual

    def delivery(self, row: Row, now: float, merchants: Mapping[str, Merchant]) -> Delivery:
        """`merchants`: what is known of each, by id. Raises KeyError, TypeError or ValueError of a broken row."""
        clock = self.clock
        expected, spread = self._expected_ready(row, now, merchants.get(row["merchant_id"], Merchant()))
        return Delivery(
            delivery_id=row["delivery_id"],
            merchant_id=row["merchant_id"],
            pickup=self.plane.spot(**row["pickup"]),
            dropoff=self.plane.spot(**row["dropoff"]),
            opened_at=clock.real(row["requested_at"]),
            ready_at=expected,
            ready_spread=spread,
            promised_at=clock.real(row["promised_at"]) if "promised_at" in row else inf,
            size=row.get("size", 1),
            refused_by=frozenset(row.get("refused_by", ())),
            barred=frozenset(row.get("barred", ())),
            pinned_to=row.get("pinned_to"),
            forced=row.get("forced", False),
        )

    def _expected_ready(self, row: Row, now: float, merchant: Merchant) -> tuple[float, float]:
        """When it is ready, or expected to be, and the spread of that, in real seconds: by the merchant's word, and
        by what is known of such words and of its food by now."""
        if "ready_at" in row:
            return self.clock.real(row["ready_at"]), 0.0
        said, confirmed = self.clock.real(row["expected_ready_at"]), self.clock.real(confirmed_at(row))
        late = merchant.readiness(self.usual, now, of=row["delivery_id"]).of(said - confirmed, confirmed)
        return expected_ready(said, late, now)

    def driver(self, row: Row, now: float) -> Driver:
        """Raises KeyError, TypeError or ValueError when the row is broken."""
        free_at, place = self._free(row, now)
        vehicle = row["vehicle"]
        return Driver(
            driver_id=row["driver_id"],
            spot=self.plane.spot(**place),
            free_at=free_at,
            shift_ends_at=self.clock.real(row["shift_ends_at"]) if "shift_ends_at" in row else inf,
            capacity=CAPACITY[vehicle],
            vehicle=vehicle,
            answering="offer_id" in row,
            acceptance=row.get("acceptance", 1.0),
            carried=row.get("carried", 0),
        )

    def _free(self, row: Row, now: float) -> tuple[float, Row]:
        """When and where the driver is expected to be free; while an offer stands, after its trip."""
        if "offer_id" in row:
            return max(now, self.clock.real(row["offer_ends_at"])), row["offer_ends_in"]
        state = state_of(row)
        if state is BUSY:
            ends_at = self.clock.real(row["ends_at"])
            return (ends_at if ends_at > now else now + max(OVERDUE_S, now - ends_at)), row["ends_in"]
        if state is not AVAILABLE:
            raise ValueError(f"the driver is {state}; right is a driver on duty")
        if row["transition"] == "deliver":  # and has to come back to the vehicle
            return max(now, self.clock.real(row["occurred_at"]) + self.settings.dropoff_after), row["position"]
        return now, row["position"]


def has_next(driver: Row) -> bool:
    """Whether a driver carries out a trip and has accepted the next one already."""
    carried, latest = driver.get("deliveries", set()), driver.get("trip_deliveries", set())
    return bool(carried & latest) and bool(carried - latest)


@dataclass(frozen=True)
class Offers:
    """Makes offers of the planner's trips. `rows`: those of the deliveries and drivers that were planned, by id.
    `answer_s`: how long a driver may think, real seconds."""

    clock: Clock
    rows: Mapping[str, Row]
    drivers: Mapping[str, Row]
    rates: PayRates
    answer_s: float

    def of(self, trip: Trip, *, offer_id: str, now: datetime) -> TripOffer:
        ways = [0.0]
        for stop in trip.stops:
            ways.append(ways[-1] + stop.metres)
        so_far = dict(zip(trip.stops, ways[1:], strict=True))
        picked_up = {each: stop for stop in trip.stops if stop.doing is Doing.PICK_UP for each in stop.delivery_ids}
        dropped = [(each, stop) for stop in trip.stops if stop.doing is Doing.DROP_OFF for each in stop.delivery_ids]
        total = self.rates.of(ways[-1], len(trip.stops))
        last = self.rows[dropped[-1][0]]
        return TripOffer(
            offer_id=offer_id,
            driver_id=trip.driver_id,
            driver_sequence=self.drivers[trip.driver_id]["sequence"],
            expires_at=now + self.clock.wall(self.answer_s),
            parts=tuple(
                Part(
                    delivery_id=each,
                    sequence=self.rows[each]["sequence"],
                    to_pickup_m=round(so_far[picked_up[each]]),
                    to_dropoff_m=round(_straight(picked_up[each].spot, stop.spot)),
                    expected_pickup_at=self.clock.moment(picked_up[each].at),
                    expected_dropoff_at=self.clock.moment(stop.at),
                    pay=share,
                )
                for (each, stop), share in zip(dropped, self.rates.shares(total, len(dropped)), strict=True)
            ),
            stops=tuple(
                Stop(
                    "PICKUP" if stop.doing is Doing.PICK_UP else "DROPOFF",
                    stop.delivery_ids,
                    round(stop.metres),
                    self.clock.moment(stop.at),
                )
                for stop in trip.stops
            ),
            leaves_at=self.clock.moment(trip.leaves_at),
            ends_at=self.clock.moment(trip.free_at),
            ends_in=Point(**last["dropoff"]),
            currency=self.rates.currency,
        )


def _straight(start: Spot, end: Spot) -> float:
    return hypot(end.x - start.x, end.y - start.y)
