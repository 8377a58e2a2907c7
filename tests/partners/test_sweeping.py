"""What is due again goes back into its partner's queue, whatever becomes of another partner's."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from services.partners.domain import Row
from services.partners.due import ENOUGH_S, NotSwept, sweep
from services.partners.table import PartnersTable
from tests.partners.fakes import Clock, Queues
from tests.partners.made import INDEXES, NOW, after, row
from tests.tables import moto_table

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTNERS = ("acme", "shop", "fleet")


class Refusing(Queues):
    """The queue of one partner is not there."""

    def queue(self, partner_id: str, row: Row, *, once: str) -> None:
        if partner_id == "acme":
            raise ClientError({"Error": {"Code": "AWS.SimpleQueueService.NonExistentQueue"}}, "SendMessage")
        super().queue(partner_id, row, once=once)


@pytest.fixture
def table() -> "Iterator[PartnersTable]":
    """Each partner's delivery waits, and was due a minute ago."""
    with moto_table("delivery-partners", INDEXES) as made:
        found = PartnersTable(made)
        for partner in PARTNERS:
            delivery = row() | {"pk": f"PARTNER#{partner}", "partner_id": partner}
            found.log(delivery)
            found.wait(delivery, NOW, now=NOW, code=500, problem="answered 500")
        yield found


def swept(table: PartnersTable, queues: Queues, **more: Any) -> dict[str, int]:
    deliveries: Any = queues
    return sweep(table, deliveries, PARTNERS, after(60), **more)


def test_what_is_due_is_queued_once(table: PartnersTable) -> None:
    queues = Queues(Clock())
    assert swept(table, queues) == dict.fromkeys(PARTNERS, 1)
    assert swept(table, queues) == {}
    assert sorted(partner for partner, _ in queues.turns) == sorted(PARTNERS)


def test_a_partner_for_whom_it_fails_keeps_no_other_waiting_and_is_swept_again(table: PartnersTable) -> None:
    refusing = Refusing(Clock())
    with pytest.raises(NotSwept, match="not swept: acme"):
        swept(table, refusing)
    assert {partner for partner, _ in refusing.turns} == {"shop", "fleet"}
    assert swept(table, Queues(Clock())) == {"acme": 1}


def test_what_there_was_no_time_for_is_the_next_sweep_s(table: PartnersTable) -> None:
    queues, moments = Queues(Clock()), iter([0.0, 0.0, ENOUGH_S + 1])
    assert len(swept(table, queues, clock=lambda: next(moments))) == 1
    assert len(swept(table, queues)) == 2
