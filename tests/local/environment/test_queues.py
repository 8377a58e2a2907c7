"""Whose a queue is, by its name."""

import pytest

from infra import names
from local.environment.status import QueueStatus


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        (names.of("dispatch", "inbox"), True),
        (names.of("dispatch", f"rounds{names.FIFO}"), True),
        (names.of("dispatch", f"rounds{names.FAILURES}{names.FIFO}"), False),
        (names.of("partners", f"example-queue{names.FOR_PARTNER}{names.FIFO}"), False),
    ],
)
def test_the_platform_itself_empties_all_but_failure_queues_and_what_a_partner_reads(name: str, ours: bool) -> None:
    assert QueueStatus(name, waiting=1, in_flight=0, delayed=0).has_a_consumer == ours
