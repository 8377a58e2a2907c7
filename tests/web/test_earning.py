"""What the driver's page adds up: all that was delivered or brought back today, on however many pages of the list."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.web.script import run

TODAY = """
import {{ doneSince, today }} from './driver/earned';
const pages = {pages};
const asked = [];
const more = async (after) => (asked.push(after), pages[Number(after)]);
const done = await doneSince({since}, pages[0], more);
console.log(JSON.stringify([done.map(({{ id }}) => id), asked]));
"""
SINCE = "2026-01-05T05:00:00.000Z"
BEFORE = "2026-01-05T04:59:59.999Z"


def ended(id_: str, *, delivered: str | None = None, returned: str | None = None) -> dict[str, Any]:
    return {"id": id_, "deliveredAt": delivered, "returnedAt": returned, "pay": {"amount": 490, "currency": "USD"}}


def page(number: int, *nodes: dict[str, Any], last: bool = False) -> dict[str, Any]:
    info = {"endCursor": str(number + 1) if nodes else None, "hasNextPage": not last}
    return {"edges": [{"node": node} for node in nodes], "pageInfo": info}


def done_today(tmp_path: Path, *pages: dict[str, Any], since: str = f"new Date('{SINCE}')") -> Any:
    return run(TODAY.format(pages=json.dumps(pages), since=since), tmp_path)


def test_what_was_brought_back_counts_as_what_was_delivered(tmp_path: Path) -> None:
    only = page(0, ended("a", returned=SINCE), ended("b", delivered=SINCE), ended("c", delivered=BEFORE), last=True)
    assert done_today(tmp_path, only) == [["a", "b"], []]


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        ([page(0, ended("a", delivered=SINCE)), page(1, ended("b", returned=SINCE), last=True)], [["a", "b"], ["1"]]),
        ([page(0, ended("a", delivered=SINCE), ended("b", returned=BEFORE))], [["a"], []]),
        ([page(0, ended("a", delivered=SINCE)), page(1, ended("b", delivered=BEFORE))], [["a"], ["1"]]),
        ([page(0, last=True)], [[], []]),
    ],
    ids=["to the end of the list", "to the day before", "which may be on the next page", "nothing was ever done"],
)
def test_pages_are_read_to_the_beginning_of_the_day(tmp_path: Path, pages: list[Any], found: list[Any]) -> None:
    assert done_today(tmp_path, *pages) == found


def test_a_day_begins_at_midnight(tmp_path: Path) -> None:
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    first, last = midnight.isoformat(), (midnight - timedelta(milliseconds=1)).isoformat()
    only = page(0, ended("a", delivered=first), ended("b", delivered=last), last=True)
    assert done_today(tmp_path, only, since="today()") == [["a"], []]
