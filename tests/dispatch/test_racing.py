"""Accepting, taking back and cancelling the same offer at the same moment: one wins, and both rows agree on which."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from delivery_events.envelope import rfc3339

from services.dispatch import domain
from services.dispatch.table import DispatchTable
from tests.api import Api, caller
from tests.dispatch.rows import DELIVERY_ID, NOW, OFFER, driver_offered, offered, put
from tests.tables import contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ROUNDS = 8
STANDING = OFFER | {"expires_at": rfc3339(datetime.now(UTC) + timedelta(hours=2))}
AFTERWARDS = {"ASSIGNED": "BUSY", "SEARCHING": "AVAILABLE", "CANCELLED": "AVAILABLE"}


@pytest.mark.parametrize("engine", [pytest.param("dynamodb-local", marks=pytest.mark.dynamodb_local)], indirect=True)
def test_of_several_answers_to_an_offer_one_wins_on_both_rows(api: Api, dynamo: "Table", table: DispatchTable) -> None:
    delivery = offered(offer=STANDING)
    arguments = {"offerId": "offer-1", "deliveryIds": [DELIVERY_ID]}

    def ask(mutation: str) -> bool:
        return api.call(caller("driver-1", "driver"), mutation, **arguments).error is None

    answers: list[Callable[[], bool]] = [
        lambda: ask("acceptOffer"),
        lambda: ask("declineOffer"),
        lambda: table.expire_offer(delivery, now=NOW, caused_by="timer"),
        lambda: table.cancel(delivery, now=NOW, caused_by="event"),
    ]
    with ThreadPoolExecutor(len(answers)) as pool:
        for _ in range(ROUNDS):
            put(dynamo, delivery, driver_offered())
            start = Barrier(len(answers))
            won = list(pool.map(lambda answer, start=start: start.wait() >= 0 and answer(), answers))
            rows = contents(dynamo)
            kept, freed = rows[f"DELIVERY#{DELIVERY_ID}", "DELIVERY"], rows["DRIVER#driver-1", "DRIVER"]
            assert won.count(True) == 1
            assert str(domain.state_of(freed)) == AFTERWARDS[kept["state"]]
            assert (kept["sequence"], freed["sequence"]) == (delivery["sequence"] + 1, driver_offered()["sequence"] + 1)
