"""A sweep that fails waits in its failure queue with the reason, and does what it had to do once it is redriven."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from infra import names
from services.partners.intake import new_delivery
from services.partners.table import PartnersTable
from tests.faults.cloud import Cloud, some_event, until

pytestmark = pytest.mark.local_cloud

SERVICES = ("orders", "dispatch", "partners")
PARTNER = "example-queue"


def sweep_of(service: str) -> str:
    return f"{service}-sweep{names.SCHEDULE}"


@contextmanager
def without_tables(cloud: Cloud) -> Iterator[None]:
    """The sweeps look for tables that are not there."""
    functions = cloud.client("lambda")
    right: dict[str, dict[str, str]] = {}
    for name in (names.of(service, "sweep") for service in SERVICES):
        right[name] = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        broken = right[name] | {"TABLE_NAME": "no-such-table"}
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": broken})
    try:
        yield
    finally:
        for name, variables in right.items():
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


def overdue(cloud: Cloud) -> dict[str, Any]:
    """A delivery that a partner's queue did not take, and that is due again."""
    now, table = datetime.now(UTC), PartnersTable(cloud.table("partners"))
    event = some_event("order.completed.v1", status="DELIVERED", merchant_id="example-merchant")
    delivery = new_delivery(PARTNER, event, now=now)
    table.log(delivery)
    table.wait(delivery, now, now=now, code=None, problem="ThrottlingException")
    return delivery


def test_a_sweep_that_fails_waits_with_its_reason_and_does_its_work_once_redriven(cloud: Cloud) -> None:
    with without_tables(cloud):
        delivery = overdue(cloud)
        for service in SERVICES:  # as the clock does it once a minute
            cloud.client("lambda").invoke(
                FunctionName=names.of(service, "sweep"), InvocationType="Event", Payload=json.dumps({"id": "a minute"})
            )
        reasons = {
            service: str(until(lambda s=service: cloud.failures(sweep_of(s)), bool)[0].reason)  # type: ignore[misc]
            for service in SERVICES
        }
        assert "not swept: " in reasons["partners"]
        assert all(
            "not authorized to perform: dynamodb:Query" in reasons[service] for service in ("orders", "dispatch")
        )
        code, left = cloud.redrive(sweep_of("partners"))  # nothing has changed: it stays, and the reason with it
        assert (code, left["redriven"]) == (1, 0)

    for service in SERVICES:
        code, redriven = cloud.redrive(sweep_of(service))
        assert (code, redriven["left"]) == (0, []), service
    pk, sk = delivery["pk"], delivery["sk"]
    state = until(
        lambda: cloud.table("partners").get_item(Key={"pk": pk, "sk": sk})["Item"]["state"], lambda s: s == "DELIVERED"
    )
    assert state == "DELIVERED"
