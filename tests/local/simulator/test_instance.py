"""A real day, read from an instance folder."""

from pathlib import Path

import pytest

from local.simulator.city import ORIGIN, Answer
from local.simulator.geometry import metres
from local.simulator.instance import InstanceError, read

FILES = {
    "orders.txt": "order\tx\ty\tplacement_time\trestaurant\tready_time\n"
    "o2\t300\t400\t20\trB\t35\n"
    "o1\t0\t0\t10\trA\t22\n",
    "couriers.txt": "courier\tx\ty\ton_time\toff_time\nc1\t100\t0\t5\t90\n",
    "restaurants.txt": "restaurant\tx\ty\nrA\t0\t1000\nrB\t2000\t0\n",
    "instance_parameters.txt": "meters_per_minute\tpickup service minutes\tdropoff service minutes\tpay\n"
    "320\t4\t2\t10\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_minutes_become_seconds_and_orders_come_in_time(folder: Path) -> None:
    city = read(folder)
    assert [(o.placed, o.ready) for o in city.orders] == [(600, 1320), (1200, 2100)]
    assert (city.drivers[0].on, city.drivers[0].off) == (300, 5400)
    assert (city.pickup_service, city.dropoff_service) == (240, 120)
    assert city.speed == pytest.approx(320 / 60)
    assert city.starts == 300


def test_metres_are_laid_out_around_the_fixed_point(folder: Path) -> None:
    city = read(folder)
    assert city.orders[0].dropoff == ORIGIN
    assert metres(ORIGIN, city.orders[1].dropoff) == pytest.approx(500, abs=0.5)
    north, east = city.merchants
    assert metres(north.at, ORIGIN) == pytest.approx(1000, abs=0.5)
    assert north.at.lat > ORIGIN.lat
    assert east.at.lng > ORIGIN.lng


def test_each_order_has_a_customer_and_its_restaurant(folder: Path) -> None:
    city = read(folder)
    assert {o.customer for o in city.orders} == {c.key for c in city.customers}
    assert [o.merchant for o in city.orders] == ["merchant-001", "merchant-002"]


def test_what_the_files_do_not_say_nobody_does(folder: Path) -> None:
    city = read(folder)
    assert all(o.answer is Answer.CONFIRM and o.cancelled is None and not o.absent for o in city.orders)
    assert all(d.habits.declines == d.habits.lets_lapse == d.habits.drops_out == 0 for d in city.drivers)


def test_reading_twice_gives_the_same_city(folder: Path) -> None:
    assert read(folder) == read(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("orders.txt", "300\t400", "300\tnorth", r"orders.txt, line 2: y is 'north', but must be a number"),
        ("orders.txt", "\t20\t", "\t-1\t", r"orders.txt, line 2: placement_time is -1, but must be at least 0"),
        ("orders.txt", "\t35\n", "\t19\n", r"orders.txt, line 2: ready_time 19 is before placement_time 20"),
        ("orders.txt", "rB", "rX", r"orders.txt, line 2: restaurant 'rX' is not in restaurants.txt"),
        ("orders.txt", "o1\t", "o2\t", r"orders.txt, line 3: order 'o2' is there already"),
        ("orders.txt", "o1\t", "\t", r"orders.txt, line 3: order '' is empty; each needs a name"),
        ("orders.txt", "\t22\n", "\n", r"orders.txt, line 3: 5 cells, but the header has 6"),
        ("orders.txt", "\tready_time", "", r"orders.txt, line 1: .*missing are ready_time"),
        ("couriers.txt", "\t90", "\t4", r"couriers.txt, line 2: off_time 4 is before on_time 5"),
        ("couriers.txt", "\t90", "\tinf", r"couriers.txt, line 2: off_time is inf, but must be finite"),
        ("couriers.txt", "c1\t100\t0\t5\t90\n", "", r"couriers.txt: has a header and nothing else"),
        ("instance_parameters.txt", "320", "0", r"meters_per_minute is 0, but must be at least 1"),
    ],
)
def test_bad_input_is_refused_with_file_line_and_what_is_right(
    folder: Path, file: str, old: str, new: str, says: str
) -> None:
    assert old in FILES[file]
    (folder / file).write_text(FILES[file].replace(old, new, 1))
    with pytest.raises(InstanceError, match=says):
        read(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "restaurants.txt").unlink()
    with pytest.raises(InstanceError, match=r"restaurants.txt cannot be read"):
        read(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InstanceError, match=r"nowhere is no folder; an instance is a folder with couriers.txt"):
        read(tmp_path / "nowhere")
