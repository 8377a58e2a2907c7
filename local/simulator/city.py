"""The people of a city and what they mean to do. The same seed makes the same city."""

import math
import random
from dataclasses import dataclass
from enum import StrEnum

from local.simulator.geometry import Point, metres, offset

MINUTE = 60.0

# Where every simulated city lies. An arbitrary point of land; nothing of the place itself is used.
ORIGIN = Point(40.44, -79.98)


class Answer(StrEnum):
    """What a merchant makes of an order."""

    CONFIRM = "CONFIRM"
    REJECT = "REJECT"
    SILENT = "SILENT"


@dataclass(frozen=True)
class Merchant:
    key: str
    at: Point


@dataclass(frozen=True)
class Contact:
    """How somebody wants to be told. phone: E.164, in the range kept for fiction. sms, push: wanted or not.
    device: whether the app is installed, so that a push can reach anything. opted_out: wants to hear nothing at all."""

    phone: str
    locale: str = "en"
    sms: bool = True
    push: bool = True
    device: bool = True
    opted_out: bool = False


@dataclass(frozen=True)
class Customer:
    key: str
    contact: Contact


@dataclass(frozen=True)
class Habits:
    """What a driver does with an offer and with a delivery, as probabilities; reaction in simulated seconds."""

    declines: float = 0.0
    lets_lapse: float = 0.0
    drops_out: float = 0.0
    reaction: tuple[float, float] = (3.0, 10.0)


@dataclass(frozen=True)
class Driver:
    """on, off: the shift, in simulated seconds from the city's start."""

    key: str
    contact: Contact
    start: Point
    on: float
    off: float
    habits: Habits = Habits()


@dataclass(frozen=True)
class Item:
    """unit_price: minor units of the city's currency."""

    name: str
    quantity: int
    unit_price: int


@dataclass(frozen=True)
class Order:
    """placed, ready, cancelled: simulated seconds from the city's start; cancelled is None for those who wait.
    promised: how many seconds after it is ready the merchant promises it to be there, if at all. absent: nobody is
    there to take it, so it goes back. patient: who placed it would rather wait for a driver than cancel."""

    customer: str
    merchant: str
    dropoff: Point
    placed: float
    ready: float
    items: tuple[Item, ...]
    answer: Answer = Answer.CONFIRM
    promised: float | None = None
    cancelled: float | None = None
    absent: bool = False
    patient: bool = True

    @property
    def total(self) -> int:
        """Minor units."""
        return sum(i.quantity * i.unit_price for i in self.items)


@dataclass(frozen=True)
class City:
    """speed: of drivers, metres per simulated second. pickup_service, dropoff_service: seconds spent at a stop, half of
    them before having the food or handing it over. whole_minutes: every way takes some. roam: drivers without work wait
    near merchants."""

    name: str
    seed: int
    merchants: tuple[Merchant, ...]
    drivers: tuple[Driver, ...]
    customers: tuple[Customer, ...]
    orders: tuple[Order, ...]
    speed: float
    pickup_service: float
    dropoff_service: float
    currency: str = "USD"
    whole_minutes: bool = False
    roam: bool = True

    @property
    def starts(self) -> float:
        """The first thing that happens. A real day begins with hours in which nothing does."""
        return min(*(d.on for d in self.drivers), *(o.placed for o in self.orders), math.inf)


def fictional_phone(number: int) -> str:
    """One of the hundred US numbers kept for fiction (555-0100 to 555-0199); they repeat."""
    return f"+120255501{number % 100:02d}"


_MENU = ("Soup of the day", "Noodles", "Flatbread", "Rice bowl", "Salad", "Dumplings", "Curry", "Lemonade")
_RADIUS = 1_800.0  # metres
_PROMISED = 15 * MINUTE  # after it is ready
_MINUTES_PER_ORDER = 9.0  # of one driver's time; sets how long the rush must last for the drivers to cope


def generate(*, orders: int, drivers: int, merchants: int, seed: int) -> City:
    """A small city's dinner rush: quiet, busy, quiet. Raises ValueError when a count is below 1."""
    for name, count in (("orders", orders), ("drivers", drivers), ("merchants", merchants)):
        if count < 1:
            raise ValueError(f"a city needs at least one of each, but {name} is {count}")
    dice = random.Random(seed)  # noqa: S311 - a repeatable city, no secret
    rush = max(15 * MINUTE, orders / drivers * _MINUTES_PER_ORDER * MINUTE)
    places = tuple(Merchant(f"merchant-{n:03d}", _somewhere(dice, 0.6 * _RADIUS)) for n in range(1, merchants + 1))
    placed = sorted(rush * _busy_in_the_middle(dice) for _ in range(orders))
    return City(
        name=f"generated city, seed {seed}",
        seed=seed,
        merchants=places,
        drivers=tuple(_driver(dice, n, rush) for n in range(1, drivers + 1)),
        customers=tuple(_customer(dice, n) for n in range(1, orders + 1)),
        orders=tuple(_order(dice, n, at, dice.choice(places)) for n, at in enumerate(placed, 1)),
        speed=6.0,
        pickup_service=45.0,
        dropoff_service=45.0,
    )


def _somewhere(dice: random.Random, radius: float) -> Point:
    distance, angle = radius * math.sqrt(dice.random()), 2 * math.pi * dice.random()
    return offset(ORIGIN, distance * math.cos(angle), distance * math.sin(angle))


def _busy_in_the_middle(dice: random.Random) -> float:
    return dice.betavariate(2.0, 2.0)


def _driver(dice: random.Random, number: int, rush: float) -> Driver:
    """On duty within the first minutes, and past the rush for as long as the last orders may take."""
    habits = Habits(declines=0.06, lets_lapse=0.03, drops_out=0.015)
    contact = Contact(fictional_phone(number), sms=dice.random() > 0.2)
    on = dice.uniform(0, min(3 * MINUTE, rush / 4))
    return Driver(f"driver-{number:03d}", contact, _somewhere(dice, _RADIUS), on, rush + 120 * MINUTE, habits)


def _customer(dice: random.Random, number: int) -> Customer:
    contact = Contact(
        fictional_phone(number),
        locale=dice.choice(("en", "en", "es")),
        sms=dice.random() > 0.12,
        push=dice.random() > 0.08,
        device=dice.random() > 0.1,
        opted_out=dice.random() < 0.03,
    )
    return Customer(f"customer-{number:03d}", contact)


def _order(dice: random.Random, number: int, placed: float, merchant: Merchant) -> Order:
    dropoff = _somewhere(dice, _RADIUS)
    while metres(dropoff, merchant.at) < 150:
        dropoff = _somewhere(dice, _RADIUS)
    answer = dice.choices((Answer.CONFIRM, Answer.REJECT, Answer.SILENT), weights=(95, 3, 2))[0]
    return Order(
        customer=f"customer-{number:03d}",
        merchant=merchant.key,
        dropoff=dropoff,
        placed=placed,
        ready=placed + dice.uniform(4 * MINUTE, 12 * MINUTE),
        items=basket(dice),
        answer=answer,
        promised=_PROMISED,
        cancelled=placed + dice.uniform(0.5 * MINUTE, 10 * MINUTE) if dice.random() < 0.05 else None,
        absent=dice.random() < 0.02,
        patient=dice.random() < 0.7,
    )


def basket(dice: random.Random) -> tuple[Item, ...]:
    """One to three articles."""
    names = dice.sample(_MENU, dice.randint(1, 3))
    return tuple(Item(name, dice.randint(1, 3), 10 * dice.randint(35, 180) + 5) for name in names)
