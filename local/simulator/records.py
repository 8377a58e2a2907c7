"""Reads what the platform holds after a run: its tables, its event log, its queues, and what its providers sent."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from infra import names
from local.alerts.provider_record import taken
from local.environment.status import queue_depths
from local.platform import Platform
from local.rows import row_of
from local.simulator.event_log import EventLog
from local.simulator.evidence import Records, SentAlert
from local.simulator.expected import Alert, Contact


class RecordStore:
    def __init__(self, platform: Platform) -> None:
        self._cloud_url = platform.cloud_url
        self._dynamodb = platform.aws.client("dynamodb")
        self._sqs = platform.aws.client("sqs")
        self._log = EventLog(platform.aws.client("logs"))

    def load(self, since: datetime) -> Records:
        """Everything, and the events since that moment.

        What waits for consumers is read first: if that is nothing, the rest holds what the last message came to."""
        unhandled = {q.name: q.waiting + q.in_flight for q in queue_depths(self._sqs) if q.has_a_consumer}
        told = list(self._rows("notifications"))
        return Records(
            orders={r["order_id"]: r["status"] for r in self._rows("orders") if r["sk"] == "ORDER"},
            deliveries=states(self._rows("dispatch")),
            alerts=[_alert(row) for row in told if row["sk"] == "ALERT"],
            contacts=contacts(told),
            events=self._log.since(since),
            messages=list(taken(self._cloud_url)),
            failures={q.name: q.waiting + q.in_flight + q.delayed for q in queue_depths(self._sqs) if q.holds_failures},
            unhandled=unhandled,
        )

    def _rows(self, service: str) -> Iterator[dict[str, Any]]:
        for page in self._dynamodb.get_paginator("scan").paginate(TableName=names.of(service), ConsistentRead=True):
            yield from map(row_of, page["Items"])


def _alert(row: dict[str, Any]) -> SentAlert:
    return SentAlert(
        alert=Alert(row["event_id"], row["recipient_id"], row["channel"]),
        order_id=row["order_id"],
        outcome=row["state"],
        reason=row.get("reason"),
        message_id=row.get("message_id"),
        decided_at=datetime.fromisoformat(row["occurred_at"]),
    )


def states(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Deliveries' states by id. A row without one is no delivery yet: its order was ready before it was heard of."""
    return {row["delivery_id"]: row["state"] for row in rows if row["sk"] == "DELIVERY" and "state" in row}


def contacts(rows: list[dict[str, Any]]) -> dict[str, Contact]:
    """How each recipient can be reached, out of the rows of contacts and devices."""
    profiles = {row["pk"].removeprefix("CONTACT#"): row for row in rows if row["sk"] == "CONTACT"}
    devices = {row["pk"].removeprefix("CONTACT#") for row in rows if row["sk"].startswith("DEVICE#")}
    return {who: _contact(profiles.get(who, {}), who in devices) for who in profiles.keys() | devices}


def _contact(row: dict[str, Any], device: bool) -> Contact:
    off = row.get("opted_out", set())
    return Contact(
        phone="phone" in row,
        device=device,
        sms=row.get("sms_on", True) and "SMS" not in off,
        push=row.get("push_on", True) and "PUSH" not in off,
    )
