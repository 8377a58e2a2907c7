"""Which changes reach the outbox: every one of a delivery or a driver, and none of what is learnt."""

import pytest

from services.dispatch.stack import CONCERNS_SOMEBODY
from tests.dispatch.rows import ZONE, Row, driver, driver_busy, off_duty, offered, searching
from tests.stream_filters import reaches


@pytest.mark.parametrize("row", [searching(), offered(), driver(), driver_busy(), off_duty(acceptance=0.95)])
def test_every_change_of_a_delivery_or_a_driver_reaches_the_outbox(row: Row) -> None:
    assert reaches([CONCERNS_SOMEBODY], None, row)


@pytest.mark.parametrize("pk", ["MERCHANT#merchant-1", f"AREA#{ZONE}", "FLEET"])
def test_what_is_learnt_does_not(pk: str) -> None:
    assert not reaches([CONCERNS_SOMEBODY], None, {"pk": pk, "sk": "READINESS", "version": 1})
