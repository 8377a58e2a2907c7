"""Lines of a log group, however many."""

from typing import Any

import pytest

from local.trace import log_lines


class CutOff:
    """CloudWatch Logs as the local cloud has it: the first three lines that match, and no word of more."""

    def __init__(self, *moments: int) -> None:
        self._lines: list[dict[str, Any]] = [
            {"timestamp": moment, "message": f'{{"number": {number}}}'} for number, moment in enumerate(moments)
        ]

    def get_paginator(self, _operation: str) -> "CutOff":
        return self

    def paginate(self, *, startTime: int, **_: Any) -> Any:  # noqa: N803 - AWS's name
        return [{"events": [line for line in self._lines if line["timestamp"] >= startTime][:3]}]


def numbers(logs: CutOff, since: float = 0) -> list[int]:
    return [content["number"] for _, content in log_lines.read(logs, "group", "", since)]


@pytest.fixture(autouse=True)
def small_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_lines, "_FULL", 3)


def test_an_answer_that_is_cut_off_is_gone_on_from_and_no_line_read_twice() -> None:
    assert numbers(CutOff(1, 2, 2, 3, 4, 4, 5)) == [0, 1, 2, 3, 4, 5, 6]


def test_more_lines_in_one_moment_than_an_answer_holds_do_not_go_on_for_ever() -> None:
    assert numbers(CutOff(1, 1, 1, 1, 2)) == [0, 1, 2]


def test_reading_starts_at_the_given_time() -> None:
    assert numbers(CutOff(1000, 2000, 3000), since=2) == [1, 2]
