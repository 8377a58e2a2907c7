"""An instance folder of the Meal Delivery Routing Problem: a real day, as its files say it.

Four tab-separated files, each with a header: orders.txt (order, x, y, placement_time, restaurant, ready_time),
couriers.txt (courier, x, y, on_time, off_time), restaurants.txt (restaurant, x, y), and instance_parameters.txt (metres
per minute, minutes of service at pick-up and at drop-off, and more that is not used here). x and y are metres, times
minutes.
"""

import math
from dataclasses import dataclass
from pathlib import Path

Place = tuple[float, float]


class InstanceError(ValueError):
    """The folder is no usable instance. The text names the file, the line, and what is right."""


@dataclass(frozen=True)
class Order:
    name: str
    at: Place
    placed: float
    restaurant: str
    ready: float


@dataclass(frozen=True)
class Courier:
    name: str
    at: Place
    on: float
    off: float


@dataclass(frozen=True)
class Day:
    """`speed`: metres per minute. `pickup_service`, `dropoff_service`: minutes. Orders and couriers as in the files."""

    name: str
    restaurants: dict[str, Place]
    orders: tuple[Order, ...]
    couriers: tuple[Courier, ...]
    speed: float
    pickup_service: float
    dropoff_service: float


@dataclass(frozen=True)
class _Line:
    file: Path
    number: int
    cells: dict[str, str]

    def fail(self, problem: str) -> InstanceError:
        return InstanceError(f"{self.file}, line {self.number}: {problem}")

    def number_of(self, column: str, *, least: float = -math.inf) -> float:
        try:
            value = float(self.cells[column])
        except ValueError:
            raise self.fail(f"{column} is {self.cells[column]!r}, but must be a number") from None
        if not math.isfinite(value) or value < least:
            allowed = f"at least {least:g}" if value < least else "finite"
            raise self.fail(f"{column} is {value:g}, but must be {allowed}")
        return value

    def place(self) -> Place:
        return self.number_of("x"), self.number_of("y")


def read(folder: Path) -> Day:
    """Raises InstanceError."""
    if not folder.is_dir():
        raise InstanceError(f"{folder} is no folder; an instance is a folder with {', '.join(sorted(_COLUMNS))}")
    parameters = _lines(folder, "instance_parameters.txt")[0]
    restaurants = _named(_lines(folder, "restaurants.txt"), "restaurant")
    orders = _named(_lines(folder, "orders.txt"), "order")
    couriers = _named(_lines(folder, "couriers.txt"), "courier")
    return Day(
        name=folder.resolve().name,
        restaurants={name: line.place() for name, line in restaurants.items()},
        couriers=tuple(_courier(name, line) for name, line in couriers.items()),
        orders=tuple(_order(name, line, restaurants) for name, line in orders.items()),
        speed=parameters.number_of("meters_per_minute", least=1),
        pickup_service=parameters.number_of("pickup service minutes", least=0),
        dropoff_service=parameters.number_of("dropoff service minutes", least=0),
    )


_COLUMNS = {
    "orders.txt": ("order", "x", "y", "placement_time", "restaurant", "ready_time"),
    "couriers.txt": ("courier", "x", "y", "on_time", "off_time"),
    "restaurants.txt": ("restaurant", "x", "y"),
    "instance_parameters.txt": ("meters_per_minute", "pickup service minutes", "dropoff service minutes"),
}


def _lines(folder: Path, name: str) -> list[_Line]:
    file = folder / name
    try:
        rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise InstanceError(f"{file} cannot be read: {error}") from error
    header = rows[0] if rows else []
    missing = [column for column in _COLUMNS[name] if column not in header]
    if missing:
        raise InstanceError(f"{file}, line 1: must be a tab-separated header; missing are {', '.join(missing)}")
    lines = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) == len(header):
            lines.append(_Line(file, number, dict(zip(header, row, strict=True))))
        elif any(cell.strip() for cell in row):
            raise InstanceError(f"{file}, line {number}: {len(row)} cells, but the header has {len(header)}")
    if not lines:
        raise InstanceError(f"{file}: has a header and nothing else; at least one line is needed")
    return lines


def _named(lines: list[_Line], column: str) -> dict[str, _Line]:
    found: dict[str, _Line] = {}
    for line in lines:
        name = line.cells[column]
        if not name or name in found:
            raise line.fail(f"{column} {name!r} " + ("is there already" if name else "is empty; each needs a name"))
        found[name] = line
    return found


def _courier(name: str, line: _Line) -> Courier:
    on, off = line.number_of("on_time", least=0), line.number_of("off_time", least=0)
    if off < on:
        raise line.fail(f"off_time {off:g} is before on_time {on:g}")
    return Courier(name, line.place(), on, off)


def _order(name: str, line: _Line, restaurants: dict[str, _Line]) -> Order:
    placed, ready = line.number_of("placement_time", least=0), line.number_of("ready_time", least=0)
    if ready < placed:
        raise line.fail(f"ready_time {ready:g} is before placement_time {placed:g}")
    if line.cells["restaurant"] not in restaurants:
        raise line.fail(f"restaurant {line.cells['restaurant']!r} is not in restaurants.txt")
    return Order(name, line.place(), placed, line.cells["restaurant"], ready)
