"""How writes are counted, and what an order's share comes to."""

from typing import Any

import pytest

from benchmarks.usage import Index, item_bytes, write_units

INDEX = [Index(("group", "key"))]
KEYS = [Index(("group", "key"), whole=False)]


def item(**attributes: Any) -> dict[str, Any]:
    return {name: {"S": value} for name, value in attributes.items()}


def test_an_item_is_as_large_as_its_names_and_values() -> None:
    assert item_bytes(item(pk="ORDER#1")) == 9
    assert item_bytes({"n": {"N": "1234"}, "on": {"BOOL": True}}) == 7
    assert item_bytes({"m": {"M": item(a="bc")}}) == 1 + 3 + 3 + 1
    assert item_bytes({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}) == 1 + 3 + 3 + 2


@pytest.mark.parametrize(
    ("old", "new", "units"),
    [
        (None, item(pk="a"), 1),
        (None, item(pk="a", group="g", key="1"), 2),  # the index gets it
        (item(pk="a", group="g", key="1"), item(pk="a", group="g", key="1", more="x"), 2),
        (item(pk="a", group="g", key="1"), item(pk="a", group="g", key="2"), 3),  # there it moves
        (item(pk="a", group="g", key="1"), item(pk="a"), 2),
        (item(pk="a", group="g", key="1"), None, 2),
        (item(pk="a"), item(pk="a", text="x" * 1024), 2),
    ],
)
def test_a_write_takes_units_for_its_size_and_its_indexes(old: Any, new: Any, units: int) -> None:
    assert write_units(old, new, INDEX) == units


@pytest.mark.parametrize(
    ("old", "new", "units"),
    [
        (None, item(pk="a", group="g", key="1", text="x" * 1024), 3),  # of the index, only the keys
        (item(pk="a", group="g", key="1"), item(pk="a", group="g", key="1", more="x"), 1),
        (item(pk="a", group="g", key="1"), item(pk="a", group="g", key="2"), 3),
    ],
)
def test_an_index_of_keys_is_written_when_they_change(old: Any, new: Any, units: int) -> None:
    assert write_units(old, new, KEYS) == units


def test_a_transaction_doubles_what_the_table_takes_and_not_what_indexes_take() -> None:
    assert write_units(None, item(pk="a", group="g", key="1"), INDEX, together=True) == 3
