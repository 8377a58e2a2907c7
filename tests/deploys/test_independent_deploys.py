"""Each service is deployed alone while orders are in flight, and nobody notices.

Here in one order. All twenty-four of the four that carry an order: `python -m benchmarks.independent_deploys`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from infra import names
from infra.app import SERVICES
from local.trace.log_lines import read
from tests.deployed import Deployed
from tests.deploys.city import living
from tests.deploys.versions import Changed

pytestmark = pytest.mark.local_cloud

ORDERS = 24
CITY = ("--orders", str(ORDERS), "--drivers", "14", "--merchants", "6")


def published(deployed: Deployed, detail_type: str) -> dict[str, dict[str, Any]]:
    """Every event of a type on the bus so far, by its id."""
    logs = deployed.platform.aws.client("logs")
    lines = read(logs, names.EVENT_LOG, f'"{detail_type}"', 0)
    return {
        event["detail"]["metadata"]["event_id"]: event["detail"]
        for _, event in lines
        if event["detail-type"] == detail_type
    }


def test_services_are_deployed_one_by_one_with_orders_in_flight_and_nothing_is_lost_or_done_twice(
    deployed: Deployed, tmp_path: Path
) -> None:
    changed = Changed.of(deployed, tmp_path)
    before = {service: changed.code_of(service) for service in SERVICES}
    left, reports = list(SERVICES), list[dict[str, Any]]()
    try:
        while left:  # a city that comes to rest before all are deployed, on a slow machine, is followed by another
            (folder := tmp_path / f"city-{len(reports)}").mkdir()
            to_deploy = len(left)
            with living(deployed, folder, *CITY, "--seed", str(11 + len(reports))) as city:
                while left and city.is_under_way:
                    service = left.pop(0)
                    changed.deploy(changed.assembly, service)
                    assert changed.code_of(service) != before[service]
                reports.append(city.report())
            assert len(left) < to_deploy, "the city came to rest before anything was deployed: it must be larger"
    finally:
        changed.deploy(changed.present, *SERVICES)
    assert {service: changed.code_of(service) for service in SERVICES} == before
    assert [report["problems"] for report in reports] == [[] for _ in reports]
    assert {report["orders_placed"] for report in reports} == {ORDERS}

    # The new major version came beside the old one, for each order that was ready since.
    ready, again = published(deployed, "order.ready.v1"), published(deployed, "order.ready.v2")
    assert again
    assert not ready.keys() & again.keys()
    told = {detail["data"]["order_id"] for detail in ready.values()}
    assert {detail["data"]["order_id"] for detail in again.values()} <= told
    assert {json.dumps(detail["data"].get("bags")) for detail in again.values()} == {"1"}
