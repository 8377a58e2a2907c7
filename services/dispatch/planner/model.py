"""What the planner is given and what it answers.

Units everywhere: times are seconds on the caller's clock, whose zero is the caller's choice (POSIX time, or the start
of a day); durations are seconds; places are metres on a plane (`plane.Plane` lays one under a city); costs are seconds
of one order's delay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import NamedTuple, Protocol


class Spot(NamedTuple):
    """A place: metres east and north of any fixed point."""

    x: float
    y: float


class Travel(Protocol):
    """How far and how long. Must answer equal questions equally while a plan is made; the planner remembers answers."""

    def metres(self, start: Spot, end: Spot) -> float: ...

    def seconds(self, start: Spot, end: Spot, vehicle: str) -> float:
        """How long a driver with this vehicle is expected to take, without service at either end."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that looks for a driver.

    `ready_at`: when the food is expected to be ready, or was; `ready_spread`: the standard deviation of that, 0 once it
    is ready. `opened_at`: since when a driver is looked for. `promised_at`: by when the customer was told to have it.
    `size`: in the units of `Driver.capacity`. `vehicles`: which may carry it; empty: all.

    `refused_by`: who declined it, let an offer of it lapse or dropped out; they are asked again only where nobody else
    can carry it. `barred`: drivers an operator forbade, who never get it. `pinned_to`: the only driver who may have it;
    the delivery waits for that driver. `forced`: with `pinned_to`, it is that driver's very next trip and leaves at
    once, whatever the costs, refusals, vehicle, capacity or end of shift; of several, the one that was opened first.
    """

    delivery_id: str
    merchant_id: str
    pickup: Spot
    dropoff: Spot
    opened_at: float
    ready_at: float
    ready_spread: float = 0.0
    promised_at: float = inf
    size: int = 1
    vehicles: frozenset[str] = frozenset()
    refused_by: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    pinned_to: str | None = None
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver on duty, idle or busy.

    `free_at` and `spot`: when and where this driver is expected to take on something new: now, and where it stands, of
    an idle one; the end of the trip on board, and its last stop, of a busy one. `answering`: holds an offer without an
    answer; such a driver is planned for after that trip, and asked for nothing now. `shift_ends_at`: the last pick-up
    must happen by then. `capacity`: what fits on board, in the units of `Delivery.size`. `acceptance`: the share of
    offers this driver accepts, from 0 to 1. `carried`: deliveries carried on this shift, for fairness.
    """

    driver_id: str
    spot: Spot
    free_at: float
    shift_ends_at: float = inf
    capacity: int = 3
    vehicle: str = ""
    answering: bool = False
    acceptance: float = 1.0
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Demand:
    """How many orders a second are expected at `spot`."""

    spot: Spot
    rate: float


@dataclass(frozen=True, slots=True)
class Settings:
    """How plans are judged and made. The defaults are those that did best on real days (docs/dispatch.md).

    What a plan costs is in seconds of one order's delay, so each weight says how many such seconds something is worth.
    An order's delay is counted from the moment at which the customer had it if a driver stood ready for it.
    """

    # -- what a trip takes: seconds
    pickup_before: float = 120.0  # from reaching the merchant until the food can be in hand: parking, going in
    pickup_after: float = 120.0  # from having the food until leaving
    dropoff_before: float = 120.0  # from reaching the customer until handing over
    dropoff_after: float = 120.0  # from handing over until being free
    # -- what trips may be
    most_in_trip: int = 5  # deliveries
    neighbour_m: float = 0.0  # merchants as near as this may share a trip; 0: one merchant a trip
    most_trips_ahead: int = 6  # planned for one driver
    enough: int = 60  # deliveries that are planned however late they are due; where more are open,
    horizon: float = 1200.0  # those due later than in so long are put off to a later round, unless pinned
    # -- what it costs
    uncarried: float = 5400.0  # an order planned for nobody counts as later than it is already by this; the chance that
    # food is ready only when its driver's shift is over costs as much of this
    steepness: float = 1.0  # a delay of d costs d + steepness · d² / 3600: a long one more than many short ones
    overdue_after: float = 3600.0  # from this delay on
    overdue: float = 9.0  # each second counts this much more, so that nobody waits for ever behind cheaper ones
    past_promise: float = 2.0  # for each second past the promise, beside the delay;
    soonest_promise: float = 300.0  # a promise counts from so long after the moment at which nobody could be sooner
    early: float = 1.75  # how many spreads before the expected ready time a driver is to be there
    shift_margin: float = 1.5  # how many spreads the expected ready time is to be before the end of the driver's shift
    metre: float = 0.0  # for each metre
    fairness: float = 0.0  # for each delivery that this driver carried beyond the mean
    refusal: float = 600.0  # for an offer sure to be declined; in between, by the driver's acceptance
    reserve: float = 2.0  # for each second by which a driver is worth less after a trip than before it (worth.py)
    # -- orders that are expected, and planned along with the others (coming.py)
    coming_within: float = 480.0  # those of the next so many seconds; 0: none
    coming_weight: float = 0.25  # what their delays count for; they may not come
    coming_ready: float = 720.0  # how long after it is placed such an order is expected to be ready
    coming_takes: float = 480.0  # how long a driver is on the way with it
    # -- when to commit
    round_every: float = 60.0  # until the next round: what can leave then without loss is not committed now
    answer_within: float = 0.0  # what is expected to pass between an offer and the driver's leaving
    give_up_after: float = inf  # after so long without a driver a delivery is given up
    # -- how long to search
    iterations: int = 1500  # of the search at most; a plan made of fewer is worse, and as valid
    effort: int = 12_000_000  # iterations times the jobs to the power of 2.5: the larger a round, the fewer
    nearest: int = 24  # drivers looked at for a delivery
    seed: int = 0


class Doing(StrEnum):
    PICK_UP = "PICK_UP"
    DROP_OFF = "DROP_OFF"


@dataclass(frozen=True, slots=True)
class Stop:
    """`delivery_ids`: what is picked up or handed over here, at `at`; `metres` is the way from the stop before."""

    doing: Doing
    delivery_ids: tuple[str, ...]
    spot: Spot
    arrives_at: float
    at: float
    metres: float


@dataclass(frozen=True, slots=True)
class Trip:
    """Stops in order: all pick-ups, then the drop-offs. `free_at`: when the driver is done, at the last stop."""

    driver_id: str
    delivery_ids: tuple[str, ...]
    stops: tuple[Stop, ...]
    leaves_at: float
    free_at: float

    @property
    def metres(self) -> float:
        return sum(stop.metres for stop in self.stops)


@dataclass(frozen=True, slots=True)
class Considered:
    """A driver who might have had a trip: what the trip would cost more in all with this driver than with the best.

    `first_pickup_at`: when this driver would have the food. `because`: what stood against it, in a few words.
    """

    driver_id: str
    costs_more: float
    first_pickup_at: float
    because: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a trip is this driver's: `decided` in a sentence, and who else was considered, the best first."""

    decided: str
    considered: tuple[Considered, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`commit`: trips to offer now, to drivers who are free, at most one for each. `later`: what is intended, the
    soonest first; the next round may do otherwise. `given_up`: deliveries whose search is over. `left`: deliveries that
    nobody on duty can carry now. `put_off`: those not planned yet, as it is too soon. `explanations`: by driver, of the
    trips to commit, and of those that busy drivers are to leave for as soon. `iterations`: steps of the search."""

    commit: tuple[Trip, ...] = ()
    later: tuple[Trip, ...] = ()
    given_up: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    put_off: tuple[str, ...] = ()
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    iterations: int = 0
